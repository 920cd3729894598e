import { isHealTry, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { healDelayMs, mayHeal, MOST_AUTOMATIC_REPLAYS, replayPauseMs } from '../../lambdas/domain/endpoint/healing.ts';
import type { Seen } from './endpoints.ts';
import { sentUnawares, tookNothingOnce } from './known-deliveries.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** What becomes of exhausted deliveries, at one endpoint. */
export interface HealedDelivery {
  event: string;
  subscription: Plan['subscriptions'][number];
  /** Its lines in the delivery log, oldest first. */
  log: readonly Attempt[];
  seen: readonly Seen[];
  reconciled: number;
  replays: number;
}

const HOUR_MS = 3_600_000;
/** Queues, calls, retries of an automatic replay and the look that finds what is due. Milliseconds. */
const SOME_TIME_MS = 15 * 60_000;
/** A line of the log so young may not be known to whoever decides. */
const JUST_NOW_MS = 60_000;

/** What holds for one delivery. Without trouble nothing may be forgotten or done twice. */
export function ofHealedDelivery(delivery: HealedDelivery, world: World, isQuiet: boolean): string[] {
  const { event, subscription, log, seen, reconciled, replays } = delivery;
  const violations: string[] = [];
  const expect = (holds: boolean, otherwise: string): void =>
    void (holds || violations.push(`${otherwise}: ${event} ${subscription.id}`));
  const { heal } = world.settings;
  const automatic = log.filter((line) => line.automatic !== undefined);
  expect(heal.hours > 0 || automatic.length === 0, 'healed though nothing is to be');
  const lives = livesOf(log);
  const final = log.findIndex((line) => line.final);
  const forGood = final < 0 || tookOthers(subscription, log[final]!.attempted_ms, world);
  expect(forGood, 'refused for good by an endpoint that takes nothing');
  if (!isQuiet) return violations;
  for (const life of lives) {
    const jobs = new Set(life.flatMap((line) => (line.automatic === undefined ? [] : (line.replay ?? []))));
    expect(jobs.size <= MOST_AUTOMATIC_REPLAYS, `in ${jobs.size} automatic replays`);
    const over = life.findIndex((line) => line.final);
    const isOver = over < 0 || !life.slice(over + 1).some((one) => one.automatic !== undefined);
    expect(isOver, 'healed though it was over');
  }
  const taken = seen.filter(({ status }) => status === 200).length;
  const unaware = unknownOf(delivery, world) + sentUnawares(delivery, world);
  expect(taken <= 1 + reconciled + replays + unaware, `taken ${taken} times`);
  const own = log.findLast((line) => line.outcome === 'exhausted' && line.automatic === undefined);
  // A look at which a probe went first makes no try: the next one does.
  const { probeMs } = world.settings;
  const keepsMs = heal.hours * HOUR_MS + longestStepMs(world) + probeMs + SOME_TIME_MS;
  const untilMs = (own?.attempted_ms ?? 0) + keepsMs;
  const mayHaveReleased = tookNothingOnce(subscription.id, world) || subscription.perSecond !== undefined;
  // A try that was due meanwhile is made afterwards: where something was held, at the look behind the one that takes up its release.
  const keptMs = (world.tables.blackout?.toMs ?? 0) + (mayHaveReleased ? probeMs : 0) + SOME_TIME_MS;
  // The same of a pause, once what was held for it is out.
  const resumedMs = (world.tables.paused.get(subscription.id)?.toMs ?? 0) + longestStepMs(world) + SOME_TIME_MS;
  const isRenewed = world.renewed.has(subscription.id);
  // Others that are exhausted later keep it going.
  const lastMs = lastExhaustedMs(subscription.id, world) + keepsMs;
  const inTime = automatic.filter((one) => one.attempted_ms < Math.max(untilMs, lastMs, keptMs, resumedMs));
  // One that is held meanwhile is probed as any other, and goes out with the others.
  const isHeldIn = (replay: string | undefined): boolean =>
    inTime.some((one) => one.outcome === 'held' && one.replay === replay);
  expect(
    automatic.every((one) => inTime.includes(one) || one.outcome === 'held' || isHeldIn(one.replay)),
    'healed for too long',
  );
  if (own && !isRenewed) expect(!isForgotten(delivery, own, world), 'exhausted, and forgotten');
  return violations;
}

/** Successes of which the log did not tell yet when another one began an automatic replay: it sends these once more. */
function unknownOf({ subscription, log }: HealedDelivery, { tables }: World): number {
  const begunMs = [...tables.replays.rows.values()]
    .filter((replay) => replay.automatic && replay.subscription === subscription.id)
    .map(({ created_ms }) => created_ms);
  // Its own healing try may have been with a sender already, behind others, when somebody else's success began the replay.
  const begins = (line: Attempt): number => line.attempted_ms - (isHealTry(line) ? JUST_NOW_MS : 0);
  return log.filter(
    (line) =>
      line.outcome === 'delivered' && begunMs.some((ms) => begins(line) <= ms && tables.writtenMs.get(line)! > ms),
  ).length;
}

/** Whoever asks for a delivery again begins it anew: what the platform sent again by itself before counts no more. */
function livesOf(log: readonly Attempt[]): Attempt[][] {
  const lives: Attempt[][] = [[]];
  for (const line of log) {
    if (line.replay !== undefined && line.automatic === undefined) lives.push([]);
    lives.at(-1)!.push(line);
  }
  return lives;
}

/** The endpoint is well, was for long enough while there was time, and did not get it. */
function isForgotten({ subscription, log }: HealedDelivery, own: Attempt, world: World): boolean {
  const { endpoints, tables, settings } = world;
  const row = tables.subscriptions.find(({ id }) => id === subscription.id)!;
  const wellMs = endpoints.wellSinceMs(subscription.url);
  const wasOff = row.active === false || tables.deactivated.has(subscription.id);
  if (wellMs === undefined || endpoints.mayRelapse(subscription.url) || wasOff) return false;
  const last = log.at(-1)!;
  if (!mayHeal(last) && !(last.outcome === 'exhausted' && last.final)) return false;
  // One that takes others may refuse this one for good, also because it comes at the wrong moment.
  if (subscription.endpoint.manner !== 'outage' && last.final) return false;
  if (subscription.endpoint.manner === 'picky') return false;
  // What tables that are kept from us cost in tries is nobody's promise.
  const keptMs = tables.blackout?.toMs ?? 0;
  return (
    Math.max(wellMs, keptMs, own.attempted_ms) + longestStepMs(world) + SOME_TIME_MS <
    own.attempted_ms + settings.heal.hours * HOUR_MS
  );
}

/** What holds for an endpoint. */
export function ofHealing(
  { id, url, endpoint }: Plan['subscriptions'][number],
  world: World,
  isQuiet: boolean,
): string[] {
  const violations: string[] = [];
  const { tables, settings } = world;
  const { heal_event, heal_replay, healed_ms } = tables.health.rows.get(id) ?? {};
  if (heal_event ?? heal_replay ?? healed_ms) violations.push(`healing never ended: ${id}`);
  if (!isQuiet) return violations;
  const lines = linesOf(id, world);
  const tries = lines
    .filter((one) => isHealTry(one) && one.fault === undefined)
    .sort((a, b) => a.attempted_ms - b.attempted_ms);
  const shortestMs = healDelayMs(settings.heal, 0) - JUST_NOW_MS;
  for (const [n, one] of tries.entries()) {
    const before = tries[n - 1];
    const isEarly = before !== undefined && one.attempted_ms - before.attempted_ms < shortestMs;
    if (isEarly && !world.renewed.has(id)) violations.push(`healed too soon: ${one.event_id} ${id}`);
    // One that was refused leaves its turn to the next one.
    if (endpoint.manner === 'outage' && oldestAt(one.attempted_ms, id, world) < one.event_id) {
      violations.push(`not the oldest one is tried: ${one.event_id} ${id}`);
    }
  }
  const missed = endpoint.manner === 'outage' && !world.renewed.has(id) && missedReplay(id, url, world);
  if (missed) violations.push(`exhausted, and not sent though the endpoint answers again: ${missed} ${id}`);
  return violations;
}

/** An exhausted delivery that was not tried soon after a success of its endpoint. @returns its event. */
function missedReplay(id: string, url: string, world: World): string | undefined {
  const { endpoints, tables, settings } = world;
  const row = tables.subscriptions.find((one) => one.id === id)!;
  if (settings.heal.hours === 0 || row.active === false || tables.deactivated.has(id)) return undefined;
  const pauseMs = replayPauseMs(settings.heal);
  const asked = [...tables.replays.rows.values()].filter((one) => one.automatic && one.subscription === id);
  const taken = endpoints.seen.filter((one) => one.url === url && one.status === 200);
  for (const [event, log] of deliveriesOf(id, world)) {
    const own = log.find((line) => mayHeal(line) && line.automatic === undefined);
    if (!own) continue;
    const exhaustedMs = own.attempted_ms + JUST_NOW_MS;
    const success = taken.find(({ atMs }) => atMs > exhaustedMs);
    if (!success) continue;
    // Another one was asked for before, or the time is over for which it is tried.
    const isPaused = asked.some(
      ({ created_ms }) => created_ms > own.attempted_ms - pauseMs && created_ms < success.atMs,
    );
    const isOver = success.atMs > exhaustedMs + settings.heal.hours * HOUR_MS;
    const requests = endpoints.seen.filter((one) => one.url === url && one.id === event && one.atMs >= success.atMs);
    const isTried = requests.some(({ atMs }) => atMs < success.atMs + SOME_TIME_MS);
    // Held behind others: it goes out with them.
    const isHeld = log.some(({ outcome, attempted_ms }) => outcome === 'held' && attempted_ms >= own.attempted_ms);
    if (!isPaused && !isOver && !isTried && !isHeld) return event;
  }
  return undefined;
}

function deliveriesOf(subscription: string, { tables }: World): [string, readonly Attempt[]][] {
  return [...tables.recorded.keys()].map((event) => [event, tables.logOf(subscription, event)]);
}

function linesOf(subscription: string, world: World): Attempt[] {
  return deliveriesOf(subscription, world).flatMap(([, log]) => log);
}

function lastExhaustedMs(subscription: string, world: World): number {
  const own = linesOf(subscription, world).filter((one) => one.outcome === 'exhausted' && !isHealTry(one));
  return Math.max(0, ...own.map(({ attempted_ms }) => attempted_ms));
}

/** The oldest event that was exhausted then. */
function oldestAt(ms: number, subscription: string, world: World): string {
  const exhausted = deliveriesOf(subscription, world).filter(([, log]) => {
    const last = log.findLast((line) => world.tables.writtenMs.get(line)! < ms - JUST_NOW_MS);
    // Its time counts from its own end and not from its last try; others that are exhausted later may keep it going.
    const own = log.findLast((line) => line.outcome === 'exhausted' && !isHealTry(line));
    const isLate = own !== undefined && ms - own.attempted_ms > world.settings.heal.hours * HOUR_MS;
    return last !== undefined && mayHeal(last) && !isLate;
  });
  return exhausted.map(([event]) => event).sort()[0] ?? '~';
}

function tookOthers({ url }: Plan['subscriptions'][number], beforeMs: number, { endpoints }: World): boolean {
  return endpoints.seen.some((one) => one.url === url && one.status === 200 && one.atMs <= beforeMs);
}

function longestStepMs({ settings: { heal } }: World): number {
  return healDelayMs(heal, Infinity);
}
