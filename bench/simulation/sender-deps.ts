import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { FAN_OUT_SECONDS, SENDER_SECONDS } from '../../lambdas/domain/limits.ts';
import type { SubscriptionRules } from '../../lambdas/domain/subscription/read-subscription.ts';
import type { FanOutDeps } from '../../lambdas/fan-out/ports.ts';
import { createAskRecovery } from '../../lambdas/queues/recovery-jobs.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import { createTokens } from '../../lambdas/sender/tokens.ts';
import type { Container } from './container.ts';
import { afterIn, comeBackTo, noMetrics, sendAll, silent, takeFrom } from './queue-deps.ts';
import type { World } from './world.ts';

export const rules: SubscriptionRules = {
  checkUrl: (url) => ({ ok: true, url }),
  knownTypes: new Set(catalogue.types.map(({ name }) => name)),
};
/** What fan-out gets in a container. */
export function fanOutDeps(world: World, container: Container): FanOutDeps {
  const { now } = world.clock;
  return {
    subscriptions: world.tables.rows(container),
    events: world.tables.events(container),
    graves: world.purges.graves(world, container),
    lanes: {
      load: () =>
        container.call(() => ({ isSlow: (key) => (world.tables.health.of(key)?.slow_until_ms ?? 0) > now() })),
    },
    queues: {
      fast: { send: sendAll(container, world.deliveries.fast) },
      slow: { send: sendAll(container, world.deliveries.slow) },
    },
    toDeadLetters: sendAll(container, world.eventsDeadLetters),
    take: takeFrom(world.events, FAN_OUT_SECONDS, world, container),
    comeBack: comeBackTo(world.events, world.eventsDeadLetters, world, container),
    rules,
    logger: silent,
    metrics: noMetrics,
    errorFields: () => ({}),
    isThrottled: () => false,
    now,
    random: () => world.chance.next(),
    sleep: (ms) => world.timeline.sleep(ms),
  };
}

/** What the sender gets in a container. */
export function senderDeps(world: World, container: Container): SenderDeps {
  const { timeline, tables } = world;
  const ids = createIds({ now: () => timeline.now, random: () => world.chance.next() });
  const customers = world.endpoints.from(container);
  return {
    customers,
    tokens: createTokens({ customers, now: world.clock.now }),
    targets: tables.targets(container),
    graves: world.purges.graves(world, container),
    attempts: tables.log(container),
    held: tables.held.store(container),
    health: tables.health.health(container),
    healing: tables.health.healing(container),
    told: tables.health.told(container),
    queues: {
      take: {
        fast: takeFrom(world.deliveries.fast, SENDER_SECONDS, world, container),
        slow: takeFrom(world.deliveries.slow, SENDER_SECONDS, world, container),
      },
      send: (lane, messages) => sendAll(container, world.deliveries[lane])(messages),
      toDeadLetters: sendAll(container, world.deliveriesDeadLetters),
    },
    replays: tables.replays.store(container),
    ...createAskRecovery({ send: sendAll(container, world.recovery) }),
    logger: silent,
    metrics: noMetrics,
    errorFields: () => ({}),
    rules,
    resourceOf: (type) => catalogue.get(type)?.resource ?? null,
    settings: {
      delays: [10, 60, 180],
      circuit: world.settings.circuit,
      // Few enough for a schedule to come beyond them.
      waits: { endpoint: 1, organization: 2 },
      heal: world.settings.heal,
      version: '0',
      clinicV1StatusCodes: {},
      clinicV1Sunset: '',
    },
    now: world.clock.now,
    after: afterIn(world, container),
    random: () => world.chance.next(),
    newUlid: ids.attempt,
    newReplayId: ids.replay,
  };
}
