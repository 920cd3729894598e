import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import type { Principal } from '../../lambdas/domain/api-key.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import {
  decodeDeliveryMessage,
  encodeEventMessage,
  encodeRecoveryMessage,
} from '../../lambdas/domain/messages/codec.ts';
import { accepted } from '../../lambdas/domain/messages/events.ts';
import type { ComeBack } from '../../lambdas/domain/delivery/trouble.ts';
import { FAN_OUT_SECONDS, RECOVERY_SECONDS, SENDER_SECONDS, VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import { createComeBack } from '../../lambdas/queues/come-back.ts';
import { createTakeInHand } from '../../lambdas/queues/in-hand.ts';
import { createAskRecovery } from '../../lambdas/queues/recovery-jobs.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { SubscriptionRules } from '../../lambdas/domain/subscription/read-subscription.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { FanOutDeps } from '../../lambdas/fan-out/ports.ts';
import { acceptEvent } from '../../lambdas/ingest/accept.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { resumePurges } from '../../lambdas/recovery/purge.ts';
import { reconcile, type ReconcileDeps } from '../../lambdas/recovery/reconcile.ts';
import { lookAfterAll, workAll } from '../../lambdas/recovery/recovery.ts';
import type { Lane, SenderDeps } from '../../lambdas/sender/ports.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import { createTokens } from '../../lambdas/sender/tokens.ts';
import { createMissedSent } from '../../lambdas/stores/missed-sent.ts';
import { createReplayableManyStore } from '../../lambdas/stores/dynamodb/replayable-many.ts';
import { createReplayableStore } from '../../lambdas/stores/dynamodb/replayable.ts';
import type { StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import type { Container } from './container.ts';
import { statisticsOf, type Count } from './counts.ts';
import { feedDeps, feedOf, type Feed } from './feeds.ts';
import { forgottenTooSoon } from './missed.ts';
import type { SimulatedQueue } from './queue.ts';
import { PURGE_MS } from './purge-state.ts';
import { purgeableOf } from './purges.ts';
import { beginOf, startDeps, type Begin } from './replays.ts';
import type { Recovery, Stage } from './stage.ts';
import type { World } from './world.ts';

/** Makes a stage inside a container; mutants replace these by broken ones. */
export interface Stages {
  ingest(world: World, container: Container): (text: string, idempotencyKey: string) => Promise<unknown>;
  fanOut(world: World, container: Container): Stage;
  sender(world: World, container: Container, lane: Lane): Stage;
  recovery(world: World, container: Container): Recovery;
  feed(world: World, container: Container): Feed;
  api(world: World, container: Container): Begin;
  statistics(deps: StatisticsDeps): Count;
}

/** Time that recovery's handler keeps to end what was begun, milliseconds. */
const MARGIN_MS = 20_000;

const nothing = (): void => undefined;
const silent = { info: nothing, warn: nothing, error: nothing };
const noMetrics = { count: nothing, milliseconds: nothing };
const rules: SubscriptionRules = {
  checkUrl: (url) => ({ ok: true, url }),
  knownTypes: new Set(catalogue.types.map(({ name }) => name)),
};
const KEY: Principal = { keyId: 'key_producer', scopes: ['events:write'] };

/** Sends to a queue as SendMessageBatch does: part of it may fail, and a lost answer counts as failed. */
export function sendAll(container: Container, queue: SimulatedQueue) {
  return async (entries: readonly { body: string; delaySeconds?: number; kind?: string }[]): Promise<Set<number>> => {
    const failed = new Set<number>();
    await Promise.all(
      entries.map(({ body, delaySeconds = 0, kind }, index) =>
        container.call(() => queue.send(body, delaySeconds * 1000, kind)).catch(() => void failed.add(index)),
      ),
    );
    return failed;
  };
}

/** How messages of a queue come back that failed for a reason of ours. */
function comeBackTo(queue: SimulatedQueue, deadLetters: SimulatedQueue, world: World, container: Container): ComeBack {
  return createComeBack({
    send: sendAll(container, queue),
    toDeadLetters: sendAll(container, deadLetters),
    logger: silent,
    now: world.clock.now,
    random: () => world.chance.next(),
  });
}

/** Takes messages of a queue in hand. */
export function takeFrom(
  queue: SimulatedQueue,
  timeoutSeconds: number,
  world: World,
  container: Container,
): TakeInHand {
  return createTakeInHand({
    changeVisibility: async (changes) => {
      for (const { receiptHandle } of changes) world.asked.add(receiptHandle);
      try {
        const refused = await container.call(() =>
          changes.filter(({ receiptHandle, seconds }) => !queue.changeVisibility(receiptHandle, seconds)),
        );
        return new Set(refused.map(({ receiptHandle }) => receiptHandle));
      } catch {
        return new Set(changes.map(({ receiptHandle }) => receiptHandle));
      }
    },
    ownSeconds: VISIBILITY_TIMES * timeoutSeconds,
    logger: silent,
    metrics: noMetrics,
    now: world.clock.now,
    after: afterIn(world, container),
  });
}

/** A timer of a process: it dies with it. */
function afterIn({ timeline }: World, container: Container): SenderDeps['after'] {
  return (ms, happen) => {
    let isDue = true;
    timeline.after(ms, () => (isDue && !container.dead ? happen() : false));
    return () => void (isDue = false);
  };
}

/** The stages as they are. */
export const REAL_STAGES: Stages = {
  ingest(world, container) {
    const dependencies = {
      catalogue,
      ids: createIds({ now: () => world.timeline.now, random: () => world.chance.next() }),
      graves: world.purges.graves(world, container),
      idempotency: world.tables.idempotency(container),
      queue: { send: sendAll(container, world.events) },
      now: () => world.timeline.now,
      sleep: (ms: number) => world.timeline.sleep(ms),
    };
    return (text, idempotencyKey) => acceptEvent(dependencies, { principal: KEY, text, idempotencyKey });
  },
  fanOut(world, container) {
    const fanOut = createFanOut(fanOutDeps(world, container));
    return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
  },
  sender: (world, container, lane) => {
    const sender = createSender(senderDeps(world, container));
    return (messages, remainingMs) => sender({ lane, messages, remainingMs });
  },
  recovery: (world, container) => recoveryOf(world, container, recoveryDeps(world, container)),
  feed: (world, container) => feedOf(feedDeps(world, container)),
  api: (world, container) => beginOf(startDeps(world, container)),
  statistics: statisticsOf,
};

/** Recovery as its handler runs it. @param parts what mutants tamper with. */
export function recoveryOf(
  world: World,
  container: Container,
  deps: RecoveryDeps,
  reconciling: ReconcileDeps = reconcileDeps(world, container),
): Recovery {
  const outOfTime = (remainingMs: () => number) => () => remainingMs() < MARGIN_MS;
  return {
    work: (messages) => workAll(messages, deps),
    lookAfter: (remainingMs) => lookAfterAll(deps, outOfTime(remainingMs)),
    reconcile: async (remainingMs) => {
      if (world.leaves) await resumePurges(deps);
      await reconcile(reconciling, outOfTime(remainingMs));
    },
  };
}

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

/** A replay that has waited so long for its ends is looked at more rarely here. */
const LONG_WAIT_MS = 3 * 3_600_000;

/**
 * Looks every five minutes for a week, at ends that nobody counts, would cost more than all else. SQS may hand a look out hours
 * later, where there is a backlog, and so it does: when the wait has grown by an eighth.
 */
function lateLookMs({ job }: RecoveryMessage, { tables, timeline }: World): number {
  const replay = job.kind === 'replay' ? tables.replays.rows.get(job.replay_id) : undefined;
  const waitedMs = replay?.listed ? timeline.now - replay.created_ms : 0;
  return waitedMs < LONG_WAIT_MS ? 0 : waitedMs / 8;
}

/** What recovery gets in a container. */
export function recoveryDeps(world: World, container: Container): RecoveryDeps & Pick<ReconcileDeps, 'replayable'> {
  const { tables, settings } = world;
  const attempts = tables.log(container);
  const circuits = tables.health.circuits(container);
  const claimed = new Map<string, EndpointHealth>();
  const replayable = createReplayableStore(tables.events(container), attempts, world.clock.now);
  return {
    circuits: {
      ...circuits,
      async claimStep(...of) {
        const row = await circuits.claimStep(...of);
        if (row) claimed.set(row.subscription, row);
        return row;
      },
    },
    health: tables.health.pauses(container),
    healing: tables.health.healing(container),
    held: tables.held.store(container),
    attempts,
    subscriptions: tables.rows(container),
    replays: tables.replays.store(container),
    purges: world.purges.store(container),
    purgeable: purgeableOf(world, container),
    replayable,
    replayableMany: createReplayableManyStore({
      events: tables.events(container),
      attempts,
      replayable,
      organizations: tables.organizations(container),
      now: world.clock.now,
      logMs: Infinity,
    }),
    events: tables.events(container),
    rules,
    missedSent: createMissedSent(
      tables.notedRows(container, (row) => world.forgotten.push(...forgottenTooSoon(row, tables))),
    ),
    targets: tables.targets(container),
    slowLane: {
      send: (entries) => {
        world.watchReleased(
          entries.map(({ body }) => body),
          claimed,
        );
        return sendAll(container, world.deliveries.slow)(entries);
      },
    },
    fastLane: { send: sendAll(container, world.deliveries.fast) },
    next: (message, delaySeconds) =>
      container.call(() => {
        const delayMs = Math.max(delaySeconds * 1000, lateLookMs(message, world));
        world.recovery.send(encodeRecoveryMessage(message), delayMs);
      }),
    tell: ({ kind, detail }) =>
      container
        .call(() => {
          world.notices.add(`${kind} ${detail.subscription_id}`);
          return true;
        })
        .catch(() => false),
    told: tables.health.told(container),
    publish: (event) =>
      container.call(() => {
        world.told.push(event);
        world.events.send(encodeEventMessage(accepted(event)));
      }),
    toDeadLetters: sendAll(container, world.recoveryDeadLetters),
    take: takeFrom(world.recovery, RECOVERY_SECONDS, world, container),
    comeBack: comeBackTo(world.recovery, world.recoveryDeadLetters, world, container),
    logger: silent,
    metrics: noMetrics,
    errorFields: () => ({}),
    settings: {
      probeMs: settings.probeMs,
      downMs: settings.downMs,
      keptMs: Infinity,
      heal: settings.heal,
      replayMs: settings.replayMs,
      purgeMs: PURGE_MS,
    },
    now: world.clock.now,
  };
}

/** What the reconciler gets in a container; the world watches what it queues. */
export function reconcileDeps(world: World, container: Container): ReconcileDeps {
  const { tables, settings, clock } = world;
  const deps = recoveryDeps(world, container);
  const events = tables.events(container);
  let before = new Set<string>();
  return {
    ...deps,
    events: {
      list: async (filter, page) => {
        const found = await events.list(filter, page);
        before = tables.held.names();
        for (const name of before) world.heldAtLook.add(name);
        return found;
      },
    },
    attempts: tables.log(container),
    held: tables.held.store(container),
    state: tables.replays.reconciler(container, clock.now),
    fastLane: {
      send: async (entries) => {
        // Held before it looked, and still. Whatever was held since, it could not know of: one of these very messages may
        // be held again before SQS has taken the last of them.
        const held = before.intersection(tables.held.names());
        const refused = await deps.fastLane.send(entries);
        for (const [index, { body }] of entries.entries()) {
          if (refused.has(index)) continue;
          const read = decodeDeliveryMessage(body);
          if (read.ok) world.watchReconciled(read.message.subscription_id, read.message.event.id, held);
        }
        return refused;
      },
    },
    stuckMs: settings.stuckMs,
    logMs: Infinity,
  };
}
