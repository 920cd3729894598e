import { Problem } from '../../domain/problem.ts';
import type { QuotaStore } from '../../stores/quotas.ts';

/**
 * Whoever waits holds a function that does nothing, out of the account's share: 37 requests a second that waited 27 s each
 * took all of it. So nobody waits longer than this, and a key waits for one thing of a kind at a time.
 */
export const LONGEST_WAIT_SECONDS = 10;

export interface WaitingDeps {
  /** Who waits. */
  quotas: Pick<QuotaStore, 'take' | 'free'>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Waits for something on behalf of a key.
 * @param what names it, in one word.
 * @throws Problem rate-limited when the key waits for such a thing already; nothing is done then.
 */
export async function waiting<T>(
  what: 'ping' | 'feed',
  keyId: string,
  { quotas, now }: WaitingDeps,
  wait: () => Promise<T>,
): Promise<T> {
  const name = `${what}#${keyId}`;
  const holder = String(now());
  if (!(await quotas.take(name, holder, { places: 1, seconds: LONGEST_WAIT_SECONDS + 5 }))) {
    throw new Problem(
      'rate-limited',
      `Expected one waiting ${what} per API key at a time, and one is under way. Leave out \`wait\`, or try again when it has ended.`,
      { retryAfterSeconds: LONGEST_WAIT_SECONDS },
    );
  }
  try {
    return await wait();
  } finally {
    // Not freed, the place ends by itself.
    await quotas.free(name, holder, 1).catch(() => undefined);
  }
}
