import { describe, expect, it } from 'vitest';
import type { Replay } from '../../lambdas/domain/delivery/replay.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { replayStep } from '../../lambdas/recovery/replay.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import type { ReplayableDelivery, Wants } from '../../lambdas/stores/replayable.ts';
import { aReplayAt } from '../support/replay.ts';
import { anEvent } from '../support/sender.ts';

// A step of a replay of what was missed. Doubled: the tables, the queues and the clock.

const NOW = 1_700_000_000_000;
const KEPT_MS = 30 * 86_400_000;
const ROW = { organization: 'org_1', id: 'sub_1', url: 'https://a.example/', events: ['visit.ended'], format: 'thin' };

function setUp(found: ReplayableDelivery[], row: Record<string, unknown> | undefined = ROW) {
  const world = {
    replay: aReplayAt(NOW - 1000, { outcomes: ['missed'] }),
    /** What happened, in its order. */
    steps: [] as string[],
    wants: undefined as Wants | undefined,
    row: row as Record<string, unknown> | undefined,
    /** Matches of others. */
    taken: new Set<string>(),
    /** Times of which all that was missed was noted as queued. */
    noted: [] as object[],
    next: undefined as string | undefined,
  };
  const nothing = () => undefined;
  const deps = {
    replays: {
      get: async () => ({ ...world.replay }),
      advance: async (_id: string, { queued }: { queued: number }) =>
        void world.steps.push(`queued ${queued}`) === undefined,
      end: async (_id: string, state: Replay['state']) => Object.assign(world.replay, { state }),
    },
    replayable: {
      page: async (_q: unknown, _a: unknown, wants: Wants) => (
        (world.wants = wants),
        { deliveries: found, next: world.next }
      ),
    },
    events: {
      addMatch: async (_organization: string, event: string, match: Required<Match>) => {
        world.steps.push(`noted ${event} ${match.subscription} ${match.format} ${match.replay}`);
        return world.taken.has(event) ? undefined : match.format;
      },
    },
    missedSent: async (key: object, time: object) => void world.noted.push({ ...key, ...time }),
    settings: { keptMs: KEPT_MS },
    subscriptions: { get: async () => world.row },
    rules: { checkUrl: (url: string) => ({ ok: true, url }), knownTypes: new Set(['visit.ended']) },
    fastLane: {
      send: async (entries: readonly { body: string }[]) => {
        for (const { body } of entries) {
          const read = decodeDeliveryMessage(body);
          if (read.ok) world.steps.push(`sent ${read.message.event.id} ${read.message.format} ${read.message.replay}`);
        }
        return new Set();
      },
    },
    next: async () => undefined,
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing, milliseconds: nothing },
    now: () => NOW,
  } as unknown as RecoveryDeps;
  return { world, step: () => replayStep({ kind: 'replay', replay_id: 'rpl_1', organization: 'org_1' }, 0, deps) };
}

const missed = (id: string): ReplayableDelivery => ({ event: anEvent({ id }), format: 'thin', missed: true });

describe('a step of a replay of what was missed', () => {
  it('notes each in its event’s row before anything is queued', async () => {
    const { world, step } = setUp([missed('evt_1'), missed('evt_2')]);

    await step();

    expect(world.steps).toEqual([
      'noted evt_1 sub_1 thin rpl_1',
      'noted evt_2 sub_1 thin rpl_1',
      'sent evt_1 thin rpl_1',
      'sent evt_2 thin rpl_1',
      'queued 2',
    ]);
  });

  it('queues nothing that somebody else has matched meanwhile', async () => {
    const { world, step } = setUp([missed('evt_1'), missed('evt_2')]);
    world.taken.add('evt_1');

    await step();

    expect(world.steps.slice(2)).toEqual(['sent evt_2 thin rpl_1', 'queued 1']);
  });

  it('asks what the row wants as it is now', async () => {
    const { world, step } = setUp([]);

    await step();

    expect(world.wants?.(anEvent({ id: 'evt_1', organization: 'org_1', type: 'visit.ended' }))).toBe('thin');
    expect(world.wants?.(anEvent({ id: 'evt_1', organization: 'org_1', type: 'shift.created' }))).toBeUndefined();
  });

  it.each([
    ['deleted', undefined],
    ['deactivated', { ...ROW, active: 'no' }],
    ['broken by hand', { ...ROW, events: 'no such pattern!' }],
    ['said to get nothing', { ...ROW, problem: 'Nothing is sent until this row is mended: id: expected one …' }],
  ])('ends the replay when its subscription was %s meanwhile', async (_what, row) => {
    const { world, step } = setUp([missed('evt_1')]);
    world.row = row;

    await step();

    expect(world.replay.state).toBe('cancelled');
    expect(world.steps).toEqual([]);
  });

  it('notes in the subscription’s row that nothing is left to be sent, with its last page alone', async () => {
    const { world, step } = setUp([missed('evt_1')]);
    Object.assign(world.replay, { since_ms: NOW - 5000, until_ms: NOW - 1000 });
    world.next = 'evt_1';

    await step();
    expect(world.noted).toEqual([]);

    world.next = undefined;
    await step();
    const key = { organization: world.replay.organization, subscription: world.replay.subscription };
    expect(world.noted).toEqual([{ ...key, since_ms: NOW - 5000, until_ms: NOW - 1000 }]);
  });

  it('notes it when the step comes again whose process died before it could', async () => {
    const { world, step } = setUp([missed('evt_1')]);
    Object.assign(world.replay, { since_ms: NOW - 3_600_000, until_ms: NOW - 1000, listed: true, step: 0 });
    world.replay.stepped_ms = world.replay.created_ms = NOW - 3_600_000;

    await step();

    expect(world.steps).toEqual([]);
    expect(world.noted).toMatchObject([{ since_ms: NOW - 3_600_000, until_ms: NOW - 1000 }]);
  });

  it('leaves nothing behind where it asked for all that is kept', async () => {
    const { world, step } = setUp([missed('evt_1')]);
    world.replay.since_ms = world.replay.created_ms - KEPT_MS + 3_600_000;

    await step();

    expect(world.noted).toMatchObject([{ since_ms: 0 }]);
  });

  it('of other outcomes notes nothing', async () => {
    const { world, step } = setUp([]);
    world.replay.outcomes = ['exhausted'];

    await step();

    expect(world.noted).toEqual([]);
  });
});
