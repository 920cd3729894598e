import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { RECOVERY_SECONDS } from '../../lambdas/domain/limits.ts';
import {
  decodeDeliveryMessage,
  encodeEventMessage,
  encodeRecoveryMessage,
} from '../../lambdas/domain/messages/codec.ts';
import { accepted } from '../../lambdas/domain/messages/events.ts';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { ReconcileDeps } from '../../lambdas/recovery/reconcile.ts';
import { createReplayableManyStore } from '../../lambdas/stores/dynamodb/replayable-many.ts';
import { createReplayableStore } from '../../lambdas/stores/dynamodb/replayable.ts';
import { createMissedSent } from '../../lambdas/stores/missed-sent.ts';
import type { Container } from './container.ts';
import { forgottenTooSoon } from './missed.ts';
import { PURGE_MS } from './purge-state.ts';
import { purgeableOf } from './purges.ts';
import { comeBackTo, noMetrics, sendAll, silent, takeFrom } from './queue-deps.ts';
import { rules } from './sender-deps.ts';
import type { World } from './world.ts';

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
  /** In the look under way. */
  const asked = new Map<string, string>();
  const replayable = createReplayableStore(tables.events(container), attempts, world.clock.now);
  return {
    circuits: {
      ...circuits,
      all() {
        asked.clear();
        return circuits.all();
      },
      get(subscription) {
        asked.delete(subscription);
        return circuits.get(subscription);
      },
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
        const bodies = entries.map(({ body }) => body);
        world.watchReleased(bodies, claimed);
        world.watchAsked(bodies, asked);
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
