import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import { reconcile, type ReconcileDeps } from '../../lambdas/recovery/reconcile.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import type { RecordedEvent } from '../../lambdas/stores/events.ts';
import type { ReconcilerPass } from '../../lambdas/stores/reconciler.ts';
import { anEvent } from '../support/sender.ts';

// Doubled: the tables, by lists and maps; the queue; the clock.

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STUCK = 2 * HOUR;
const idOf = (n: number): string => `evt_${String(n).padStart(26, '0')}`;

/** @param logDays how long the log keeps an attempt. */
function setUp(logDays = 90) {
  const world = {
    events: [] as RecordedEvent[],
    /** By `<subscription> <event>`. */
    latest: new Map<string, LatestAttempt>(),
    held: new Set<string>(),
    circuits: new Map<string, 'open' | 'releasing' | 'closing'>(),
    circuitOwner: anEvent().organization,
    /** It is released after an outage; without it, it has a ceiling. */
    circuitMore: { opened_ms: NOW - HOUR } as { opened_ms?: number },
    problems: new Map<string, string>(),
    passes: [] as ReconcilerPass[],
    queued: [] as string[],
    bodies: [] as string[],
    numbers: {} as Record<string, number>,
    lags: {} as Record<string, number>,
    unreplayable: new Set<string>(),
    refuses: (_index: number): boolean => false,
    saveFails: false,
    listFails: false,
    now: NOW,
  };
  const nothing = () => undefined;
  const deps: ReconcileDeps = {
    events: {
      list: async ({ since_ms = 0, until_ms = Infinity }, { limit, cursor = '0' }) => {
        if (world.listFails) throw new Error('throttled');
        const fitting = world.events.filter(({ event: { enqueued_ms: ms } }) => ms >= since_ms && ms <= until_ms);
        const end = Number(cursor) + limit;
        return { items: fitting.slice(Number(cursor), end), ...(end < fitting.length ? { next: String(end) } : {}) };
      },
    },
    attempts: {
      latestBetween: async (subscription) =>
        new Map(
          [...world.latest].flatMap(([name, attempt]) => {
            const [of, event] = name.split(' ') as [string, string];
            return of === subscription ? [[event, attempt] as const] : [];
          }),
        ),
    },
    held: { among: async (subscription, ids) => new Set(ids.filter((id) => world.held.has(`${subscription} ${id}`))) },
    circuits: {
      get: async (subscription) => {
        const circuit = world.circuits.get(subscription);
        return (
          circuit && { subscription, organization: world.circuitOwner, failures: 20, circuit, ...world.circuitMore }
        );
      },
    },
    subscriptions: { get: async (_organization, id) => ({ id, problem: world.problems.get(id) }) },
    replayable: {
      one: async (_organization, _subscription, id) => {
        const found = world.events.find(({ event }) => event.id === id);
        return found && !world.unreplayable.has(id) ? { event: found.event, format: 'thin' as const } : undefined;
      },
    },
    state: {
      load: async () => structuredClone(world.passes),
      save: async (passes) => {
        if (world.saveFails) throw new Error('throttled');
        world.passes = structuredClone(passes);
      },
    },
    fastLane: {
      send: async (entries) => {
        const refused = new Set([...entries.keys()].filter((index) => world.refuses(index)));
        for (const [index, { body, group }] of entries.entries()) {
          if (refused.has(index)) continue;
          const decoded = decodeDeliveryMessage(body);
          if (!decoded.ok) throw new Error(decoded.reason);
          world.queued.push(`${group} ${decoded.message.event.id}`);
          world.bodies.push(body);
        }
        return refused;
      },
    },
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: {
      count: (name, n) => void (world.numbers[name] = (world.numbers[name] ?? 0) + n),
      milliseconds: (name, ms) => void (world.lags[name] = ms),
    },
    errorFields: () => ({}),
    stuckMs: STUCK,
    logMs: logDays * DAY,
    now: () => world.now,
  };
  let made = 0;
  return {
    world,
    /** An event of so long ago and what it matched. @returns its id. */
    add: (ageMs: number, ...matched: string[]): string => {
      const id = idOf((made += 1));
      world.events.push({ event: anEvent({ id, enqueued_ms: NOW - ageMs }), matched });
      return id;
    },
    tried: (subscription: string, id: string, outcome: LatestAttempt['outcome'], agoMs = HOUR) =>
      world.latest.set(`${subscription} ${id}`, { outcome, attempted_ms: NOW - agoMs, format: 'thin' }),
    run: (outOfTime = () => false) => reconcile(deps, outOfTime),
  };
}

describe('a delivery that is lost', () => {
  it('is sent again, counted, and asks the log first', async () => {
    const { world, add, run } = setUp();
    const id = add(3 * HOUR, 'sub_1');

    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`]);
    expect(decodeDeliveryMessage(world.bodies[0]!)).toMatchObject({
      message: { recheck: true, format: 'thin', queued_ms: NOW, event: { id } },
    });
    expect(world.numbers).toEqual({ EventsReconciled: 1, StuckDeliveries: 1 });
  });

  it('cannot be told from a delivered one once the log forgets: it is left alone', async () => {
    const { world, add, run } = setUp(4);
    // The last look, for which these are old enough.
    world.passes = [0, 0, 6 * DAY].map((ageMs) => ({ through_ms: NOW - ageMs }));
    add(5 * DAY + HOUR, 'sub_1');

    await run();

    expect(world.queued).toEqual([]);
    expect(world.numbers).toEqual({ EventsReconciled: 1, StuckDeliveries: 0 });
  });

  it('in the middle of its tries is sent again too', async () => {
    const { world, add, tried, run } = setUp();
    const id = add(5 * HOUR, 'sub_1');
    tried('sub_1', id, 'failed', 3 * HOUR);

    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`]);
  });

  it('is sent again beside others of the same event that are over', async () => {
    const { world, add, tried, run } = setUp();
    const id = add(3 * HOUR, 'sub_1', 'sub_2');
    tried('sub_1', id, 'delivered');

    await run();

    expect(world.queued).toEqual([`sub_2 ${id}`]);
  });

  it('is left alone when its row says that nothing is sent', async () => {
    const { world, add, run } = setUp();
    add(3 * HOUR, 'sub_copied');
    world.problems.set('sub_copied', problemText('', 'id: expected one that no other organization uses.')!);

    await run();

    expect(world.queued).toEqual([]);
    expect(world.numbers.StuckDeliveries).toBe(0);
  });

  it('is sent again though another organization’s endpoint with the same id is down', async () => {
    const { world, add, run } = setUp();
    const id = add(3 * HOUR, 'sub_1');
    world.circuits.set('sub_1', 'open');
    world.circuitOwner = 'org_other';

    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`]);
  });

  it('of an event that is not kept any more is not counted', async () => {
    const { world, add, run } = setUp();
    world.unreplayable.add(add(3 * HOUR, 'sub_1'));

    await run();

    expect(world.queued).toEqual([]);
    expect(world.numbers.StuckDeliveries).toBe(0);
  });
});

describe('left alone is', () => {
  it.each(['delivered', 'exhausted', 'gone', 'cancelled', 'skipped'] as const)(
    'a delivery that is over: %s',
    async (outcome) => {
      const { world, add, tried, run } = setUp();
      tried('sub_1', add(5 * HOUR, 'sub_1'), outcome, 4 * HOUR);

      await run();

      expect(world.queued).toEqual([]);
    },
  );

  it('one that may still be in flight: its event or its last try is young', async () => {
    const { world, add, tried, run } = setUp();
    add(STUCK - 1, 'sub_1');
    tried('sub_1', add(5 * HOUR, 'sub_1'), 'failed', STUCK - 1);

    await run();

    expect(world.queued).toEqual([]);
    expect(world.numbers.EventsReconciled).toBe(1);
  });

  it('one that was let go a moment ago at the pace of its ceiling, not one that failed long before', async () => {
    const { world, add, tried, run } = setUp();
    const [held, failed, neither] = [add(3 * HOUR, 'sub_1'), add(3 * HOUR, 'sub_1'), add(3 * HOUR, 'sub_1')];
    tried('sub_1', held, 'held', 2 * HOUR);
    tried('sub_1', failed, 'failed', 2 * HOUR);
    world.circuits.set('sub_1', 'releasing');
    world.circuitMore = {};

    await run();

    expect(new Set(world.queued)).toEqual(new Set([`sub_1 ${failed}`, `sub_1 ${neither}`]));
  });

  it('one that is held', async () => {
    const { world, add, tried, run } = setUp();
    const id = add(5 * HOUR, 'sub_1');
    tried('sub_1', id, 'held', 4 * HOUR);
    world.held.add(`sub_1 ${id}`);

    await run();

    expect(world.queued).toEqual([]);
  });

  it.each(['open', 'releasing', 'closing'] as const)('all of an endpoint whose circuit is %s', async (circuit) => {
    const { world, add, run } = setUp();
    add(5 * HOUR, 'sub_1');
    const healthy = add(5 * HOUR, 'sub_2');
    world.circuits.set('sub_1', circuit);

    await run();

    expect(world.queued).toEqual([`sub_2 ${healthy}`]);
  });
});

describe('a run', () => {
  it('goes on where the one before ended, and looks at each event three times in all', async () => {
    const { world, add, run } = setUp();
    const id = add(0, 'sub_1');
    for (let hours = 0; hours <= 8 * 24; hours++) {
      world.now = NOW + hours * HOUR;
      await run();
    }

    expect(world.queued).toEqual(Array.from({ length: 3 }, () => `sub_1 ${id}`));
    expect(world.numbers).toEqual({ EventsReconciled: 3, StuckDeliveries: 3 });
  });

  it('queues a delivery once though two looks at it are due, behind a day in which nothing ran', async () => {
    const { world, add, run } = setUp();
    const id = add(0, 'sub_1');
    await run();
    world.now = NOW + 27 * HOUR;
    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`]);
  });

  it('that is out of time leaves the rest to the next one', async () => {
    const { world, add, run } = setUp();
    for (let n = 0; n < 150; n++) add(3 * HOUR, 'sub_1');
    let pages = 0;

    await run(() => (pages += 1) > 1);
    expect(world.queued).toHaveLength(100);
    await run();

    expect(new Set(world.queued).size).toBe(150);
    expect(world.queued).toHaveLength(150);
  });

  it('whose queue refuses a part does not pass that page: the next one begins there again', async () => {
    const { world, add, run } = setUp();
    const ids = [add(3 * HOUR, 'sub_1'), add(3 * HOUR, 'sub_1')];
    world.refuses = (index) => index === 1;

    await run();
    expect(world.numbers.StuckDeliveries).toBe(1);
    world.refuses = () => false;
    await run();

    expect(new Set(world.queued)).toEqual(new Set(ids.map((id) => `sub_1 ${id}`)));
  });

  it('that cannot note how far it came fails, and the next one begins there again', async () => {
    const { world, add, run } = setUp();
    const id = add(0, 'sub_1');
    await run();
    world.now = NOW + 3 * HOUR;
    world.saveFails = true;

    await expect(run()).rejects.toThrow('throttled');
    world.saveFails = false;
    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`, `sub_1 ${id}`]);
  });

  it('whose predecessors all failed, for days, begins where the first one did', async () => {
    const { world, add, run } = setUp();
    const id = add(3 * HOUR, 'sub_1');
    world.listFails = true;
    await expect(run()).rejects.toThrow('throttled');
    world.now = NOW + 7 * 24 * HOUR;
    world.listFails = false;

    await run();

    expect(world.queued).toEqual([`sub_1 ${id}`]);
  });

  it('says how far it is behind: nothing when it came to the end, the whole rest when it was out of time', async () => {
    const { world, add, run } = setUp();
    for (let n = 0; n < 150; n++) add(3 * HOUR, 'sub_1');
    let pages = 0;

    await run(() => (pages += 1) > 1);
    const behind = world.lags.ReconcilerLag;
    await run();

    expect(behind).toBe(DAY);
    expect(world.lags.ReconcilerLag).toBe(0);
  });

  it('queues about a thousand at most, should the log have been down', async () => {
    const { world, add, run } = setUp();
    for (let n = 0; n < 1500; n++) add(3 * HOUR, 'sub_1');

    await run();
    expect(world.queued).toHaveLength(1000);
    await run();

    expect(new Set(world.queued).size).toBe(1500);
  });
});
