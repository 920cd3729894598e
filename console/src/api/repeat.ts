import { ApiError } from './client.ts';

/** How often a question is repeated that did not arrive, or failed on the API's side. */
const TIMES = 2;
/** How often one is that came too soon: more than one tab may be waiting. */
const TIMES_TOO_SOON = 3;
/** Who has to wait longer than this is told so instead, seconds. */
const LONGEST_SECONDS = 30;
/** Where the API does not say for how long, seconds. */
const UNSAID_SECONDS = 1;

/** Whether a question is asked once more; what the API refuses, it refuses again. @param count how often it has been. */
export function isRepeated(count: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return count < TIMES;
  if (error.status === 429) return count < TIMES_TOO_SOON && waitOf(error) <= LONGEST_SECONDS;
  return count < TIMES && (error.status === 0 || error.status >= 500);
}

/** How long until then, milliseconds: for as long as the API asks, else twice as long each time. */
export function repeatDelay(count: number, error: Error): number {
  const isTooSoon = error instanceof ApiError && error.status === 429;
  return 1000 * (isTooSoon ? waitOf(error) : 2 ** count);
}

const waitOf = ({ retryAfter = UNSAID_SECONDS }: ApiError): number => retryAfter;
