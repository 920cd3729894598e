import { ulid } from '../support/ulid.ts';
import { describe, expect, it } from 'vitest';
import type { Replayable } from '../../lambdas/domain/delivery/replay.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import { createReplayableStore } from '../../lambdas/stores/dynamodb/replayable.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import type { Wants } from '../../lambdas/stores/replayable.ts';
import { anEvent } from '../support/sender.ts';

// Doubled: the events, which are kept for 30 days here, and the log, which is kept for seven.

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
const LOG_MS = 7 * DAY;

function setUp() {
  const events: { id: string; enqueued_ms: number; type?: string; matches: Match[] }[] = [];
  const latest = new Map<string, LatestAttempt>();
  const store = createReplayableStore(
    {
      oldestFirst: async () => ({
        items: events.map(({ matches, ...event }) => ({ event: anEvent(event), matches })),
      }),
    },
    { latestBetween: async () => latest },
    () => NOW,
    LOG_MS,
  );
  return {
    add: (
      ageMs: number,
      outcome?: LatestAttempt['outcome'],
      matches: Match[] = [{ subscription: 'sub_1', format: 'standard' }],
      type = 'visit.ended',
    ): string => {
      const enqueued_ms = NOW - ageMs;
      const id = `evt_${ulid(enqueued_ms)}`;
      events.push({ id, enqueued_ms, matches, type });
      if (outcome) latest.set(id, { outcome, attempted_ms: enqueued_ms, format: 'standard' });
      return id;
    },
    page: async (outcomes?: Replayable[], wants?: Wants) => {
      const query = { organization: 'org_1', subscription: 'sub_1', since_ms: 0, until_ms: NOW };
      const { deliveries } = await store.page({ ...query, id: 'rpl_1', outcomes }, undefined, wants);
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

describe('what a subscription has missed', () => {
  const DAY_AGO = DAY;
  const wantsEnded: Wants = ({ type }) => (type === 'visit.ended' ? 'thin' : undefined);
  const of = (subscription: string, replay?: string): Match[] => [{ subscription, format: 'standard', replay }];

  it('is what matches it now and never was for it, whoever else got it; a ping never', async () => {
    const { add, page } = setUp();
    add(DAY_AGO, 'delivered');
    add(DAY_AGO);
    const others = add(DAY_AGO, undefined, of('sub_2'));
    const nobodys = add(DAY_AGO, undefined, []);
    add(DAY_AGO, undefined, [], 'shift.created');
    add(DAY_AGO, undefined, [], 'ping');

    expect((await page(['missed'], wantsEnded)).sort()).toEqual([others, nobodys].sort());
  });

  it('can be older than the log', async () => {
    const { add, page } = setUp();
    const old = add(20 * DAY, undefined, []);

    expect(await page(['missed'], wantsEnded)).toEqual([old]);
  });

  it('is not taken unless it is asked for, and comes beside what else is asked for', async () => {
    const { add, page } = setUp();
    const missed = add(DAY_AGO, undefined, []);
    const exhausted = add(DAY_AGO, 'exhausted');

    expect(await page(undefined, wantsEnded)).toEqual([exhausted]);
    expect((await page(['missed', 'exhausted'], wantsEnded)).sort()).toEqual([missed, exhausted].sort());
    expect(await page(['missed'])).toEqual([]);
  });

  it('is gone on with by the replay that has noted it before, and by no other', async () => {
    const { add, page } = setUp();
    const own = add(DAY_AGO, undefined, of('sub_1', 'rpl_1'));
    add(DAY_AGO, undefined, of('sub_1', 'rpl_0'));

    expect(await page(['missed'], wantsEnded)).toEqual([own]);
  });
});
