import type { Principal } from '../../lambdas/domain/api-key.ts';
import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import { acceptEvent } from '../../lambdas/ingest/accept.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { resumePurges } from '../../lambdas/recovery/purge.ts';
import { type ReconcileDeps, reconcile } from '../../lambdas/recovery/reconcile.ts';
import { lookAfterAll, workAll } from '../../lambdas/recovery/recovery.ts';
import type { Lane } from '../../lambdas/sender/ports.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import type { StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import type { Container } from './container.ts';
import { type Count, statisticsOf } from './counts.ts';
import { type Feed, feedDeps, feedOf } from './feeds.ts';
import { sendAll } from './queue-deps.ts';
import { reconcileDeps, recoveryDeps } from './recovery-deps.ts';
import { type Begin, beginOf, startDeps } from './replays.ts';
import { fanOutDeps, senderDeps } from './sender-deps.ts';
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

const KEY: Principal = { keyId: 'key_producer', scopes: ['events:write'] };

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
