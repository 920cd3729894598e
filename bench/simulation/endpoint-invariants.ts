import { SLOW_LANE_MS } from '../../lambdas/domain/endpoint/circuit.ts';
import type { Expect, Subscription } from './known-deliveries.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** What was on its way when an endpoint asked to wait still comes, milliseconds. */
const LAST_REQUESTS_MS = 5000;
/** How long an endpoint is believed that only asks to wait, less a moment, milliseconds. */
const BELIEVED_MS = 3_600_000 - LAST_REQUESTS_MS;
/** By then an endpoint that hangs is known as slow everywhere: it hung, somebody wrote that down, and others read it. */
const KNOWN_AS_SLOW_MS = 10_000;
/** Looks at an endpoint after which what is due must have been done, whatever failed of them. */
const LOOKS = { calm: 3, troubled: 25 };

/** What holds for an endpoint and its circuit. */
export function ofEndpoint(subscription: Subscription, world: World, plan: Plan): string[] {
  const { id, url, endpoint } = subscription;
  const violations: string[] = [];
  const expect: Expect = (holds, otherwise) => void (holds || violations.push(`${otherwise}: ${id}`));
  const { tables, endpoints, settings, notices } = world;
  const health = tables.health.rows.get(id);
  const row = tables.subscriptions.find((one) => one.id === id)!;
  const isServed = endpoints.isWell(url) && row.active !== false;
  const held = [...tables.held.of(id).keys()].filter(
    (event) => !isMovedAway(event, id, world) && !isLeftOver(event, id, world),
  ).length;
  expect(held === 0 || health?.circuit === 'open', 'held though its circuit is not open');
  expect(held === 0 || !isServed, 'held though its endpoint answers');
  expect(health?.circuit === undefined || health.circuit === 'open', 'its release never ended');
  const { opened_ms = Infinity, probed_ms = 0 } = health ?? {};
  if (health?.circuit === 'open') {
    const patienceMs = LOOKS[world.calm ? 'calm' : 'troubled'] * settings.probeMs;
    const told = notices.has(`endpoint.down ${id}`);
    const isOff = row.active === false;
    expect(told || isOff || opened_ms > endOf(world, plan) - patienceMs, 'down, and nobody was told');
    // An endpoint without events is not probed, and a probe counts only when the log says in time that it failed.
    const failedMs = loggedProbes(id, world).filter((ms) => ms >= opened_ms + settings.downMs);
    const isForgotten = failedMs.length > LOOKS[world.calm ? 'calm' : 'troubled'] && !isOff;
    expect(!isForgotten, 'down for too long, and not deactivated');
  }
  expect(isDeactivationTold(subscription, world, plan), 'deactivated, and nobody was told');
  expect(!isTooFast(subscription, world), 'more requests in a second than its ceiling');
  expect(health?.circuit !== undefined || held === 0, 'held, and nobody lets it go');
  expect(health?.circuit !== 'throttled', 'throttled for ever');
  expect(health?.circuit !== 'paused', 'paused for ever');
  const { fromMs: pausedMs = Infinity, toMs: resumedMs = Infinity } = tables.paused.get(id) ?? {};
  const whilePaused = endpoints.seen.filter(
    (one) => one.url === url && one.atMs > pausedMs + LAST_REQUESTS_MS && one.atMs < resumedMs,
  );
  expect(whilePaused.length === 0, 'called while it was paused');
  expect(!tables.health.pausesBroken.has(id), 'its pause was ended by nobody');
  const isLeftAlone = !endpoints.tooSoon.some(
    (one) => one.url === url && one.sinceMs > LAST_REQUESTS_MS && isBelieved(one, world),
  );
  const mayBeAsked = tables.health.everOpen.has(id) || tables.paused.has(id) || world.renewed.has(id);
  expect(!world.calm || mayBeAsked || isLeftAlone, 'not left alone though it asked to wait');
  expect(!isWronglyDeactivated(id, url, world), 'deactivated though it answered');
  const hung = endpoints.seen.filter((one) => one.url === url && one.status === 0);
  const { atMs: firstMs = 0 } = hung[0] ?? {};
  const isLate = (atMs: number): boolean => atMs > firstMs + KNOWN_AS_SLOW_MS && atMs < firstMs + SLOW_LANE_MS;
  const mayBeForgotten = !world.calm || world.renewed.has(id);
  const isInTheWay = hung.some(({ atMs, lane }) => lane === 'fast' && isLate(atMs));
  expect(mayBeForgotten || !isInTheWay, 'tried in the fast lane though it hangs');
  if (!world.calm) return violations;
  const successes = endpoints.seen.filter((request) => request.url === url && request.status === 200);
  const answeredMs = successes.at(-1)?.atMs ?? 0;
  const isEarly = world.moments.some(
    (one) =>
      one.id === id &&
      endpoints.seen.some(
        (request) =>
          request.url === url && request.id === one.event && request.atMs >= one.fromMs && request.atMs < one.dueMs,
      ),
  );
  expect(!isEarly, 'went out before the moment that its release has given to it');
  const isStuck = endpoint.manner === 'outage' && health?.circuit === 'open' && probed_ms > 0 && answeredMs > probed_ms;
  expect(!isStuck, 'its circuit stays open although it answered a probe');
  const deactivatedMs = tables.deactivated.get(id);
  if (deactivatedMs !== undefined && endpoint.manner !== 'gone') {
    const early = successes.some(({ atMs }) => atMs < deactivatedMs && atMs > deactivatedMs - settings.downMs);
    const neverFailed = deactivatedMs - (endOf(world, plan) - plan.lengthMs) < settings.downMs;
    expect(!early && !neverFailed, 'deactivated too early');
  }
  return violations;
}

/**
 * Each of its senders died between holding it and having it let go, and SQS made a dead letter of it after the last one. Whoever
 * sends that back has it let go; so has the next delivery.
 */
function isMovedAway(event: string, subscription: string, { trouble, deliveriesDeadLetters }: World): boolean {
  if (trouble.crash === 0) return false;
  const letters = [...deliveriesDeadLetters.messages.values()];
  return letters.some(({ kind, body }) => kind === undefined && body.includes(event) && body.includes(subscription));
}

/**
 * Held for its turn, neither could its sender have it let go nor, at the very next call, take it away again, or the sender died
 * in between; and when its message came back, it was delivered or exhausted. The next delivery has it let go; where the log says
 * that it was delivered, it is not sent again.
 */
function isLeftOver(event: string, subscription: string, { tables }: World): boolean {
  const isOver = tables
    .logOf(subscription, event)
    .some(({ outcome }) => outcome === 'delivered' || outcome === 'exhausted');
  const name = `${event} ${subscription}`;
  return isOver && (tables.held.notTakenBack.has(name) || tables.held.heldBy.get(name)?.dead === true);
}

/** That a subscription was switched off because its endpoint was down is told, unless somebody has switched it on before. */
function isDeactivationTold({ id, endpoint }: Subscription, world: World, plan: Plan): boolean {
  const { tables, notices, settings, renewed, recoveryDeadLetters } = world;
  const atMs = tables.deactivated.get(id);
  if (atMs === undefined || endpoint.manner === 'gone' || notices.has(`subscription.deactivated ${id}`)) return true;
  const isOn = renewed.get(id)?.some((ms) => ms > atMs) ?? false;
  const isDead = [...recoveryDeadLetters.messages.values()].some(({ body }) => body.includes('"deactivated"'));
  return isOn || isDead || atMs > endOf(world, plan) - LOOKS.troubled * settings.probeMs;
}

/** At most so many requests in any second, whatever crashes and however many senders and releases there are. */
function isTooFast({ url, perSecond }: Subscription, { endpoints }: World): boolean {
  if (perSecond === undefined) return false;
  const seen = endpoints.seen.filter((one) => one.url === url);
  return seen.some(({ atMs }, n) => {
    const last = seen[n + perSecond];
    return last !== undefined && last.atMs - atMs < 1000;
  });
}

/** One that has answered nothing well for an hour is no longer believed, and tells of that alone when it next does. */
function isBelieved({ url, askedMs }: { url: string; askedMs: number }, { endpoints }: World): boolean {
  const before = endpoints.seen.filter((one) => one.url === url && one.atMs < askedMs - LAST_REQUESTS_MS);
  const lastGood = before.findLastIndex(({ status }) => status === 200);
  const firstBad = before[lastGood + 1];
  return firstBad === undefined || askedMs - firstBad.atMs < BELIEVED_MS;
}

/** Its newest request was answered, and the log tells of no later failure. A success that nobody heard of is a failure. */
function isWronglyDeactivated(subscription: string, url: string, { tables, endpoints }: World): boolean {
  const deactivatedMs = tables.deactivated.get(subscription);
  if (deactivatedMs === undefined) return false;
  const newest = endpoints.seen.findLast((one) => one.url === url && one.atMs < deactivatedMs - 10_000);
  if (newest?.status !== 200) return false;
  return ![...tables.recorded.keys()]
    .flatMap((event) => tables.logOf(subscription, event))
    .some(
      (line) =>
        line.outcome === 'held' &&
        line.attempted_ms > newest.atMs - 1000 &&
        tables.writtenMs.get(line)! <= deactivatedMs,
    );
}

/** Times of the failed probes of which the log told before the next one was due. */
function loggedProbes(subscription: string, { tables, settings }: World): number[] {
  return [...tables.recorded.keys()]
    .flatMap((event) => tables.logOf(subscription, event))
    .filter(({ outcome, timings_ms }) => outcome === 'held' && timings_ms !== undefined)
    .filter((line) => tables.writtenMs.get(line)! - line.attempted_ms < settings.probeMs / 2)
    .map(({ attempted_ms }) => attempted_ms);
}

/** When the schedules ended. */
function endOf(world: World, plan: Plan): number {
  return world.startMs + plan.lengthMs;
}
