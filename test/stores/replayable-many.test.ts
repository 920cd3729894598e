import { describe, expect, it } from 'vitest';
import { EVERY } from '../../lambdas/domain/delivery/replay.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import { createReplayableManyStore } from '../../lambdas/stores/dynamodb/replayable-many.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import { anEvent } from '../support/sender.ts';

// How a filter is walked. Doubled: the tables, which hand out two events at a time.

const NOW = 1_700_000_000_000;
const idOf = (n: number): string => `evt_${String(n).padStart(26, '0')}`;
const isSent = async () => true;

/** @param matched subscriptions of each event, by organization. */
function setUp(matched: Record<string, string[][]>) {
  const organizations = Object.keys(matched).sort();
  const asked: string[] = [];
  const store = createReplayableManyStore({
    events: {
      oldestFirst: async (organization, { from, to }) => {
        const all = matched[organization]!.map((subscriptions, n) => ({
          event: anEvent({ id: idOf(n), organization, enqueued_ms: NOW }),
          matches: subscriptions.map((subscription): Match => ({ subscription, format: 'standard' })),
        })).filter(({ event }) => event.id >= from && event.id <= to);
        return { items: all.slice(0, 2), ...(all.length > 2 ? { next: all[1]!.event.id } : {}) };
      },
    },
    attempts: {
      latestBetween: async (subscription, from, to) => {
        asked.push(`${subscription} ${from.slice(-2)}-${to.slice(-2)}`);
        const latest: LatestAttempt = { outcome: 'exhausted', attempted_ms: NOW, format: 'thin', status: 500 };
        return new Map(Array.from({ length: 20 }, (_, n) => [idOf(n), latest]));
      },
    },
    replayable: { one: async () => undefined },
    organizations: { names: async (after = '', count) => organizations.filter((one) => one > after).slice(0, count) },
    now: () => NOW,
    logMs: Infinity,
  });
  const query = { organization: EVERY, subscription: EVERY, since_ms: 0, until_ms: 2 ** 48 - 1 };
  return { store, query, asked };
}

describe('a walk through the deliveries of many subscriptions', () => {
  it('comes by each once, of each organization oldest first', async () => {
    const { store, query } = setUp({
      a: [['sub_2', 'sub_1'], ['sub_1'], ['sub_1']],
      b: [],
      c: [['sub_3'], [], ['sub_3']],
    });

    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.page(query, after, isSent);
      found.push(
        ...page.deliveries.map(
          ({ organization, event, subscription }) => `${organization} ${event.id.slice(-1)} ${subscription}`,
        ),
      );
      after = page.next;
    } while (after !== undefined);

    expect(found).toEqual(['a 0 sub_1', 'a 0 sub_2', 'a 1 sub_1', 'a 2 sub_1', 'c 0 sub_3', 'c 2 sub_3']);
  });

  it('goes on behind any delivery, also between two of one event', async () => {
    const { store, query } = setUp({ a: [['sub_1', 'sub_2', 'sub_3'], ['sub_1']] });
    const { deliveries } = await store.page(query, undefined, isSent);

    for (const [n, { place }] of deliveries.entries()) {
      const rest = await store.page(query, place, isSent);
      expect(rest.deliveries).toEqual(deliveries.slice(n + 1));
    }
  });

  it('is cut where one event went to thousands', async () => {
    const { store, query } = setUp({
      a: [Array.from({ length: 1_200 }, (_, n) => `sub_${String(n).padStart(4, '0')}`)],
    });

    const sizes: number[] = [];
    let after: string | undefined;
    do {
      const page = await store.page(query, after, isSent);
      sizes.push(page.deliveries.length);
      after = page.next;
    } while (after !== undefined);

    expect(sizes).toEqual([500, 500, 200]);
  });

  it('asks the log once for each subscription of a page', async () => {
    const { store, query, asked } = setUp({ a: [['sub_1', 'sub_2'], ['sub_1']] });

    await store.page(query, undefined, isSent);

    expect(asked.sort()).toEqual(['sub_1 00-01', 'sub_2 00-00']);
  });

  it('ends a page that finds nothing, to be gone on with', async () => {
    const { store, query } = setUp({ a: Array.from({ length: 60 }, () => []) });

    const { deliveries, next } = await store.page(query, undefined, isSent);

    expect(deliveries).toEqual([]);
    expect(next).toBeDefined();
  });
});
