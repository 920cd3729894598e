/** Longest wait that a customer's Retry-After may ask for, seconds: later than that the customer's data is stale. */
export const RETRY_AFTER_CEILING_SECONDS = 900;

// IMF-fixdate, the one form that RFC 9110 §5.6.7 lets senders generate. The two obsolete forms are ignored.
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Seconds that a Retry-After header (RFC 9110 §10.2.3) asks to wait, 0 to {@link RETRY_AFTER_CEILING_SECONDS}: whole
 * seconds, or an HTTP date. Undefined for anything else, so that the schedule's own wait applies. The caller raises a
 * wait shorter than the schedule's own.
 * @param nowMs milliseconds since the epoch, for dates.
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), RETRY_AFTER_CEILING_SECONDS);
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(Math.ceil((date - nowMs) / 1000), 0), RETRY_AFTER_CEILING_SECONDS);
}
