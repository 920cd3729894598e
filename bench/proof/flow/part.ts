import { setTimeout as pause } from 'node:timers/promises';
import type { JsonAnswer, Posthorn } from '../../../test/support/posthorn.ts';

/** Something that goes on beside the events of the flow. */
export interface Part {
  /** Called at each look. @param share of the events that are accepted, 0 to 1. */
  step?: (share: number) => void;
  /** What is still to come, in words, once all events are accepted and queues are empty; the clock is moved until nothing is. */
  missing: () => Promise<string[]>;
  /**
   * Whether the api has a request of it in hand that takes two steps of seconds at most, and between them the clock must stand:
   * recovery takes a replay for one that never was where its row does not follow its message within half a minute.
   */
  inHand?: () => boolean;
}

/** Of a call whose function dies, or whom AWS fails: for minutes, where nobody may use a table. */
const TRIES = 200;
const AGAIN_MS = 250;
const LONGEST_MS = 2000;

/**
 * Calls until the api has answered for good.
 * @param done the status that ends it. @param signal the flow is over: nobody waits for the answer any more.
 * @throws when it never does.
 */
export async function insist<T>(
  { call }: Posthorn,
  method: string,
  path: string,
  { done = 200, signal }: { done?: number; signal: AbortSignal },
): Promise<JsonAnswer<T>> {
  let last: unknown;
  for (let tries = 1; tries <= TRIES && !signal.aborted; tries++) {
    const answer = await call<T>(method, path).catch((error: unknown) => void (last = error));
    if (answer?.status === done) return answer;
    if (answer) last = answer.status;
    await pause(Math.min(tries * AGAIN_MS, LONGEST_MS));
  }
  throw new Error(`${method} ${path}: expected ${done}, got ${String(last)} after ${TRIES} tries.`);
}
