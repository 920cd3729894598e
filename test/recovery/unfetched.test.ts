import { describe, expect, it } from 'vitest';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { eventIdsAt } from '../../lambdas/domain/ulid-time.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { ENDS_BEFORE_MS } from '../../lambdas/recovery/unfetched.ts';
import { lookAfter } from '../../lambdas/recovery/supervise-endpoints.ts';
import type { HeldDelivery } from '../../lambdas/stores/held.ts';
import { RecoveryWorld } from '../support/recovery-world.ts';
import { anEvent } from '../support/sender.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEPT = 30 * DAY;
const NOW = 1_700_000_000_000;
const ORGANIZATION = 'org_1';
const SUBSCRIPTION = 'sub_1';
const health: EndpointHealth = {
  subscription: SUBSCRIPTION,
  organization: ORGANIZATION,
  failures: 0,
  circuit: 'paused',
  paused_ms: NOW - 40 * DAY,
};

/** Recovery that looks after a subscription of which these are kept, as old as these milliseconds. */
function keeping(row: Record<string, unknown> | undefined, ages: number[]) {
  const held: HeldDelivery[] = ages.map((age) => {
    const event = anEvent({ id: eventIdsAt(NOW - age).first, organization: ORGANIZATION });
    const fields = first({ subscription_id: SUBSCRIPTION, format: 'standard' }, { nowMs: NOW });
    const message = encodeDeliveryMessage(encodeEvent(event), fields);
    return { subscription: SUBSCRIPTION, event_id: event.id, organization: ORGANIZATION, held_ms: NOW - age, message };
  });
  const lines: Attempt[] = [];
  const { deps } = new RecoveryWorld();
  const notices: string[] = [];
  return {
    held,
    lines,
    notices,
    deps: {
      ...deps,
      now: () => NOW,
      settings: { ...deps.settings, keptMs: KEPT },
      subscriptions: { get: async () => row },
      tell: async ({ kind }: { kind: string }) => notices.push(kind) > 0,
      held: {
        oldest: async (_: string, limit: number) => held.slice(0, limit),
        removeRead: async (ended: readonly HeldDelivery[]) => {
          for (const one of ended) held.splice(held.indexOf(one), 1);
        },
      },
      attempts: {
        ...deps.attempts,
        append: async (attempts: Attempt[]): Promise<Attempt[]> => {
          lines.push(...attempts);
          return [];
        },
      },
    },
  };
}

describe('what is kept and never fetched', () => {
  it('ends before its event goes, with a line that says why', async () => {
    const { deps, held, lines } = keeping({ delivery: 'pull' }, [KEPT - HOUR, KEPT - 2 * HOUR + 1, KEPT - 3 * HOUR]);

    await lookAfter(health, 0, deps);

    expect(held).toHaveLength(1);
    expect(lines).toMatchObject([
      {
        outcome: 'cancelled',
        reason: 'neither fetched nor resumed for as long as its event is kept',
        attempted_ms: NOW,
        url: '',
      },
      { outcome: 'cancelled' },
    ]);
    expect(lines.every((line) => line.fetched_ms === undefined)).toBe(true);
    expect(ENDS_BEFORE_MS).toBe(2 * HOUR);
  });

  it('stays when its line cannot be written', async () => {
    const { deps, held } = keeping({ delivery: 'pull' }, [KEPT]);
    deps.attempts.append = async (attempts) => attempts;

    await expect(lookAfter(health, 0, deps)).rejects.toThrow('1 lines');

    expect(held).toHaveLength(1);
  });

  it('ends without a line when its message cannot be read, which the log of recovery says', async () => {
    const { deps, held, lines } = keeping({ delivery: 'pull' }, [KEPT]);
    held[0]!.message = '{}';
    const errors: unknown[] = [];
    const logger = { ...deps.logger, error: (message: string, fields?: object) => errors.push({ message, ...fields }) };

    await lookAfter(health, 0, { ...deps, logger });

    expect([held, lines]).toEqual([[], []]);
    expect(errors).toMatchObject([{ message: 'held delivery cannot be read', subscription_id: SUBSCRIPTION }]);
  });

  it('of a paused subscription ends as well; of one that is fetched nobody is told that it is paused for long', async () => {
    const paused = keeping({ paused: true }, [KEPT]);
    const pulled = keeping({ delivery: 'pull' }, [KEPT]);

    await lookAfter(health, 0, paused.deps);
    await lookAfter(health, 0, pulled.deps);

    expect([paused.held, pulled.held]).toEqual([[], []]);
    expect([paused.notices, pulled.notices]).toEqual([['subscription.paused'], []]);
  });
});

describe('an endpoint in trouble whose subscription is fetched from now on', () => {
  it.each(['open', 'throttled'] as const)('is neither probed nor released: %s', async (circuit) => {
    const { deps } = keeping({ delivery: 'pull' }, [HOUR]);
    const paused: string[] = [];
    const health_ = {
      ...deps.health,
      pause: async ({ subscription }: { subscription: string }) => paused.push(subscription) > 0,
    };

    await lookAfter({ ...health, circuit, throttled_until_ms: NOW - 1 }, 0, { ...deps, health: health_ });

    expect(paused).toEqual([SUBSCRIPTION]);
  });
});
