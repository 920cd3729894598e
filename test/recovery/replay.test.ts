import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { Replay } from '../../lambdas/domain/delivery/replay.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { replayStep } from '../../lambdas/recovery/replay.ts';
import { aReplayAt } from '../support/replay.ts';
import { anEvent } from '../support/sender.ts';

// One step at a time. Doubled: the jobs' table, the pages of deliveries, both queues and the clock.

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const JOB = { kind: 'replay' as const, replay_id: 'rpl_1', organization: 'org_1' };
const idOf = (n: number): string => `evt_${String(n).padStart(26, '0')}`;

const aReplay = (change: Partial<Replay> = {}): Replay => aReplayAt(NOW - 1000, { until_ms: NOW, ...change });

interface Sent {
  body: string;
  group: string;
  delaySeconds?: number;
}

/** @param pages deliveries of each page, by the cursor that leads to it; '' is the first. */
function setUp(replay: Replay | undefined, pages: Record<string, { count: number; next?: string }> = {}) {
  const world = {
    replay,
    sent: [] as Sent[],
    /** Entries of each call to the queue. */
    calls: [] as number[],
    next: [] as { message: RecoveryMessage; delaySeconds: number }[],
    counted: 0,
    now: NOW,
    /** Which entries of a call are refused. */
    refuses: (_call: number, _index: number): boolean => false,
    nextFails: false,
    /** Called between the page and the note that it was queued. */
    meanwhile: () => undefined as void,
  };
  const nothing = () => undefined;
  const deps = {
    replays: {
      get: async () => world.replay && { ...world.replay },
      advance: async (
        _id: string,
        { step, nowMs, queued, cursor }: { step: number; nowMs: number; queued: number; cursor?: string },
      ) => {
        world.meanwhile();
        if (world.replay?.state !== 'running' || world.replay.step >= step) return false;
        Object.assign(world.replay, { step, stepped_ms: nowMs, queued: world.replay.queued + queued });
        if (cursor === undefined) world.replay.listed = true;
        else world.replay.cursor = cursor;
        return true;
      },
      end: async (_id: string, state: 'done' | 'cancelled') => world.replay && Object.assign(world.replay, { state }),
    },
    replayable: {
      page: async (_query: unknown, after = '') => {
        const { count, next } = pages[after]!;
        const deliveries = Array.from({ length: count }, (_, n) => ({
          event: anEvent({ id: idOf(n + 1) }),
          format: 'thin' as const,
        }));
        return { deliveries, ...(next === undefined ? {} : { next }) };
      },
    },
    fastLane: {
      send: async (entries: readonly Sent[]) => {
        const call = world.calls.push(entries.length);
        const refused = new Set([...entries.keys()].filter((index) => world.refuses(call, index)));
        world.sent.push(...entries.filter((_, index) => !refused.has(index)));
        return refused;
      },
    },
    next: async (message: RecoveryMessage, delaySeconds: number) => {
      if (world.nextFails) throw new Error('SQS did not take the next step of a job.');
      world.next.push({ message, delaySeconds });
    },
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: (_name: string, n: number) => void (world.counted += n), milliseconds: nothing },
    settings: { replayMs: 7 * DAY },
    now: () => world.now,
  } as unknown as RecoveryDeps;
  return { world, step: (n: number) => replayStep(JOB, n, deps) };
}

const read = ({ body }: Sent) => {
  const decoded = decodeDeliveryMessage(body);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.message;
};

describe('a page of a replay', () => {
  it('queues its deliveries as a replay and the next step behind them', async () => {
    const { world, step } = setUp(aReplay(), { '': { count: 3, next: 'evt_3' } });

    await step(0);

    expect(world.sent.map(read)).toMatchObject(
      [1, 2, 3].map((n) => ({
        event: { id: idOf(n) },
        subscription_id: 'sub_1',
        format: 'thin',
        replay: 'rpl_1',
        recheck: true,
        queued_ms: NOW - 1000,
      })),
    );
    expect(new Set(world.sent.map(({ group }) => group))).toEqual(new Set(['sub_1']));
    expect(world.replay).toMatchObject({ step: 0, queued: 3, cursor: 'evt_3' });
    expect(world.counted).toBe(3);
    expect(world.next).toEqual([{ message: { v: 1, job: JOB, step: 1 }, delaySeconds: 1 }]);
  });

  it('sends no more in any second than the rate allows, and the next page follows after the last of them', async () => {
    const { world, step } = setUp(aReplay({ rate: 2 }), { '': { count: 5, next: 'evt_5' } });

    await step(0);

    expect(world.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 0, 1, 1, 2]);
    expect(world.next[0]!.delaySeconds).toBe(3);
  });

  it('goes no further ahead than ten seconds at its rate, and on behind its last delivery: that much outlives a cancellation', async () => {
    const { world, step } = setUp(aReplay({ rate: 2 }), { '': { count: 100, next: 'evt_100' } });

    await step(0);

    expect(world.sent.map((entry) => read(entry).event.id)).toEqual(Array.from({ length: 20 }, (_, n) => idOf(n + 1)));
    expect(world.replay).toMatchObject({ queued: 20, cursor: idOf(20) });
    expect(world.next[0]!.delaySeconds).toBe(10);
  });

  it('that is cut short goes on though the page was the last', async () => {
    const { world, step } = setUp(aReplay({ rate: 2 }), { '': { count: 21 } });

    await step(0);

    expect(world.replay!.listed).toBeUndefined();
  });

  it('offers SQS again what it refused, and that alone', async () => {
    const { world, step } = setUp(aReplay(), { '': { count: 3 } });
    world.refuses = (call, index) => call === 1 && index === 1;

    await step(0);

    expect(world.calls).toEqual([3, 1]);
    expect(world.sent.map((entry) => read(entry).event.id).sort()).toEqual([1, 2, 3].map(idOf));
    expect(world.replay).toMatchObject({ queued: 3, listed: true });
  });

  it('comes again whole when SQS goes on refusing a part: nothing is noted as queued', async () => {
    const { world, step } = setUp(aReplay(), { '': { count: 3 } });
    world.refuses = (_call, index) => index === 0;

    await expect(step(0)).rejects.toThrow('1 deliveries');

    expect(world.replay).toMatchObject({ step: -1, queued: 0 });
    expect(world.next).toEqual([]);
    world.refuses = () => false;
    await step(0);
    expect(world.replay).toMatchObject({ step: 0, queued: 3 });
  });

  it('that was cancelled meanwhile is the last: nothing is counted and no step follows', async () => {
    const { world, step } = setUp(aReplay(), { '': { count: 3, next: 'evt_3' } });
    world.meanwhile = () => void (world.replay!.state = 'cancelled');

    // Its message may come once more; then it sees that the replay is over.
    await step(0).catch(() => undefined);
    await step(0);

    expect(world.calls).toEqual([3]);

    expect(world.replay).toMatchObject({ state: 'cancelled', queued: 0 });
    expect([world.counted, world.next]).toEqual([0, []]);
  });

  it('whose next step SQS does not take fails, so that its message comes again', async () => {
    const { world, step } = setUp(aReplay(), { '': { count: 1, next: 'evt_1' } });
    world.nextFails = true;

    await expect(step(0)).rejects.toThrow('next step');
  });
});

describe('a step', () => {
  it.each(['done', 'cancelled'] as const)('of a replay that is %s does nothing', async (state) => {
    const { world, step } = setUp(aReplay({ state }), { '': { count: 3 } });

    await step(0);

    expect([world.calls, world.next]).toEqual([[], []]);
  });

  it('of a replay that is not kept any more does nothing', async () => {
    const { world, step } = setUp(undefined);

    await step(0);

    expect([world.calls, world.next]).toEqual([[], []]);
  });

  it('that comes a second time after later ones is not made again', async () => {
    const { world, step } = setUp(aReplay({ step: 3, stepped_ms: NOW }), { '': { count: 3 } });

    await step(2);

    expect([world.calls, world.next]).toEqual([[], []]);
  });

  it('that died before it queued the next one queues that one, and its page not again', async () => {
    const { world, step } = setUp(aReplay({ step: 3, stepped_ms: NOW - 30 * MINUTE }), { '': { count: 3 } });

    await step(3);

    expect(world.calls).toEqual([]);
    expect(world.next).toEqual([{ message: { v: 1, job: JOB, step: 4 }, delaySeconds: 0 }]);
  });
});

describe('a replay whose deliveries are all queued', () => {
  it('is done when all of them have ended', async () => {
    const { world, step } = setUp(aReplay({ listed: true, step: 1, queued: 3, done: 2, failed: 1 }));

    await step(2);

    expect(world.replay!.state).toBe('done');
    expect(world.next).toEqual([]);
  });

  it('looks again while some have not: after half the time that it took so far, at most five minutes', async () => {
    for (const [age, pause] of [
      [10_000, 5],
      [60 * MINUTE, 300],
    ] as const) {
      const { world, step } = setUp(aReplay({ listed: true, step: 1, queued: 3, done: 2, created_ms: NOW - age }));

      await step(2);

      expect(world.replay).toMatchObject({ state: 'running', step: 2, queued: 3 });
      expect(world.next).toEqual([{ message: { v: 1, job: JOB, step: 3 }, delaySeconds: pause }]);
    }
  });

  it('of which the ends could not be counted ends after a week', async () => {
    const almost = setUp(aReplay({ listed: true, step: 1, queued: 3, done: 2, created_ms: NOW - 7 * DAY }));
    await almost.step(2);
    expect(almost.world.replay!.state).toBe('running');

    const { world, step } = setUp(
      aReplay({ listed: true, step: 1, queued: 3, done: 2, created_ms: NOW - 7 * DAY - 1 }),
    );
    await step(2);
    expect(world.replay!.state).toBe('done');
  });
});
