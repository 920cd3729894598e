import { startReplay, type StartDeps } from '../../lambdas/api/replays/start.ts';
import type { Replay, ReplayQuery } from '../../lambdas/domain/delivery/replay.ts';
import { API_SECONDS } from '../../lambdas/domain/limits.ts';
import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { firstStep, replayJob } from '../../lambdas/domain/messages/jobs.ts';
import { Container } from './container.ts';
import type { Plan } from './plan.ts';
import { sendAll } from './queue-deps.ts';
import type { Chance } from './random.ts';
import type { World } from './world.ts';

/** What people ask for: everything but what the api says of it itself. */
export type Asked = Pick<Replay, 'organization' | 'subscription' | 'outcomes'>;
/** Begins a replay of this id as the api does. */
export type Begin = (id: string, query: ReplayQuery) => Promise<void>;

/** Makes the api inside a container. */
type Api = (world: World, container: Container) => Begin;

/** How much later than its request the first step may begin, seconds: the api's own delay. */
const AHEAD_SECONDS = 1;
/** Tries of a person who gets no answer, or none that says that the replay runs. */
const TRIES = 20;
const PRINCIPAL = { keyId: 'key_support', scopes: ['support' as const] };

/** What the api gets in a container for its replays. */
export function startDeps(world: World, container: Container): Omit<StartDeps, 'newReplayId'> {
  const send = sendAll(container, world.recovery);
  return {
    replays: world.tables.replays.store(container),
    startReplay: async (id, organization, askedMs) => {
      const body = encodeRecoveryMessage(firstStep(replayJob(id, organization, askedMs)));
      return (await send([{ body, delaySeconds: AHEAD_SECONDS }])).size === 0;
    },
    quotas: { take: async () => true, free: async () => undefined },
    repeats: async () => undefined,
    most: () => 3,
    record: async () => 'key_support',
    now: world.clock.now,
  };
}

/** The api, as far as it begins replays. @param deps what mutants tamper with. */
export function beginOf(deps: Omit<StartDeps, 'newReplayId'>): Begin {
  return async (id, query) => {
    await startReplay(query, { estimate: 0 }, PRINCIPAL, { ...deps, newReplayId: () => id });
  };
}

/**
 * Somebody asks for a replay until the api says that it runs. Without a chance of its own the api is never in trouble, so that
 * such a schedule is the one that it was before there was any.
 * @param named what its id has become: each request begins another one.
 * @param before called before each request.
 */
export async function askForReplay(
  world: World,
  api: Api,
  { id, ...asked }: Asked & { id: string },
  {
    chance,
    named = () => undefined,
    before = () => undefined,
  }: {
    chance: Chance | undefined;
    named?: (id: string) => void;
    before?: () => void;
  },
): Promise<void> {
  if (chance === undefined) {
    before();
    return beginAtOnce(world, { id, ...asked });
  }
  for (let n = 1; n <= TRIES; n++) {
    const name = n === 1 ? id : id.replace('_', `_${n}_`);
    named(name);
    before();
    const container = new Container(world.timeline, chance, world.trouble);
    const query = { ...asked, since_ms: 0, until_ms: world.timeline.now };
    const answered = api(world, container)(name, query)
      .then(() => true)
      .catch(() => false);
    if (await Promise.race([answered, world.timeline.sleep(API_SECONDS * 1000)])) return;
    container.die();
  }
}

function beginAtOnce(world: World, about: Asked & { id: string }): void {
  const { now } = world.timeline;
  const progress = { state: 'running' as const, rate: 50, estimate: 0, queued: 0, done: 0, failed: 0, step: -1 };
  const times = { since_ms: 0, until_ms: now, created_ms: now, stepped_ms: now };
  world.tables.replays.rows.set(about.id, { ...about, ...progress, ...times });
  world.recovery.send(encodeRecoveryMessage(firstStep({ kind: 'replay', replay_id: about.id })));
}

/** `POST …/replay` without a body. */
export function replayOne(
  world: World,
  api: Api,
  { plan, replay, chance }: { plan: Plan; replay: Plan['replays'][number]; chance: Chance | undefined },
): void {
  const { id, subscription } = replay;
  const { organization, url } = plan.subscriptions.find((one) => one.id === subscription)!;
  const row = world.tables.subscriptions.find((one) => one.id === subscription)!;
  void askForReplay(
    world,
    api,
    { id, organization, subscription },
    {
      chance,
      named: (name) => void (replay.id = name),
      before() {
        replay.wellAtStart = world.endpoints.isWell(url) && !world.endpoints.mayRelapse(url) && row.active !== false;
      },
    },
  );
}
