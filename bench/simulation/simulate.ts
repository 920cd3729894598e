import { EVERY } from '../../lambdas/domain/delivery/replay.ts';
import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { firstStep, releaseJob } from '../../lambdas/domain/messages/jobs.ts';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { countLog } from './counts.ts';
import { findViolations } from './invariants.ts';
import {
  chooseBulk,
  chooseBusy,
  chooseCeilings,
  chooseFlaps,
  chooseHealing,
  chooseLate,
  choosePauses,
  choosePlan,
  chooseQuietOutages,
  chooseRenewals,
  chooseSettings,
  chooseSpan,
  chooseTrouble,
  chooseTwins,
  type Plan,
} from './plan.ts';
import { switchOff, switchOn } from './missed.ts';
import { LEAVING } from './purge-state.ts';
import { chooseLeaving, chooseUnreadable, scheduleLeaving } from './purges.ts';
import { choosePulls, startReader } from './feeds.ts';
import { createChance, type Chance } from './random.ts';
import { askForReplay, replayOne } from './replays.ts';
import type { Connected } from './stage.ts';
import { REAL_STAGES, type Stages } from './stages.ts';
import { World } from './world.ts';

export interface RunResult {
  violations: string[];
  requests: number;
  crashes: number;
  /** Endpoints whose circuit opened. */
  outages: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** So long after the end of its schedule everything must have come to rest: a replay waits a week for what is held. */
const LONGEST_MS = 30 * DAY_MS;
/** As lib/settings.ts has it for batches of more than 10. */
const BATCHING_WINDOW_MS = 1000;
/** Tell the dice for rows with equal ids, for changed URLs, busy endpoints and pauses from those for all else. */
const TWINS = 0x7717;
const RENEWALS = 0x5e7e;
const BUSY = 0xb5b5;
const PAUSES = 0xa5e5;
const PATIENCE = 0x9a71;
const HEALING = 0x4ea1;
const PULLS = 0x9011;
const READERS = 0x4ead;
const LEAVES = 0x1eae;
const STONES = 0x5704;
const CEILINGS = 0xce11;
const TELLS = 0x7e11;
const LATE = 0x1a7e;
const BULK = 0xb01c;
const COUNTS = 0xc047;
const FLAPS = 0xf1a9;
const APIS = 0xa915;
/** Tries of a producer that gets no 202. */
const PRODUCER_TRIES = 20;

/**
 * One schedule: a few producers, events, subscriptions and endpoints; which of them, how long each call takes, what
 * fails and who dies, all follow from the seed.
 */
export async function simulate(seed: number, stages: Stages = REAL_STAGES): Promise<RunResult> {
  const chance = createChance(seed);
  const span = chooseSpan(chance);
  const worldSeed = chance.between(1, 2 ** 31);
  const trouble = chooseTrouble(chance);
  const healing = createChance(seed ^ HEALING);
  const world = new World(worldSeed, trouble, {
    ...chooseSettings(chance, span),
    heal: chooseHealing(healing),
  });
  const startMs = world.timeline.now;
  const plan = choosePlan(chance, span, startMs, trouble);
  if (span === 'hours') chooseBusy(createChance(seed ^ BUSY), plan, startMs);
  if (span === 'steady' && world.settings.heal.hours > 0) chooseQuietOutages(healing, plan, startMs);
  chooseCeilings(createChance(seed ^ CEILINGS), plan);
  const patience = createChance(seed ^ PATIENCE);
  for (const { organization, id, url, endpoint, perSecond } of plan.subscriptions) {
    const row: SubscriptionRow = { organization, id, url, ...(patience.happens(0.3) && { timeout_seconds: 30 }) };
    if (perSecond !== undefined) row.rate_per_second = perSecond;
    world.tables.subscriptions.push(row);
    world.tables.owners.set(id, organization);
    world.endpoints.open(url, endpoint);
    if (endpoint.outage) {
      world.timeline.after(endpoint.outage.toMs - startMs + chance.between(0, 1800_000), () => activate(world, id));
    }
  }
  const tells = createChance(seed ^ TELLS);
  if (tells.happens(0.4)) for (const row of world.tables.subscriptions) row.events = ['*', 'posthorn.*'];
  // Drawn apart, so that a seed without them gives the schedule that it gave before there were any.
  plan.twins = chooseTwins(createChance(seed ^ TWINS), plan.subscriptions);
  for (const twin of plan.twins) typeTwin(world, twin);
  // Else two deliveries hardly ever share a batch, which is where equal ids could meet.
  if (plan.twins.length > 0) world.windowMs = BATCHING_WINDOW_MS;
  const dice = createChance(seed ^ RENEWALS);
  plan.renewals = chooseRenewals(dice, plan);
  for (const { id, afterMs } of plan.renewals) world.timeline.after(afterMs, () => renew(world, id, dice.happens(0.2)));
  plan.pulls = choosePulls(createChance(seed ^ PULLS), plan);
  const isPulled = (id: string): boolean => plan.pulls.some((one) => one.id === id);
  plan.pauses = choosePauses(createChance(seed ^ PAUSES), plan).filter(({ id }) => !isPulled(id));
  for (const pause of plan.pauses) schedulePause(world, pause);
  const dying = createChance(seed ^ APIS);
  const api = dying.happens(0.5) ? dying : undefined;
  plan.late = chooseLate(createChance(seed ^ LATE), plan);
  for (const late of plan.late) scheduleLate(world, stages, plan, late, api);
  plan.flaps = chooseFlaps(createChance(seed ^ FLAPS), plan);
  for (const flap of plan.flaps) scheduleFlap(world, flap);
  plan.bulk = chooseBulk(createChance(seed ^ BULK), plan);
  for (const bulk of plan.bulk) {
    const asked = { id: bulk.id, organization: EVERY, subscription: EVERY };
    const named = (name: string): void => void (bulk.id = name);
    world.timeline.after(bulk.afterMs, () => void askForReplay(world, stages.api, asked, { chance: api, named }));
  }
  world.tables.blackout = plan.blackout;
  const connected: Connected = {
    fanOut: (container) => stages.fanOut(world, container),
    sender: (container, lane) => stages.sender(world, container, lane),
    recovery: (container) => stages.recovery(world, container),
  };
  world.start(connected, startMs + plan.lengthMs);
  plan.pulls.forEach((pull, n) => fetchFrom(world, stages, pull, createChance(seed ^ (READERS + n))));
  for (const [n, { organization, afterMs }] of plan.events.entries()) {
    const text = JSON.stringify({ organization, type: 'visit.updated', data: { organization, n } });
    world.timeline.after(afterMs, () => void publish(world, stages, plan, text, `key-${n}`));
  }
  const leaving = chooseLeaving(createChance(seed ^ LEAVES));
  if (leaving) chooseUnreadable(createChance(seed ^ STONES), leaving);
  if (leaving) scheduleLeaving(world, leaving, (text, key) => void publish(world, stages, plan, text, key));
  for (const replay of plan.replays)
    world.timeline.after(replay.afterMs, () => replayOne(world, stages.api, { plan, replay, chance: api }));
  const cameToRest = await world.timeline.run(startMs + plan.lengthMs + LONGEST_MS);
  const miscounted = await countLog(world.tables, world.trouble, stages.statistics, createChance(seed ^ COUNTS));
  return {
    violations: [...findViolations(world, plan, cameToRest), ...miscounted],
    requests: world.endpoints.seen.length,
    crashes: world.crashes,
    outages: world.tables.health.everOpen.size,
  };
}

/** Behind the rows of the owners. Its endpoint is well, and must never hear of anything. */
function typeTwin(world: World, { organization, id, url, notedMs }: Plan['twins'][number]): void {
  const row: SubscriptionRow = { organization, id, url };
  world.tables.subscriptions.push(row);
  world.endpoints.open(url, { manner: 'well' });
  const note = (): void => void (row.problem = problemText('', 'id: expected one that no other organization uses.'));
  if (notedMs === 0) note();
  else world.timeline.after(notedMs, note);
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
      if (organization !== LEAVING) plan.accepted.push({ id: result.id, organization });
      return;
    }
  }
}

/** What a person does once an endpoint is mended whose subscription was deactivated. */
function activate(world: World, id: string): void {
  const row = world.tables.subscriptions.find((one) => one.id === id)!;
  if (row.active !== false) return;
  switchOn(row, world.timeline.now);
  renew(world, id, false);
}

/** A person switches a subscription off, and on again. */
function scheduleFlap(world: World, { id, offMs, onMs }: Plan['flaps'][number]): void {
  const row = world.tables.subscriptions.find((one) => one.id === id)!;
  world.switchedOff.add(id);
  world.timeline.after(offMs, () => (row.active === false ? undefined : switchOff(row, world.timeline.now)));
  world.timeline.after(onMs, () => activate(world, id));
}

/** What a person, the API and the guard do for a pause and its end. */
function schedulePause(world: World, { id, fromMs, toMs, followsMs }: Plan['pauses'][number]): void {
  const row = world.tables.subscriptions.find((one) => one.id === id)!;
  const organization = world.tables.owners.get(id)!;
  const key = { organization, subscription: id };
  const { timeline, tables } = world;
  timeline.after(fromMs, () => {
    row.paused = true;
    tables.paused.set(id, { fromMs: timeline.now });
  });
  timeline.after(fromMs + followsMs[0], () => tables.health.pause(key));
  timeline.after(toMs, () => {
    row.paused = false;
    tables.paused.get(id)!.toMs = timeline.now;
  });
  timeline.after(toMs + followsMs[1], () => {
    const run = tables.health.resume(key);
    if (run !== undefined) world.recovery.send(encodeRecoveryMessage(firstStep(releaseJob(key, run))));
  });
}

/** Its customer fetches from the beginning; the API, or the guard, has the circuit follow. */
function fetchFrom(world: World, stages: Stages, { id, followsMs }: Plan['pulls'][number], chance: Chance): void {
  const key = { organization: world.tables.owners.get(id)!, subscription: id };
  world.tables.subscriptions.find((one) => one.id === id)!.delivery = 'pull';
  world.timeline.after(followsMs, () => world.tables.health.pause(key));
  startReader(world, key, (container) => stages.feed(world, container), chance);
}

/** What the API does for another URL. @param isLost SQS does not take the message: recovery has to find the release. */
function renew(world: World, id: string, isLost: boolean): void {
  const key = { organization: world.tables.owners.get(id)!, subscription: id };
  world.renewed.set(id, [...(world.renewed.get(id) ?? []), world.timeline.now]);
  const run = world.tables.health.renew(key);
  if (run === undefined || isLost) return;
  world.recovery.send(encodeRecoveryMessage(firstStep(releaseJob(key, run))));
}

/** A subscription that is active from some time on, and a person who asks for what it has missed. */
function scheduleLate(
  world: World,
  stages: Stages,
  plan: Plan,
  late: Plan['late'][number],
  api: Chance | undefined,
): void {
  const { id, replay, activeMs, afterMs } = late;
  const row = world.tables.subscriptions.find((one) => one.id === id)!;
  const organization = world.tables.owners.get(id)!;
  plan.subscriptions.find((one) => one.id === id)!.isLate = true;
  switchOff(row, world.timeline.now);
  world.timeline.after(activeMs, () => {
    switchOn(row, world.timeline.now);
    // Before, it may have been paused and resumed.
    if (world.tables.health.rows.has(id)) renew(world, id, false);
  });
  const asked = { id: replay, organization, subscription: id, outcomes: ['missed' as const] };
  const named = (name: string): void => void (late.replay = name);
  world.timeline.after(afterMs, () => void askForReplay(world, stages.api, asked, { chance: api, named }));
}
