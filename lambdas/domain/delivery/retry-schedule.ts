import { RETRY_AFTER_CEILING_SECONDS } from './retry-after.ts';

/**
 * Receives of one message before the queue's redrive policy moves it away: 1 try and 3 retries. The same number stands
 * in the queues' `maxReceiveCount` (a test compares the two); the receive count is the attempt's number.
 */
export const MAX_ATTEMPTS = 4;

/** Seconds before the 2nd, 3rd and 4th attempt, before jitter. */
export type RetryDelays = readonly [number, number, number];

/** ±20 %: deliveries that failed together do not come back together. */
const JITTER = 0.2;

/**
 * Reads `RETRY_DELAYS`.
 * @throws when it is not exactly three numbers of seconds from 0 to 900.
 */
export function parseRetryDelays(text: string): RetryDelays {
  const delays = text.split(',').map((part) => (/^\s*\d+(\.\d+)?\s*$/.test(part) ? Number(part) : NaN));
  if (delays.length !== MAX_ATTEMPTS - 1 || !delays.every((delay) => delay <= RETRY_AFTER_CEILING_SECONDS)) {
    throw new Error(
      `Retry delays: expected ${MAX_ATTEMPTS - 1} numbers of seconds from 0 to ${RETRY_AFTER_CEILING_SECONDS}, like 10,60,180; got ${JSON.stringify(text)}.`,
    );
  }
  return delays as unknown as RetryDelays;
}

/**
 * Whole seconds until the attempt after number `attempt` (1 to 3).
 * @param retryAfterSeconds what the customer's `Retry-After` asked for: it can only raise the wait, up to 15 minutes.
 * @param random from 0 up to 1.
 */
export function retryDelay(
  delays: RetryDelays,
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  const own = delays[Math.min(attempt, delays.length) - 1] ?? delays[0];
  const jittered = own * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterSeconds ?? 0, RETRY_AFTER_CEILING_SECONDS)));
}
