import { ulid } from '../support/ulid.ts';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { startLog, NOW, MINUTE, store, fresh, attempt } from './attempts-support.ts';

startLog();

describe('exhausted deliveries of a subscription', () => {
  const deliveries = async (...lines: Partial<Attempt>[][]): Promise<{ subscription: string; ids: string[] }> => {
    const subscription_id = fresh('sub');
    const ids = lines.map((_, n) => `evt_${ulid(NOW - (lines.length - n) * MINUTE)}`);
    const attempts = lines.flatMap((of, n) =>
      of.map((line, k) => attempt({ subscription_id, event_id: ids[n]!, attempted_ms: NOW - MINUTE + k, ...line })),
    );
    await store.append(attempts);
    return { subscription: subscription_id, ids };
  };
  const exhausted = { outcome: 'exhausted' as const, status: 503 };

  it('are those whose newest line says so, oldest first, from an event on', async () => {
    const { subscription, ids } = await deliveries(
      [exhausted],
      [{ outcome: 'failed' }, exhausted],
      [exhausted, { outcome: 'delivered' }],
      [{ ...exhausted, automatic: 1 }],
    );

    const page = await store.exhausted(subscription, ids[1]!);

    expect(page.found).toMatchObject([
      { event_id: ids[1], status: 503 },
      { event_id: ids[3], automatic: 1 },
    ]);
    expect(page.next).toBeUndefined();
  });

  it('are none that are over, that failed for a reason of ours, or that are pings', async () => {
    const { subscription, ids } = await deliveries(
      [{ ...exhausted, final: true }],
      [{ ...exhausted, fault: 'platform' }],
      [{ ...exhausted, type: 'ping' }],
    );

    expect((await store.exhausted(subscription, ids[0]!)).found).toEqual([]);
  });

  it('are found in a long log page by page, and a delivery whose lines two pages hold is judged by its newest', async () => {
    const { subscription, ids } = await deliveries(
      ...Array.from({ length: 60 }, () => [exhausted, exhausted, exhausted, { outcome: 'delivered' as const }]),
      [exhausted],
    );

    const first = await store.exhausted(subscription, ids[0]!);
    expect(first.found).toEqual([]);
    const second = await store.exhausted(subscription, first.next!);

    expect(second.found.map(({ event_id }) => event_id)).toEqual([ids.at(-1)]);
    expect(second.next).toBeUndefined();
  });
});
