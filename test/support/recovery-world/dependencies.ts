import type { Attempt } from '../../../lambdas/domain/delivery/attempt.ts';
import type { RecoveryDeps } from '../../../lambdas/recovery/ports.ts';
import type { LatestAttempt } from '../../../lambdas/stores/attempts.ts';
import { takeInHand } from '../in-hand.ts';
import { TICK_MS, type World } from './world.ts';
import { circuitsOf } from './circuits.ts';

const nothing = (): void => undefined;

/** What recovery is given: stores in memory, the world's clock and its queues. */
export function dependenciesOf(world: World): RecoveryDeps {
  return {
    circuits: circuitsOf(world),
    health: {
      pause: async () => world.pauseCircuit(),
      resume: async () => world.resumeCircuit(),
      renew: async () => world.renewCircuit(),
      // Nothing of it is held by turns: its senders hold what the circuit says.
      letOut: async () => undefined,
    },
    held: {
      oldest: async (_, limit, after = '') => world.held.after(after, limit),
      removeRead: async (deliveries) =>
        deliveries.forEach(({ event_id, held_ms }) => {
          if (world.held.get(event_id)?.held_ms === held_ms) world.held.delete(event_id);
        }),
    },
    attempts: {
      append: async (lines) => {
        for (const line of lines) world.log.set(line.event_id, line);
        return [];
      },
      // Recovery looks at what the world keeps of it only.
      latest: async (_, event) => world.log.get(event) as Attempt | undefined,
      latestBetween: async (_, from, to) => {
        const found = new Map<string, LatestAttempt>();
        for (let n = Number(from.slice(4)); n <= Number(to.slice(4)); n++) {
          const id = `evt_${String(n).padStart(26, '0')}`;
          const latest = world.log.get(id);
          if (latest) found.set(id, latest);
        }
        return found;
      },
      exhausted: async () => ({ found: [] }),
    },
    healing: {
      claimTry: async () => false,
      moveOn: async () => undefined,
      begun: async () => undefined,
      end: async () => true,
      forgetReplay: async () => undefined,
    },
    subscriptions: { get: async () => world.row },
    missedSent: async (_key, sent) => void world.missedSent.push(sent),
    targets: {
      deactivate: async () => {
        world.row = { ...world.row, active: false };
        return true;
      },
    },
    replays: {
      create: async () => true,
      get: async () => undefined,
      advance: async () => false,
      end: async () => undefined,
      chosen: async () => [],
    },
    purges: {
      get: async () => undefined,
      add: async () => undefined,
      advance: async () => false,
      end: async () => undefined,
      tombstones: async () => [],
    },
    purgeable: { remove: async () => ({ deleted: {} }) },
    replayable: { page: async () => ({ deliveries: [] }), one: async () => undefined },
    replayableMany: { page: async () => ({ deliveries: [], leftOut: 0 }) },
    events: { addMatch: async () => undefined },
    rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set() },
    slowLane: laneOf(world),
    fastLane: laneOf(world),
    next: async ({ job, step }, delaySeconds) => world.job(job, step, delaySeconds),
    toDeadLetters: async () => new Set(),
    take: takeInHand(),
    comeBack: async () => ({ stay: new Set(), buried: 0 }),
    tell: async ({ kind }) => world.notices.push(kind) > 0,
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing, milliseconds: nothing },
    errorFields: () => ({}),
    settings: {
      probeMs: TICK_MS,
      downMs: 5 * 86_400_000,
      keptMs: Infinity,
      purgeMs: 300_000,
      replayMs: 7 * 86_400_000,
      heal: { delaysMs: [900_000] },
    },
    told: {
      claim: async (_, name, telling) => {
        world.told = { ...world.told, [name]: telling };
        if (name === 'told_exhausted') delete world.told.untold_exhausted;
        return true;
      },
      queued: async (_, name) => {
        const { due: __, ...telling } = world.told[name]!;
        world.told = { ...world.told, [name]: telling };
      },
      forget: async (_, name) => void delete world.told[name],
    },
    publish: async (event) => void world.published.push(event),
    now: () => world.now,
  };
}

function laneOf(world: World): RecoveryDeps['slowLane'] {
  return {
    send: async (entries) => {
      for (const { body, delaySeconds = 0 } of entries) world.queue(body, 1, world.now + delaySeconds * 1000);
      return new Set();
    },
  };
}
