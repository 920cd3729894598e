import { describe, expect, it, vi } from 'vitest';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { becauseDown } from '../../lambdas/domain/subscription/deactivation.ts';
import { lookAfter } from '../../lambdas/recovery/supervise-endpoints.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import { anEvent, ORGANIZATION } from '../support/sender.ts';

const MINUTE = 60_000;
const DOWN = 5 * 24 * 60 * MINUTE;
const NOW = 1_700_000_000_000;
const PROBED = NOW - MINUTE;

const EVENT = anEvent({ data: '{}' });

/** Down for too long, and probed a minute ago. */
const DOWN_TOO_LONG: EndpointHealth = {
  subscription: 'sub_1',
  organization: ORGANIZATION,
  failures: 20,
  circuit: 'open',
  opened_ms: PROBED - DOWN,
  notified_ms: PROBED - DOWN,
  probed_ms: PROBED,
  probe_event: EVENT.id,
};

/** Looks after it. @param latest what the log says about the last probe's delivery. */
async function look(
  latest: Pick<LatestAttempt, 'outcome' | 'attempted_ms' | 'fault'> | undefined,
  { deleted = false, health = DOWN_TOO_LONG } = {},
) {
  const deactivate = vi.fn(async () => true);
  const queued: string[] = [];
  const message = encodeDeliveryMessage(
    encodeEvent(EVENT),
    first({ subscription_id: 'sub_1', format: 'standard' }, { nowMs: PROBED - MINUTE }),
  );
  const held = { subscription: 'sub_1', organization: ORGANIZATION, event_id: EVENT.id, held_ms: 0, message };
  const nothing = () => undefined;
  const beginRelease = vi.fn(async () => NOW);
  const deps = {
    circuits: { claimProbe: async () => true, note: async () => true, beginRelease },
    held: { oldest: async () => [held] },
    attempts: { latest: async () => latest && { ...latest, format: 'standard' as const } },
    subscriptions: {
      get: async () => (deleted ? undefined : { organization: ORGANIZATION, id: 'sub_1', url: 'https://a.example/' }),
    },
    targets: { deactivate },
    slowLane: {
      send: async (entries: readonly { body: string }[]) => {
        queued.push(...entries.map(({ body }) => body));
        return new Set<number>();
      },
    },
    next: async () => undefined,
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing, milliseconds: nothing },
    settings: { probeMs: MINUTE, downMs: DOWN },
    now: () => NOW,
  } as unknown as RecoveryDeps;
  await lookAfter(health, MINUTE / 2, deps);
  return {
    deactivated: deactivate.mock.calls.length,
    probes: queued.length,
    releases: beginRelease.mock.calls.length,
  };
}

describe('an endpoint that was down for too long', () => {
  it('is deactivated when the log says that its last probe failed', async () => {
    expect(await look({ outcome: 'held', attempted_ms: PROBED + 20 })).toEqual({
      deactivated: 1,
      probes: 0,
      releases: 0,
    });
  });

  it.each([
    ['is under way, with no line yet', undefined],
    ['left no line behind the one by which its delivery was held', { outcome: 'held', attempted_ms: PROBED - MINUTE }],
    ['was not made for a reason of ours', { outcome: 'held', fault: 'platform', attempted_ms: PROBED + 20 }],
    ['was answered 2xx, though nobody noted it in the health row', { outcome: 'delivered', attempted_ms: PROBED + 20 }],
  ] as const)('is probed once more when its last probe %s', async (_, latest) => {
    expect(await look(latest)).toEqual({ deactivated: 0, probes: 1, releases: 0 });
  });
});

describe('an endpoint that is down and whose subscription is deleted', () => {
  const probed = (agoMs: number) => ({ deleted: true, health: { ...DOWN_TOO_LONG, probed_ms: NOW - agoMs } });
  const before = { outcome: 'held', attempted_ms: NOW - 5 * MINUTE } as const;

  it('has what is held released, probed by nobody', async () => {
    expect(await look(before, probed(MINUTE))).toEqual({ deactivated: 0, probes: 0, releases: 1 });
  });

  it('waits for a probe that may be under way: its line would be the last word on its delivery', async () => {
    expect(await look(before, probed(10_000))).toMatchObject({ releases: 0 });
    expect(await look({ outcome: 'held', attempted_ms: NOW - 9000 }, probed(10_000))).toMatchObject({ releases: 1 });
  });
});

describe('a subscription that is switched off while its endpoint is down', () => {
  const SINCE = '2023-11-10T00:00:00.000Z';
  const AT = '2023-11-14T00:00:00.000Z';
  const { problem } = becauseDown(SINCE);

  /** A look that finds the row as it is; what it queued and noted, in order. */
  async function lookAt(row: object, { queueFails = false } = {}) {
    const did: unknown[] = [];
    const deps = {
      circuits: { note: async (_: string, name: string, atMs: number) => did.push({ [name]: atMs }) > 0 },
      subscriptions: { get: async () => ({ organization: ORGANIZATION, id: 'sub_1', active: false, ...row }) },
      next: async ({ job }: RecoveryMessage) => {
        if (queueFails) throw new Error('SQS did not take it.');
        did.push(job);
      },
      now: () => NOW,
    } as unknown as RecoveryDeps;
    const health = { ...DOWN_TOO_LONG, opened_ms: Date.parse(SINCE), notified_ms: 1 };
    await lookAfter(health, MINUTE / 2, deps).catch(() => did.push('failed'));
    return did;
  }
  const job = {
    ...{ kind: 'deactivated', why: 'down', organization: ORGANIZATION, subscription_id: 'sub_1' },
    ...{ since_ms: Date.parse(SINCE), at_ms: Date.parse(AT) },
  };

  it('by the platform, which died over it, is told of, then noted', async () => {
    expect(await lookAt({ problem, inactive_since: AT })).toEqual([job, { deactivated_ms: Date.parse(AT) }]);
  });

  it('by the platform is not noted while nobody could be asked to tell of it', async () => {
    expect(await lookAt({ problem, inactive_since: AT }, { queueFails: true })).toEqual(['failed']);
  });

  it.each([
    ['by a person', {}],
    ['for another outage', { problem: becauseDown(AT).problem, inactive_since: AT }],
    ['by somebody who typed those words', { problem, inactive_since: 'today' }],
  ])('%s is noted, and told to nobody', async (_, row) => {
    expect(await lookAt(row)).toEqual([{ deactivated_ms: NOW }]);
  });
});
