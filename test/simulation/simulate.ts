import { findViolations } from './invariants.ts';
import type { Manner } from './endpoints.ts';
import type { Trouble } from './container.ts';
import { createChance, type Chance } from './random.ts';
import { REAL_STAGES, World, type Stages } from './world.ts';

/** What a run sets up and what its producers were told. */
export interface Plan {
  subscriptions: { organization: string; id: string; url: string; manner: Manner }[];
  accepted: { id: string; organization: string }[];
  /** Events that producers meant to publish. */
  published: number;
}

export interface RunResult {
  violations: string[];
  requests: number;
  crashes: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const ORGANIZATIONS = ['org_a', 'org_b'];
const MANNERS: Manner[] = ['well', 'well', 'flaky', 'flaky', 'dead', 'gone'];
/** Tries of a producer that gets no 202. */
const PRODUCER_TRIES = 20;

/**
 * One schedule: a few producers, events, subscriptions and endpoints; which of them, how long each call takes, what
 * fails and who dies, all follow from the seed.
 */
export async function simulate(seed: number, stages: Stages = REAL_STAGES): Promise<RunResult> {
  const chance = createChance(seed);
  const world = new World(chance.between(1, 2 ** 31), chooseTrouble(chance));
  const plan: Plan = { subscriptions: [], accepted: [], published: chance.between(1, 4) };
  const count = chance.between(1, 4);
  for (let n = 0; n < count; n++) {
    const organization = chance.pick(ORGANIZATIONS);
    const url = `https://hooks.example.com/${n}`;
    const id = `sub_${n}`;
    const manner = chance.pick(MANNERS);
    plan.subscriptions.push({ organization, id, url, manner });
    world.tables.subscriptions.push({ organization, id, url });
    world.endpoints.open(url, manner);
  }
  world.start(stages);
  for (let n = 0; n < plan.published; n++) {
    const organization = chance.pick(ORGANIZATIONS);
    const text = JSON.stringify({ organization, type: 'visit.updated', data: { n } });
    world.timeline.after(chance.between(0, 5000), () => void publish(world, stages, plan, text, `key-${n}`));
  }
  const cameToRest = await world.timeline.run(world.timeline.now + 4 * DAY_MS);
  return {
    violations: findViolations(world, plan, cameToRest),
    requests: world.endpoints.seen.length,
    crashes: world.crashes,
  };
}

/** A third of the schedules without trouble, a third in which only the delivery log fails, a third with all of it. */
function chooseTrouble(chance: Chance): Trouble {
  const none = { crash: 0, refused: 0, lostAnswer: 0, log: 0, duplicate: 0 };
  const kind = chance.between(0, 2);
  if (kind === 0) return none;
  if (kind === 1) return { ...none, log: chance.next() };
  return {
    crash: chance.next() * 0.04,
    refused: chance.next() * 0.1,
    lostAnswer: chance.next() * 0.05,
    log: chance.next() * 0.2,
    duplicate: 0.02,
  };
}

/** A producer posts until it hears 202, always with the same key. */
async function publish(world: World, stages: Stages, plan: Plan, text: string, key: string): Promise<void> {
  for (let attempt = 0; attempt < PRODUCER_TRIES; attempt++) {
    const container = world.container();
    const answered = stages
      .ingest(world, container)(text, key)
      .catch(() => undefined);
    // An ingest that died never answers; the producer gives up on it after a while.
    const answer = await Promise.race([answered, world.timeline.sleep(10_000)]);
    const [result] = (answer as { results?: { id?: string }[] } | undefined)?.results ?? [];
    if (result?.id !== undefined) {
      const { organization } = JSON.parse(text) as { organization: string };
      plan.accepted.push({ id: result.id, organization });
      return;
    }
  }
}
