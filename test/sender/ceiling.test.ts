import { describe, expect, it } from 'vitest';
import { PING } from '../../lambdas/domain/event.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { ReceivedDelivery } from '../../lambdas/sender/delivery.ts';
import { createTurnTaker } from '../../lambdas/sender/in-turn.ts';
import type { DeliveryTarget } from '../../lambdas/stores/delivery-targets.ts';
import { aMessage, answer, NOW, ORGANIZATION, SenderBench } from '../support/sender.ts';

const READY = { released: true } as const;

/** A sender for a subscription that takes so many a second. Its timers ring at once, and move the clock. */
function aBench(rate_per_second: number): SenderBench {
  const bench = new SenderBench();
  bench.subscribe('sub_1', { rate_per_second });
  return bench;
}

/** @param circuit of its endpoint. */
function withCircuit(bench: SenderBench, circuit: 'open' | 'throttled' | 'releasing' | 'closing'): void {
  const row = { subscription: 'sub_1', organization: ORGANIZATION, failures: 0, circuit };
  bench.healthRows.set('sub_1', { ...row, release_ms: NOW - 60_000 });
}

const kept = ({ held }: SenderBench): DeliveryMessage[] =>
  held.map(({ message }) => JSON.parse(message) as DeliveryMessage);

describe('a delivery to a subscription with a ceiling', () => {
  it.each([undefined, 'closing'] as const)(
    'is held and let go at that pace, in good days too: circuit %s',
    async (circuit) => {
      const bench = aBench(5);
      if (circuit) withCircuit(bench, circuit);

      expect(await bench.run([aMessage(), aMessage()])).toEqual([]);

      expect(bench.requests).toEqual([]);
      expect(bench.held).toHaveLength(2);
      expect(bench.log[0]).toMatchObject({
        outcome: 'held',
        reason: 'the subscription takes 5 a second; sent when it is its turn',
      });
      const pace = { rate: 5, known: 5, stays: 0, adds: 1 };
      expect(bench.releases).toEqual([{ subscription: 'sub_1', run: NOW, pace }]);
    },
  );

  it('is held behind others that go out already', async () => {
    const bench = aBench(5);
    withCircuit(bench, 'releasing');
    await bench.run([aMessage()]);
    expect([bench.held.length, bench.letOut]).toEqual([1, []]);
  });

  it.each(['open', 'throttled'] as const)(
    'is held like any other while its endpoint takes nothing: %s',
    async (circuit) => {
      const bench = aBench(5);
      withCircuit(bench, circuit);
      await bench.run([aMessage({ receive: 3 })]);
      expect([bench.held.length, bench.letOut]).toEqual([1, []]);
      expect(kept(bench)[0]!.tries).toBeUndefined();
    },
  );

  it('keeps the tries that were made while it waits for its turn', async () => {
    const bench = aBench(5);
    await bench.run([aMessage({ receive: 3 })]);
    expect(kept(bench)[0]!.tries).toBe(2);
  });

  it('comes back when nobody could be told to let it go', async () => {
    const bench = aBench(5);
    bench.deps.health.letOut = () => Promise.reject(new Error('throttled'));
    await bench.run([aMessage()]);
    expect(bench.sent.fast).toHaveLength(1);
    expect(bench.log).toMatchObject([{ outcome: 'failed', fault: 'platform' }]);
    // Else it would be held for ever when its message has ended.
    expect(bench.held).toEqual([]);
  });

  it('comes back also when its row cannot be taken away again', async () => {
    const bench = aBench(5);
    bench.deps.health.letOut = () => Promise.reject(new Error('throttled'));
    bench.deps.held.removeRead = () => Promise.reject(new Error('throttled'));
    await bench.run([aMessage()]);
    expect(bench.sent.fast).toHaveLength(1);
    expect(bench.lines.map(({ message }) => message)).toContain('deliveries that come back stay held');
  });

  it('is sent when it was let go, in event order, as many as there are turns', async () => {
    const bench = aBench(2);
    const messages = [aMessage(READY), aMessage(READY), aMessage(READY)];
    const ids = messages.map(({ message }) => message.event.id);
    bench.deps.health.takeTurns = async (_, { count }) =>
      bench.requests.length > 0 ? { granted: 0, waitMs: 7000 } : { granted: Math.min(count, 2), waitMs: 7000 };

    await bench.run(messages.toReversed(), 'slow');

    expect(bench.requests.map(({ headers }) => headers['webhook-id'])).toEqual(ids.slice(0, 2));
    expect(kept(bench).map(({ event }) => event.id)).toEqual([ids[2]]);
    expect(bench.outcomes().toSorted()).toEqual(['delivered', 'delivered', 'held']);
  });

  it('waits for a turn that is near, and is called when it is there', async () => {
    const bench = aBench(1);
    const turns = [
      { granted: 0, waitMs: 700 },
      { granted: 1, waitMs: 0 },
    ];
    bench.deps.health.takeTurns = async () => turns.shift()!;
    const waits: number[] = [];
    bench.deps.after = (ms, happen) => {
      if (ms === 700) {
        waits.push(ms);
        happen();
      }
      return () => undefined;
    };

    await bench.run([aMessage(READY)], 'slow');

    expect([waits, bench.requests.length]).toEqual([[700], 1]);
  });

  it('asks again with the turns that were known last, so that nobody is told twice that they are old', async () => {
    const bench = aBench(1);
    const asked: (string | undefined)[] = [];
    bench.deps.health.takeTurns = async (_, { before }) => {
      asked.push(before);
      return asked.length === 1 ? { granted: 0, waitMs: 1, turns: `${NOW}:1` } : { granted: 1, waitMs: 0 };
    };
    bench.deps.after = (ms, happen) => {
      if (ms === 1) happen();
      return () => undefined;
    };
    await bench.run([aMessage(READY)], 'slow');
    expect(asked).toEqual([undefined, `${NOW}:1`]);
  });

  it('takes another turn when the first was noted too slowly to be its own any more', async () => {
    const bench = aBench(1);
    let [asked, now] = [0, NOW];
    bench.deps.now = () => now;
    bench.deps.health.takeTurns = async () => {
      if ((asked += 1) === 1) now += 101;
      return { granted: 1, waitMs: 0 };
    };
    await bench.run([aMessage(READY)], 'slow');
    expect([asked, bench.requests.length]).toEqual([2, 1]);
  });

  it.each([
    ['is held at once when its endpoint takes nothing any more', READY, 0],
    ['goes out all the same when it is a probe', { probe: true as const }, 1],
  ])('waits for its turn, and %s', async (_, message, requests) => {
    const bench = aBench(1);
    if ('probe' in message) withCircuit(bench, 'open');
    const passing: unknown[] = [];
    bench.deps.health.takeTurns = async (__, { passes = false }) => {
      passing.push(passes);
      return passes ? { granted: 1, waitMs: 0 } : { granted: 0, waitMs: Infinity };
    };

    await bench.run([aMessage(message)], 'slow');

    expect([passing, bench.requests.length, bench.held.length]).toEqual([[requests === 1], requests, 1 - requests]);
  });

  it('is held when every turn was noted too slowly, for as long as it waits for one', async () => {
    const bench = aBench(1);
    let [asked, now] = [0, NOW];
    bench.deps.now = () => now;
    bench.deps.health.takeTurns = async () => {
      if ((asked += 1) > 100) throw new Error('asked without an end');
      now += 101;
      return { granted: 1, waitMs: 0 };
    };
    await bench.run([aMessage(READY)], 'slow');
    expect([bench.requests, bench.outcomes()]).toEqual([[], ['held']]);
  });

  it('gets a turn when it asks at the very moment at which the one before got its own', async () => {
    const bench = aBench(1);
    bench.deps.health.takeTurns = async () => ({ granted: 1, waitMs: 0 });
    const turns = createTurnTaker(bench.deps);
    const { message } = aMessage();
    const key = { organization: ORGANIZATION, subscription: 'sub_1' };
    const take = () => turns.take({ key, message } as ReceivedDelivery, {} as DeliveryTarget, 1);

    const both = [await take(), await take()];

    expect(both).toEqual([true, true]);
  });

  it('is held when its turn comes so late that no time is left for the answer', async () => {
    const bench = aBench(1);
    bench.deps.health.takeTurns = async () => {
      bench.remainingMs = 6000;
      return { granted: 1, waitMs: 0 };
    };
    await bench.run([aMessage(READY)], 'slow');
    expect([bench.requests, bench.outcomes()]).toEqual([[], ['held']]);
  });

  it('comes back when whose turn it is could not be told', async () => {
    const bench = aBench(1);
    bench.deps.health.takeTurns = () => Promise.reject(new Error('throttled'));
    await bench.run([aMessage(READY)], 'slow');
    const [again] = bench.sent.slow;
    const read = decodeDeliveryMessage(again!.body);
    // Still let go: held again it would never know for how long it has been in trouble.
    expect(read).toMatchObject({ message: { released: true, tries: 0, trouble_ms: NOW } });
  });

  it.each([
    ['probe', { probe: true }, 'open'],
    ['try of an exhausted one', { heal: true }, undefined],
  ] as const)('is left for another time as a %s that has no turn', async (_, mark, circuit) => {
    const bench = aBench(1);
    if (circuit) withCircuit(bench, circuit);
    bench.deps.health.takeTurns = async () => ({ granted: 0, waitMs: 7000 });
    expect(await bench.run([aMessage(mark)], 'slow')).toEqual([]);
    expect([bench.requests, bench.held, bench.log]).toEqual([[], [], []]);
  });

  it('is called at once by whoever tries the endpoint out', async () => {
    const bench = aBench(1);
    bench.deps.health.takeTurns = () => Promise.reject(new Error('not asked'));
    await bench.run([aMessage({ event: { type: PING } })]);
    expect(bench.requests).toHaveLength(1);
  });

  it('takes a turn for each of its tries', async () => {
    const bench = aBench(5);
    bench.customer = () => answer(500);
    await bench.run([aMessage({ ...READY, receive: 2 })], 'slow');
    expect(bench.turns.get('sub_1')).toBe(`${NOW}:1`);
    expect(bench.outcomes()).toEqual(['failed']);
  });
});

describe('a delivery to a subscription without a ceiling', () => {
  it('takes no turn and costs no write', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage()]);
    expect([bench.turns.size, bench.letOut, bench.requests.length]).toEqual([0, [], 1]);
  });
});
