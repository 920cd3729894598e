import { describe, expect, it } from 'vitest';
import type { Replay } from '../../lambdas/domain/delivery/replay.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { decodeDeliveryMessage, encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import type { DeliveryMessage, RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import { heal } from '../../lambdas/recovery/heal.ts';
import { lookAfterAll } from '../../lambdas/recovery/recovery.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { ExhaustedPage } from '../../lambdas/stores/attempts.ts';
import type { HealTry } from '../../lambdas/stores/healing.ts';
import { RecoveryWorld } from '../support/recovery-world.ts';
import { anEvent } from '../support/sender.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const EVENTS = ['evt_1', 'evt_2', 'evt_3'];

/** Recovery with exhausted deliveries in the log, and what it did about them. */
class Healing {
  nowMs = NOW;
  row: Record<string, unknown> | undefined = { active: true };
  page: ExhaustedPage = { found: EVENTS.map((event_id) => this.exhausted(event_id)) };
  kept = new Set(EVENTS);
  replays = new Map<string, Replay>();
  sent: DeliveryMessage[] = [];
  jobs: RecoveryMessage[] = [];
  tries: HealTry[] = [];
  done: string[] = [];
  readonly deps: RecoveryDeps;
  readonly #world = new RecoveryWorld();

  constructor() {
    const did =
      (what: string) =>
      async (...of: unknown[]) => {
        this.done.push(typeof of[1] === 'string' ? `${what} ${of[1]}` : what);
        return true;
      };
    this.deps = {
      ...this.#world.deps,
      now: () => this.nowMs,
      settings: {
        probeMs: MINUTE,
        downMs: 1,
        keptMs: Infinity,
        purgeMs: 1,
        replayMs: 1,
        heal: { delaysMs: [15, 30, 60, 120].map((minutes) => minutes * MINUTE) },
      },
      subscriptions: { get: async () => this.row },
      healing: {
        claimTry: async (_, next) => this.tries.push(next) > 0,
        moveOn: async (...of) => void (await did('move on')(...of)),
        begun: async (...of) => void (await did('begun')(...of)),
        end: did('end'),
        forgetReplay: async (...of) => void (await did('forget replay')(...of)),
      },
      attempts: {
        append: async () => [],
        latest: async () => undefined,
        latestBetween: async () => new Map(),
        exhausted: async () => this.page,
      },
      replayable: {
        page: async () => ({ deliveries: [] }),
        one: async (_, __, id) =>
          this.kept.has(id) ? { event: anEvent({ id }), format: 'standard', automatic: 1 } : undefined,
      },
      replays: {
        create: async (replay) => {
          if (this.replays.has(replay.id)) return false;
          this.replays.set(replay.id, replay);
          return true;
        },
        get: async (id) => this.replays.get(id),
        advance: async () => true,
        chosen: async () => [],
        end: async () => undefined,
      },
      slowLane: {
        send: async (entries) => {
          for (const { body } of entries) {
            const read = decodeDeliveryMessage(body);
            if (read.ok) this.sent.push(read.message);
          }
          return new Set();
        },
      },
      next: async (message) => void this.jobs.push(message),
    };
  }

  exhausted(event_id: string, status = 503): ExhaustedPage['found'][number] {
    return { event_id, outcome: 'exhausted', attempted_ms: NOW - MINUTE, format: 'standard', status };
  }

  /** Something that came while it was down. */
  hold(event_id: string): void {
    this.#world.held.set(event_id, {
      subscription: 'sub_1',
      organization: 'acme',
      event_id,
      held_ms: NOW,
      message: encodeDeliveryMessage(
        encodeEvent(anEvent({ id: event_id, data: '{}' })),
        first({ subscription_id: 'sub_1', format: 'standard' }, { nowMs: NOW }),
      ),
    });
  }

  /** The look at it that is made each minute. Whatever it queues is delivered at once. */
  async look(change: Partial<EndpointHealth>): Promise<void> {
    const { held, deps } = this.#world;
    const health = { subscription: 'sub_1', organization: 'acme', failures: 20, ...change };
    const circuits = {
      ...deps.circuits,
      all: async function* () {
        yield [health];
      },
      claimProbe: async () => true,
    };
    const send: RecoveryDeps['slowLane']['send'] = async (entries) => {
      held.clear();
      return this.deps.slowLane.send(entries);
    };
    await lookAfterAll({ ...this.deps, circuits, slowLane: { send } }, () => false);
  }

  run(change: Partial<EndpointHealth>): Promise<void> {
    return heal({ subscription: 'sub_1', organization: 'acme', failures: 4, ...change }, this.deps);
  }
}

const due = { heal_event: 'evt_1', heal_ms: NOW, heal_until_ms: NOW + 60 * MINUTE, heal_tries: 0 };

describe('an endpoint with exhausted deliveries', () => {
  it('has its oldest one tried again once when that is due, and the next one is due later', async () => {
    const healing = new Healing();

    await healing.run(due);

    expect(healing.sent).toMatchObject([{ event: { id: 'evt_1' }, heal: true, recheck: true, automatic: 1 }]);
    expect(healing.tries).toEqual([{ event: 'evt_1', tries: 1, nextMs: NOW + 30 * MINUTE }]);
  });

  it.each([
    [1, 60],
    [2, 120],
    [3, 120],
    [9, 120],
  ])('after %s tries waits %s minutes behind the next', async (heal_tries, minutes) => {
    const healing = new Healing();

    await healing.run({ ...due, heal_tries });

    expect(healing.tries).toMatchObject([{ nextMs: NOW + minutes * MINUTE }]);
  });

  it.each([
    ['before it is due', { heal_ms: NOW + 1 }],
    ['while it asks to wait', { circuit: 'throttled' as const }],
    ['while what was held goes out', { circuit: 'releasing' as const }],
  ])('is left alone %s', async (_, change) => {
    const healing = new Healing();

    await healing.run({ ...due, ...change });

    expect([healing.sent, healing.tries, healing.done]).toEqual([[], [], []]);
  });

  it('is tried while it is down and nothing is held to probe it with', async () => {
    const healing = new Healing();

    await healing.run({ ...due, circuit: 'open' });

    expect(healing.sent).toHaveLength(1);
  });

  it('is not tried beside the probes, which ask an endpoint that is down once a minute', async () => {
    const healing = new Healing();
    healing.hold('evt_9');

    await healing.run({ ...due, circuit: 'open' });

    expect([healing.sent, healing.tries, healing.done]).toEqual([[], [], []]);
  });

  it('is not tried at the look that probes it, though its probe has succeeded meanwhile', async () => {
    const healing = new Healing();
    healing.hold('evt_9');

    await healing.look({ ...due, circuit: 'open', opened_ms: NOW, notified_ms: NOW });

    expect(healing.sent.map(({ event, probe, heal }) => [event.id, probe, heal])).toEqual([['evt_9', true, undefined]]);
  });

  it('has each fifth probe after half an hour made with another than the oldest, at which alone its server may fail', async () => {
    const probedAfter = async (minutes: number) => {
      const healing = new Healing();
      for (const event of ['evt_7', 'evt_8', 'evt_9']) healing.hold(event);
      await healing.look({ ...due, circuit: 'open', opened_ms: NOW - minutes * MINUTE, notified_ms: NOW });
      return healing.sent.map(({ event }) => event.id);
    };

    const probed = await Promise.all([0, 5, 29, 30, 31, 34, 35, 40].map(probedAfter));

    expect(probed.flat()).toEqual(['evt_7', 'evt_7', 'evt_7', 'evt_8', 'evt_7', 'evt_7', 'evt_9', 'evt_8']);
  });

  it.each([{ heal_hours: 0 }, { format: 'resource' }])(
    'is given up when its row says so meanwhile: %o',
    async (more) => {
      const healing = new Healing();
      healing.row = { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/a', active: true, ...more };

      await healing.run(due);

      expect([healing.sent, healing.tries, healing.done]).toEqual([[], [], ['end']]);
    },
  );

  it('is given up in time though it was only probed', async () => {
    const healing = new Healing();
    healing.hold('evt_9');

    await healing.run({ ...due, circuit: 'open', heal_ms: NOW - 2, heal_until_ms: NOW - 1 });

    expect([healing.sent, healing.done]).toEqual([[], ['end']]);
  });

  it.each([
    ['inactive', { active: 'no' }],
    ['one that says nothing is sent', { problem: problemText('', 'url: expected one.') }],
  ])('is not tried while its subscription is %s', async (_, row) => {
    const healing = new Healing();
    healing.row = row;

    await healing.run(due);

    expect([healing.sent, healing.tries]).toEqual([[], []]);
  });

  it('that refused the oldest one for good has its next one tried', async () => {
    const healing = new Healing();
    healing.page.found[0] = healing.exhausted('evt_1', 422);

    await healing.run({ ...due, heal_tried: 'evt_1' });

    expect(healing.sent).toMatchObject([{ event: { id: 'evt_2' } }]);
  });

  it('whose events are not kept any more has the oldest that is kept tried', async () => {
    const healing = new Healing();
    healing.kept = new Set(['evt_3']);

    await healing.run(due);

    expect(healing.sent).toMatchObject([{ event: { id: 'evt_3' } }]);
  });

  it('is tried once more though its time is over, when a try was due in it and nobody could make it', async () => {
    const healing = new Healing();
    await healing.run({ ...due, heal_ms: NOW - 2 * MINUTE, heal_until_ms: NOW - MINUTE });
    expect(healing.sent).toMatchObject([{ heal: true, event: { id: 'evt_1' } }]);
    expect(healing.done).toEqual([]);
  });

  it('is given up when its time is over, when nothing is exhausted any more, and when its subscription is deleted', async () => {
    const late = new Healing();
    await late.run({ ...due, heal_ms: NOW + MINUTE, heal_until_ms: NOW - 1 });
    const inactive = new Healing();
    inactive.row = { active: false };
    await inactive.run({ ...due, heal_until_ms: NOW - 1 });
    const nothing = new Healing();
    nothing.page = { found: [] };
    await nothing.run(due);
    const deleted = new Healing();
    deleted.row = undefined;
    await deleted.run(due);

    for (const healing of [late, inactive, nothing, deleted]) {
      expect(healing.done).toEqual(['end']);
      expect(healing.sent).toEqual([]);
    }
  });

  it('whose log is long is looked through page by page', async () => {
    const healing = new Healing();
    healing.page = { found: [], next: 'evt_3' };

    await healing.run(due);

    expect(healing.done).toEqual(['move on evt_3']);
  });
});

describe('an automatic replay that was asked for', () => {
  const asked = { heal_replay: 'rpl_1', heal_from: 'evt_01KG9NBEAE0000000000000000', healed_ms: NOW };

  it('begins: what is exhausted since the first one, visible as automatic', async () => {
    const healing = new Healing();

    await healing.run(asked);

    expect(healing.replays.get('rpl_1')).toMatchObject({ automatic: true, outcomes: ['exhausted'], until_ms: NOW });
    expect(healing.jobs).toMatchObject([{ job: { kind: 'replay', replay_id: 'rpl_1' }, step: 0 }]);
    expect(healing.done).toEqual(['begun rpl_1']);
  });

  it('does not begin when the one that was taken was the only one', async () => {
    const healing = new Healing();
    healing.page = { found: [] };

    await healing.run(asked);

    expect([healing.replays.size, healing.jobs, healing.done]).toEqual([0, [], ['begun rpl_1']]);
  });

  it('that somebody died over is begun again, though nothing is exhausted any more', async () => {
    const healing = new Healing();
    await healing.run(asked);
    healing.page = { found: [] };
    healing.nowMs += MINUTE;

    await healing.run(asked);

    expect(healing.replays.size).toBe(1);
    expect(healing.jobs).toHaveLength(2);
  });

  it('is asked for its first step once, by two looks at the same time', async () => {
    const healing = new Healing();

    await Promise.all([healing.run(asked), healing.run(asked)]);

    expect(healing.jobs).toHaveLength(1);
    expect(healing.done).toEqual(['begun rpl_1']);
  });

  it('is left to the look that began it a moment ago', async () => {
    const healing = new Healing();
    await healing.run(asked);
    healing.nowMs += 19_000;

    await healing.run(asked);

    expect(healing.jobs).toHaveLength(1);
    expect(healing.done).toEqual(['begun rpl_1']);
  });

  it('is forgotten when the next one may begin', async () => {
    const healing = new Healing();

    await healing.run({ healed_ms: NOW - 14 * MINUTE });
    expect(healing.done).toEqual([]);
    await healing.run({ healed_ms: NOW - 16 * MINUTE });

    expect(healing.done).toEqual(['forget replay']);
  });
});
