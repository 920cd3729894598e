import type { Principal } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import type { QuotaStore } from '../../stores/quotas.ts';

const DAY_MS = 86_400_000;

export interface RepeatsDeps {
  quotas: Pick<QuotaStore, 'count'>;
  /** Deliveries a day that keys of one organization may have sent again. */
  most: () => number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Counts deliveries that a customer's key asks for beyond the events of its organization: each costs four attempts and their
 * lines at worst, and asking costs the customer nothing. Call it before anything is done. Staff are not counted.
 * @throws Problem `rate-limited`, with the seconds until midnight UTC.
 */
export type CountRepeats = (principal: Principal, deliveries: number) => Promise<void>;

export function createRepeats({ quotas, most, now }: RepeatsDeps): CountRepeats {
  return async ({ organization }, deliveries) => {
    if (organization === undefined || deliveries === 0) return;
    const name = `repeats#${organization}`;
    const day = Math.floor(now() / DAY_MS);
    if ((await quotas.count(name, day, deliveries)) <= most()) return;
    // What is refused was not sent: others of the same day may still be.
    await quotas.count(name, day, -deliveries);
    throw new Problem(
      'rate-limited',
      `Expected at most ${most()} replays, redeliveries and pings a day (UTC). Ask for fewer, or ask the operators for a higher limit.`,
      { retryAfterSeconds: Math.ceil(((day + 1) * DAY_MS - now()) / 1000) },
    );
  };
}
