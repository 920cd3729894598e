import { describe, expect, it } from 'vitest';
import type { Delivery, Statistics, Subscription } from '../../src/api/types.ts';
import { candidatesOf, topFailing } from '../../src/pages/overview/failing.ts';

const failure = (subscription_id: string): Delivery => ({
  event_id: 'evt_1',
  subscription_id,
  organization: 'org_1',
  type: 'visit.ended',
  accepted_at: '2026-11-29T08:15:00.000Z',
  outcome: 'exhausted',
  url: `https://${subscription_id}.example/`,
});
const tries = (total: number, delivered: number) =>
  ({ total, outcomes: { delivered } }) as unknown as Statistics['total']['tries'];

describe('the endpoints that fail most', () => {
  it('are looked for among those of the newest failures first, then those in trouble, ten at most', () => {
    const troubled = Array.from(
      { length: 30 },
      (_, n) => ({ id: n === 0 ? 'b' : `t${n}`, organization: 'org_2', url: 'https://t.example/' }) as Subscription,
    );

    const found = candidatesOf([failure('a'), failure('b'), failure('b')], troubled);

    expect(found.map(({ subscription }) => subscription).slice(0, 4)).toEqual(['b', 'a', 't1', 't2']);
    expect(found).toHaveLength(10);
    expect(found[0]).toEqual({ subscription: 'b', organization: 'org_1', url: 'https://b.example/' });
  });

  it('are fetched where they have no URL', () => {
    const fetched = { id: 'b', organization: 'org_1', delivery: 'pull', url: '' } as Subscription;

    const found = candidatesOf([{ ...failure('a'), url: '' }], [fetched]);

    expect(found.map(({ url }) => url)).toEqual(['fetched', 'fetched']);
  });

  it('are those with the most failed tries, five of them, and none that does not fail', () => {
    const counted = [3, 0, 9, 1, 2, 5, 4].map((failed, n) => ({
      of: { subscription: `s${n}`, organization: 'org_1', url: '' },
      tries: tries(100, 100 - failed),
    }));

    expect(topFailing(counted).map(({ failed }) => failed)).toEqual([9, 5, 4, 3, 2]);
    expect(topFailing(counted.slice(1, 2))).toEqual([]);
  });
});
