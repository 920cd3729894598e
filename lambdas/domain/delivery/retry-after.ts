/** Longest wait that a customer's Retry-After may ask for, seconds: later than that the customer's data is stale. */
export const RETRY_AFTER_CEILING_SECONDS = 900;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
/** The three forms that RFC 9110 §5.6.7 has every recipient accept: IMF-fixdate, rfc850-date, asctime-date. */
const HTTP_DATES = [
  new RegExp(`^${DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * Seconds that a Retry-After header (RFC 9110 §10.2.3) asks to wait, 0 to `ceiling`: whole seconds, or an HTTP date.
 * Undefined for anything else, so that the schedule's own wait applies. The caller raises a wait shorter than the
 * schedule's own.
 * @param nowMs milliseconds since the epoch, for dates.
 * @param ceiling seconds; by default for one delivery.
 */
export function retryAfterSeconds(
  header: string | undefined,
  nowMs: number,
  ceiling = RETRY_AFTER_CEILING_SECONDS,
): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), ceiling);
  const date = readHttpDate(text, nowMs);
  if (date === undefined) return undefined;
  return Math.min(Math.max(Math.ceil((date - nowMs) / 1000), 0), ceiling);
}

/** Milliseconds since the epoch; undefined when it is no HTTP date, or none that the calendar has. */
function readHttpDate(text: string, nowMs: number): number | undefined {
  const parts = HTTP_DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map((name) => Number(parts[name]));
  const month = MONTHS.indexOf(parts['month']!);
  const inYear = (year: number): number => Date.UTC(year, month, day, hour, minute, second);
  const year = parts['year']!.length === 4 ? Number(parts['year']) : wholeYear(Number(parts['year']), inYear, nowMs);
  const isReal = new Date(inYear(year)).getUTCDate() === day && hour! < 24 && minute! < 60 && second! <= 60;
  return isReal ? inYear(year) : undefined;
}

/** RFC 9110 §5.6.7: what seems to be more than 50 years ahead is the latest past year with the same two digits. */
function wholeYear(digits: number, inYear: (year: number) => number, nowMs: number): number {
  const now = new Date(nowMs);
  const limit = new Date(nowMs).setUTCFullYear(now.getUTCFullYear() + 50);
  const century = now.getUTCFullYear() - (now.getUTCFullYear() % 100);
  const candidates = [century + 100 + digits, century + digits, century - 100 + digits];
  return candidates.find((year) => inYear(year) <= limit)!;
}
