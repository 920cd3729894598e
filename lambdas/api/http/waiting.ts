import type { Principal } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import { API_SECONDS } from '../../domain/limits.ts';
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
  return thenFree(wait, () => quotas.free(name, holder, 1));
}

/** Gives a place back behind what it was taken for. */
async function thenFree<T>(work: () => Promise<T>, free: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } finally {
    // Not freed, the place ends by itself.
    await free().catch(() => undefined);
  }
}

/**
 * What replays would send is counted for 20 s at most, each time in a function of its own: so the keys of an organization have
 * only so many counted at a time. Staff's keys are nobody's to be protected from.
 */
const COUNTINGS = 3;

/**
 * @returns undefined when the caller's organization has as many counted as it may: nothing is done then. When nobody can tell,
 *   it is counted.
 */
export async function countingIfFree<T>(
  { organization }: Principal,
  { quotas, now }: WaitingDeps,
  count: () => Promise<T>,
): Promise<T | undefined> {
  if (organization === undefined) return count();
  const name = `count#${organization}`;
  const holder = String(now());
  // Longer than any counting takes.
  const place = { places: COUNTINGS, seconds: API_SECONDS };
  if (!(await quotas.take(name, holder, place).catch(() => true))) return undefined;
  return thenFree(count, () => quotas.free(name, holder, COUNTINGS));
}

/**
 * The same for whoever cannot go on without the count.
 * @throws Problem rate-limited
 */
export async function counting<T>(principal: Principal, deps: WaitingDeps, count: () => Promise<T>): Promise<T> {
  const counted = await countingIfFree(principal, deps, count);
  if (counted !== undefined) return counted;
  throw new Problem(
    'rate-limited',
    `Expected at most ${COUNTINGS} replays or dry runs of one organization to be counted at a time. Try again when one has ended.`,
    { retryAfterSeconds: LONGEST_WAIT_SECONDS },
  );
}
