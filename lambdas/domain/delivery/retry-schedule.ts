import { MAX_ATTEMPTS } from '../limits.ts';
import { RETRY_AFTER_CEILING_SECONDS } from './retry-after.ts';

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

/** On top of what Retry-After asks for: not before it, and not all in the same moment. */
const RETRY_AFTER_JITTER = 0.2;

/**
 * All waits together, in parts of their sum: at their longest 1.2 of it, 300 s by default, less 5 s in which SQS hands
 * the message out. A try that ran into its timeout (30 s at most) shortens the waits behind it, so that the 4th try begins
 * within 300 s of the first.
 */
const WINDOW = 1.18;

/** When a delivery's first try, and the one that has just failed, took place; milliseconds since the epoch. */
export interface TryTimes {
  /** SQS handed its message out for the first time. */
  firstMs: number;
  beganMs: number;
  endedMs: number;
}

/**
 * When the attempt after number `attempt` (1 to 3) is due, milliseconds since the epoch. Waits count from the start of
 * the previous try, so a timeout adds nothing to them; if a try took longer than the wait, the next one follows at
 * once.
 * @param retryAfterSeconds what the customer's `Retry-After` asked for, counted from its answer: it can only raise the
 *   wait, to 15 minutes and the jitter on top of it.
 * @param random from 0 up to 1.
 */
export function retryAt(
  delays: RetryDelays,
  attempt: number,
  { firstMs, beganMs, endedMs }: TryTimes,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  const ownMs = 1000 * (delays[Math.min(attempt, delays.length) - 1] ?? delays[0]);
  const latestMs = firstMs + 1000 * WINDOW * delays.reduce((sum, delay) => sum + delay);
  const jitteredMs = beganMs + ownMs * (1 - JITTER + 2 * JITTER * random);
  // Never less than the shortest wait: behind a long Retry-After the window is over, which is no reason to hurry.
  const scheduledMs = Math.max(Math.min(jitteredMs, latestMs), beganMs + ownMs * (1 - JITTER));
  const askedSeconds = Math.min(retryAfterSeconds ?? 0, RETRY_AFTER_CEILING_SECONDS);
  const askedMs = endedMs + 1000 * askedSeconds * (1 + RETRY_AFTER_JITTER * random);
  return Math.round(Math.max(scheduledMs, askedMs));
}
