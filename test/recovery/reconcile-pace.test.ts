import { describe, expect, it } from 'vitest';
import { reconcile, type ReconcileDeps } from '../../lambdas/recovery/reconcile.ts';
import type { RecordedEvent } from '../../lambdas/stores/events.ts';
import { anEvent } from '../support/sender.ts';

// Doubled: the tables, which take a moment of a made-up clock for each call, as DynamoDB does and the emulator does not.
// Source of 5 ms: a GetItem or Query of a few rows takes single-digit milliseconds
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html).

const CALL_MS = 5;
/** A page of a hundred events of all organizations: four rounds, each a query of ten shards and a read of what they name. */
const LIST_MS = 8 * CALL_MS;
const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A clock that moves on when everybody waits for it. */
function createVirtualClock() {
  let now = NOW;
  const waiting = new Map<number, (() => void)[]>();
  let pumping = false;
  const pump = (): void => {
    const next = Math.min(...waiting.keys());
    pumping = false;
    if (next === Infinity) return;
    now = next;
    const woken = waiting.get(next)!;
    waiting.delete(next);
    woken.forEach((wake) => wake());
    start();
  };
  const start = (): void => {
    if (pumping) return;
    pumping = true;
    setImmediate(pump);
  };
  return {
    now: () => now,
    pass: <T>(ms: number, value: T): Promise<T> =>
      new Promise((resolve) => {
        waiting.set(now + ms, [...(waiting.get(now + ms) ?? []), () => resolve(value)]);
        start();
      }),
  };
}

/** Delivered events, old enough for each pass, and what a run over all of them takes on the clock of the tables. */
async function timeOfRun(events: number, endpoints: number, subscriptions: number): Promise<number> {
  const clock = createVirtualClock();
  const items: RecordedEvent[] = Array.from({ length: events }, (_, n) => ({
    event: anEvent({ id: `evt_${String(n).padStart(26, '0')}`, enqueued_ms: NOW - 6 * DAY }),
    matched: Array.from({ length: endpoints }, (_, k) => `sub_${(n * endpoints + k) % subscriptions}`),
  }));
  const delivered = { outcome: 'delivered', attempted_ms: NOW - 6 * DAY, format: 'thin' } as const;
  const deps: ReconcileDeps = {
    events: {
      list: (_range, { limit, cursor = '0' }) => {
        const end = Number(cursor) + limit;
        const next = end < items.length ? String(end) : undefined;
        return clock.pass(LIST_MS, { items: items.slice(Number(cursor), end), next });
      },
    },
    attempts: {
      latestBetween: (_subscription, from, to) => {
        const found = [Number(from.slice(4)), Number(to.slice(4))] as const;
        const ids = items.slice(found[0], found[1] + 1).map(({ event }) => event.id);
        return clock.pass(CALL_MS, new Map(ids.map((id) => [id, delivered])));
      },
    },
    held: { among: () => clock.pass(CALL_MS, new Set<string>()) },
    circuits: { get: () => clock.pass(CALL_MS, undefined) },
    subscriptions: { get: () => clock.pass(CALL_MS, undefined) },
    replayable: { one: () => clock.pass(CALL_MS, undefined) },
    state: { load: () => clock.pass(CALL_MS, []), save: () => clock.pass(CALL_MS, undefined) },
    fastLane: { send: () => clock.pass(CALL_MS, new Set<number>()) },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: { count: () => undefined, milliseconds: () => undefined },
    errorFields: () => ({}),
    stuckMs: 2 * HOUR,
    logMs: 90 * DAY,
    now: clock.now,
  };
  const began = clock.now();
  await reconcile(deps, () => false);
  return clock.now() - began;
}

describe('at 5 ms a call, three looks at each event', () => {
  // A run has 100 s and comes every 120 s, so a second's worth of events may take five sixths of a second.
  const share = 100 / 120;

  it.each([
    { endpoints: 1, rate: 600 },
    { endpoints: 5, rate: 200 },
  ])('keep up with $rate events a second to $endpoints endpoint(s) each', async ({ endpoints, rate }) => {
    const seconds = 20;

    const took = await timeOfRun(rate * seconds, endpoints, 1000);

    expect(took / 1000).toBeLessThan(seconds * share);
  });
});
