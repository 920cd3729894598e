import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import { createReplayableStore } from '../../lambdas/stores/dynamodb/replayable.ts';
import { anEvent } from '../support/sender.ts';

// Doubled: the events, which are kept for 30 days here, and the log, which is kept for seven.

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
const LOG_MS = 7 * DAY;

function setUp() {
  const events: { id: string; enqueued_ms: number }[] = [];
  const latest = new Map<string, LatestAttempt>();
  const store = createReplayableStore(
    {
      oldestFirst: async () => ({
        items: events.map((event) => ({
          event: anEvent(event),
          matches: [{ subscription: 'sub_1', format: 'standard' }],
        })),
      }),
    },
    { latestBetween: async () => latest },
    () => NOW,
    LOG_MS,
  );
  return {
    add: (ageMs: number, outcome?: LatestAttempt['outcome']): string => {
      const enqueued_ms = NOW - ageMs;
      const id = `evt_${ulid(enqueued_ms)}`;
      events.push({ id, enqueued_ms });
      if (outcome) latest.set(id, { outcome, attempted_ms: enqueued_ms, format: 'standard' });
      return id;
    },
    page: async (outcomes?: ('pending' | 'exhausted')[]) => {
      const query = { organization: 'org_1', subscription: 'sub_1', since_ms: 0, until_ms: NOW };
      const { deliveries } = await store.page({ ...query, ...(outcomes ? { outcomes } : {}) }, undefined);
      return deliveries.map(({ event }) => event.id);
    },
  };
}

describe('what a replay takes', () => {
  it('is a delivery that the log knows nothing of, while the log must still know of every attempt', async () => {
    const { add, page } = setUp();
    add(8 * DAY);
    const lost = add(6 * DAY);

    expect(await page()).toEqual([lost]);
    expect(await page(['pending'])).toEqual([lost]);
  });

  it('is an older one too, if the log still says how it stands', async () => {
    const { add, page } = setUp();
    const exhausted = add(8 * DAY, 'exhausted');

    expect(await page()).toEqual([exhausted]);
    expect(await page(['exhausted'])).toEqual([exhausted]);
  });
});
