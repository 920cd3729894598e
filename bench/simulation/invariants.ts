import { FINAL_OUTCOMES, isHealTry, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { SLOW_LANE_MS } from '../../lambdas/domain/endpoint/circuit.ts';
import { GIVEN_UP_AFTER_MS } from '../../lambdas/domain/delivery/trouble.ts';
import { LONGEST_WAIT_IN_FLIGHT_SECONDS } from '../../lambdas/domain/limits.ts';
import { UNDER_WAY_MS } from '../../lambdas/domain/delivery/replay.ts';
import { isOperational } from '../../lambdas/domain/operational.ts';
import { eventIdMs } from '../../lambdas/domain/ulid-time.ts';
import { LOOK_BACK_MS } from '../../lambdas/recovery/reconcile.ts';
import { ofHealedDelivery, ofHealing } from './healing-invariants.ts';
import { ofTellings } from './told-invariants.ts';
import type { Seen } from './endpoints.ts';
import { ofLeaving } from './purges.ts';
import { ofFeeds } from './feeds.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** Requests one message may cause: one try and three retries. */
const TRIES = 4;
/** Milliseconds between two tries at least: the shortest delay, less its jitter. */
const SHORTEST_GAP_MS = 8000;
/** What was on its way when an endpoint asked to wait still comes, milliseconds. */
const LAST_REQUESTS_MS = 5000;
/** How long an endpoint is believed that only asks to wait, less a moment, milliseconds. */
const BELIEVED_MS = 3_600_000 - LAST_REQUESTS_MS;
/** What is in trouble comes back after so many milliseconds at the latest, and some for calls and Lambda. */
const LONGEST_RETURN_MS = 15 * 60_000;
/** By then an endpoint that hangs is known as slow everywhere: it hung, somebody wrote that down, and others read it. */
const KNOWN_AS_SLOW_MS = 10_000;
/** Looks at an endpoint after which what is due must have been done, whatever failed of them. */
const LOOKS = { calm: 3, troubled: 25 };

type Subscription = Plan['subscriptions'][number];

/** All that is known about one delivery when everything has come to rest. */
interface Delivery {
  event: string;
  subscription: Subscription;
  /** Its lines in the delivery log, oldest first. */
  log: readonly Attempt[];
  seen: readonly Seen[];
  /** Dead letters of this delivery, or of its event. */
  dead: number;
  /** How many of them are of its event, which was never fanned out. */
  unfanned: number;
  /** How many are marked as ours. */
  ours: number;
  held: boolean;
  /** Times that the reconciler queued it, and that a person might have. */
  reconciled: number;
  /** When it did so last, milliseconds; undefined: never. */
  reconciledMs: number | undefined;
  replays: number;
}

/**
 * Everything that must hold when all has come to rest.
 * @returns what does not, in words; empty when all is well.
 */
export function findViolations(world: World, plan: Plan, cameToRest: boolean): string[] {
  const violations: string[] = [];
  const { events, deliveries, recovery } = world;
  if (!cameToRest) violations.push('the queues did not drain');
  if ([events, deliveries.fast, deliveries.slow, recovery].some(({ messages }) => messages.size > 0)) {
    violations.push('messages were left in a queue that nobody looks at');
  }
  const longestWait = Math.max(deliveries.fast.longestWait, deliveries.slow.longestWait);
  if (longestWait > LONGEST_WAIT_IN_FLIGHT_SECONDS) violations.push(`a wait of ${longestWait} s in flight`);
  const recorded = [...world.tables.recorded.values()].filter(({ event }) => !isOperational(event.type));
  if (recorded.length > plan.events.length) violations.push('one request became two events');

  const wanted = wantedDeliveries(world, plan);
  for (const delivery of wanted.values()) violations.push(...ofDelivery(delivery, world));
  const accepted = new Set(plan.accepted.map(({ id }) => id));
  for (const { id, url } of world.endpoints.seen) {
    // An event whose acceptance the producer never heard of may be delivered; one of another organization never.
    if (accepted.has(id) && !wanted.has(`${id} ${url}`)) violations.push(`unexpected: ${id} at ${url}`);
  }
  violations.push(...world.begunTooFast.map((what) => `a release began with ${what}`));
  violations.push(...ofTwins(world, plan), ...ofLeaving(world));
  const called = plan.subscriptions.filter(({ id }) => !world.fetched.has(id));
  for (const subscription of called) violations.push(...ofEndpoint(subscription, world, plan));
  violations.push(...ofFeeds(world, plan));
  for (const subscription of called) violations.push(...ofHealing(subscription, world, isQuiet(world)));
  violations.push(...ofTellings(world, isQuiet(world)));
  violations.push(...ofReplays(world, plan, [...wanted.values()]), ...world.wronglyReconciled);
  violations.push(...ofMissed(world, plan), ...ofBulk(world, plan, [...wanted.values()]));
  const { refused, lostAnswer, duplicate } = world.trouble;
  if (refused + lostAnswer + duplicate === 0) violations.push(...world.stayedAway);
  if (isQuiet(world) && world.reconciled.size > 0) violations.push('reconciled though nothing was stuck');
  return violations;
}

/** A row with another organization's id gets nothing, and changes nothing for the owner: not its log, not its health. */
function ofTwins({ tables, startMs, calm }: World, { twins }: Plan): string[] {
  const violations: string[] = [];
  for (const { organization, id, notedMs } of twins) {
    for (const { event, matches } of tables.recorded.values()) {
      // While the owner cannot be read it cannot be known either, and the line says no more than that.
      if (
        calm &&
        tables.blackout === undefined &&
        tables.logOf(id, event.id).some((line) => line.organization === organization)
      )
        violations.push(`a line in another organization's log: ${event.id} ${id}`);
      const isNoted = event.organization === organization && event.enqueued_ms > startMs + notedMs;
      if (isNoted && matches.some(({ subscription }) => subscription === id))
        violations.push(`matched though its row says that nothing is sent: ${event.id} ${id}`);
    }
    if (tables.health.of({ organization, subscription: id })) violations.push(`another organization's health: ${id}`);
  }
  return violations;
}

/** Nothing at all has failed. */
function isQuiet(world: World): boolean {
  return world.calm && world.tables.unwritten === 0;
}

function wantedDeliveries(world: World, plan: Plan): Map<string, Delivery> {
  const { tables, endpoints } = world;
  const letters = [...world.deliveriesDeadLetters.messages.values(), ...world.eventsDeadLetters.messages.values()];
  const wanted = new Map<string, Delivery>();
  for (const { id: event, organization } of plan.accepted) {
    for (const subscription of plan.subscriptions) {
      const { id, url } = subscription;
      if (world.fetched.has(id)) continue;
      const matched = tables.recorded.get(event)?.matches.some((match) => match.subscription === id);
      // While it is inactive, events do not match it.
      const mayBeInactive = tables.deactivated.has(id) || subscription.isLate;
      if (subscription.organization !== organization || (mayBeInactive && !matched)) continue;
      wanted.set(`${event} ${url}`, {
        event,
        subscription,
        log: tables.logOf(id, event),
        seen: endpoints.seen.filter((request) => request.id === event && request.url === url),
        dead: lettersOf(letters, event, id).length,
        unfanned: lettersOf(world.eventsDeadLetters.messages.values().toArray(), event, id).length,
        ours: lettersOf(letters, event, id).filter(({ kind }) => kind === 'platform').length,
        held: tables.held.of(id).has(event),
        reconciled: world.reconciled.get(`${event} ${id}`)?.length ?? 0,
        reconciledMs: world.reconciled.get(`${event} ${id}`)?.at(-1),
        replays:
          plan.replays.filter((replay) => replay.subscription === id).length + plan.bulk.length + plan.late.length,
      });
    }
  }
  return wanted;
}

function lettersOf<L extends { body: string }>(letters: readonly L[], event: string, subscription: string): L[] {
  return letters.filter(({ body }) => body.includes(event) && (body.includes(subscription) || !body.includes('sub_')));
}

/** What holds for each delivery, whatever has happened. */
function ofDelivery(delivery: Delivery, world: World): string[] {
  const { event, subscription, log, seen, dead, held, reconciled } = delivery;
  const violations: string[] = [];
  const expect = (holds: boolean, otherwise: string): void =>
    void (holds || violations.push(`${otherwise}: ${event} ${subscription.id}`));
  const outcomes = log.map(({ outcome }) => outcome);
  const ended = FINAL_OUTCOMES.includes(outcomes.at(-1)!);
  // 2xx is what the customer wanted, and 410 is its last word; whether the log got the line is another matter.
  const answered = seen.some(({ status }) => (status >= 200 && status < 300) || status === 410);
  // Cancelled because its subscription was inactive, and the line about it was among those that could not be written.
  const silentlyCancelled = world.tables.deactivated.has(subscription.id) && world.tables.unwritten > 0;
  expect(ended || answered || dead > 0 || held || silentlyCancelled, 'lost');
  expect(new Set(seen.map(({ body }) => body)).size <= 1, 'bytes changed');
  expect(!held || world.tables.recorded.has(event), 'held, but nothing to replay it from');
  for (const { attempt, outcome, status } of log) {
    expect(attempt >= 1 && attempt <= TRIES, `attempt number ${attempt}`);
    const matching = outcome !== 'delivered' || seen.some((request) => request.status === status);
    expect(matching, 'logged as delivered but never seen');
  }
  // SQS moves away what was given back at its last receive, unless another receive of that very message is under way and
  // acknowledges it, because its request was answered, or the delivery is held or cancelled.
  const endedElsewhere = answered || held || silentlyCancelled || outcomes.some(isOtherEnd);
  const acknowledged = world.trouble.duplicate > 0 && endedElsewhere;
  expect(!outcomes.includes('exhausted') || dead > 0 || acknowledged, 'exhausted, but no dead letter');
  // How far it looks back is settled as soon as it can note where it begins; not before, whatever keeps it from that.
  const { passes, begunMs = Infinity } = world.tables.replays;
  const fromMs = begunMs - world.settings.stuckMs - LOOK_BACK_MS;
  const acceptedMs = eventIdMs(event)!;
  // What was recorded later is for the pass that looks a day later.
  const isRecorded = (world.tables.recorded.get(event)?.atMs ?? Infinity) < acceptedMs + world.settings.stuckMs;
  const isOverdue = isRecorded && acceptedMs > fromMs && acceptedMs <= (passes[0]?.through_ms ?? 0);
  const { health } = world.tables;
  const { id } = subscription;
  // Whatever may have had it held.
  const everOpen = health.everOpen.has(id) || health.everThrottled.has(id) || world.tables.paused.has(id);
  // What it has missed may have been noted behind the reconciler's look.
  const isExcused = everOpen || subscription.isLate === true;
  expect(log.length > 0 || isExcused || !isOverdue || reconciled > 0, 'the reconciler overlooked what has no line');
  ofOurFaults(delivery, world, expect);
  if (world.calm) {
    const mayMissLines = world.tables.unwritten > 0 && world.settings.heal.hours > 0;
    ofCalmDelivery(
      delivery,
      {
        dayLong: isDayLong(world),
        open: everOpen,
        paced: subscription.perSecond !== undefined,
        mayMissLines,
        renewed: world.renewed.has(subscription.id),
      },
      expect,
    );
    expect(!isGivenUpUnheard(delivery, world), 'held, then exhausted though its endpoint had not answered meanwhile');
  }
  if (isQuiet(world)) ofQuietDelivery(delivery, expect);
  return [...violations, ...ofHealedDelivery(delivery, world, isQuiet(world))];
}

/** What is held goes out to an endpoint that answers: to one that does not it may go at most to be held again. */
function isGivenUpUnheard({ subscription, log }: Delivery, { endpoints, tables, renewed }: World): boolean {
  // A pause says nothing about the endpoint, and what tables were kept from us afterwards was tried when nothing was held.
  if (tables.paused.has(subscription.id) && tables.blackout) return false;
  // It was held for its turn: nor does that say anything.
  if (subscription.perSecond !== undefined) return false;
  // What is exhausted and tried again may be given up again.
  const own = log.filter(({ automatic }) => automatic === undefined);
  const held = own.findIndex(({ outcome }) => outcome === 'held');
  const exhausted = own.findIndex(({ outcome }, n) => n > held && outcome === 'exhausted');
  if (held < 0 || exhausted < 0) return false;
  const [fromMs, toMs] = [own[held]!.attempted_ms, own[exhausted]!.attempted_ms];
  // Each sends what is held, and its tries count on: somebody said twice that it may go out.
  // A pause ends some time after its row says so.
  const { toMs: resumedMs = Infinity } = tables.paused.get(subscription.id) ?? {};
  const said = (renewed.get(subscription.id) ?? []).filter((ms) => ms > fromMs && ms < toMs).length;
  if (said + (resumedMs < toMs ? 1 : 0) > 1) return false;
  // One that asks to wait is there, though it takes nothing yet.
  const isHeard = (status: number): boolean => status === 200 || subscription.endpoint.manner === 'busy';
  // An answer began the release behind which it was held: nothing but its turn in it was waited for.
  const before = endpoints.seen.findLast(({ url, atMs }) => url === subscription.url && atMs < fromMs);
  if (before && isHeard(before.status) && before.atMs >= fromMs - LAST_REQUESTS_MS) return false;
  return !endpoints.seen.some(
    ({ url, status, atMs }) => url === subscription.url && isHeard(status) && atMs >= fromMs && atMs <= toMs,
  );
}

/** An end of which SQS knows: its message is acknowledged. */
function isOtherEnd(outcome: Attempt['outcome']): boolean {
  return outcome !== 'exhausted' && FINAL_OUTCOMES.includes(outcome);
}

type Expect = (holds: boolean, otherwise: string) => void;

/** Tables were kept from us for longer than what needs them comes back. */
function isDayLong({ tables: { blackout } }: World): boolean {
  return blackout !== undefined && blackout.toMs - blackout.fromMs >= GIVEN_UP_AFTER_MS;
}

/** Nothing of ours uses up a customer's tries: what it keeps from us for a while is lost to nobody. */
function ofOurFaults(
  { event, subscription, log, seen, dead, ours, held, reconciled, reconciledMs = 0 }: Delivery,
  world: World,
  expect: Expect,
): void {
  const { blackout } = world.tables;
  expect(ours === 0 || isDayLong(world), 'given up before the day was over');
  const delivered = log.findIndex(({ outcome }) => outcome === 'delivered');
  // A replay's copy may be given up while another waits, held, for the end of a pause: that one is delivered later.
  const before = log.slice(0, delivered).filter(({ outcome, fault }) => outcome === 'exhausted' && fault !== undefined);
  const isLawful = !isQuiet(world) || delivered < 0 || ours === before.length;
  expect(isLawful, 'given up though it was delivered');
  const { deactivated, paused } = world.tables;
  // What was missed is in trouble since it was asked for, and what waits for its turn is held meanwhile.
  const isLater = subscription.isLate || subscription.perSecond !== undefined;
  if (
    isDayLong(world) &&
    world.calm &&
    !isLater &&
    !held &&
    !deactivated.has(subscription.id) &&
    !paused.has(subscription.id)
  ) {
    // What the reconciler queued has a day of its own, and of two copies either may go on.
    const waited = blackout!.toMs - Math.max(blackout!.fromMs, eventIdMs(event)!, reconciledMs);
    const wasKept = seen.every(({ atMs }) => atMs > blackout!.toMs) && !blackout!.of.every((one) => one === 'log');
    expect(!wasKept || waited < GIVEN_UP_AFTER_MS + LONGEST_RETURN_MS || ours > 0, 'not given up after a day');
  }
  // A crash that the log cannot be asked about, or a second receive at the same time, may cost a try.
  const { crash, refused, lostAnswer, log: logFails, duplicate } = world.trouble;
  if (refused + lostAnswer + duplicate > 0 || (crash > 0 && (logFails > 0 || blackout !== undefined))) return;
  const refusals = log.filter(
    (line) => line.outcome === 'exhausted' && line.fault === undefined && !isHealTry(line),
  ).length;
  // A copy that a crash left behind counts on from what the log says of the other.
  const cycles = crash > 0 ? Math.min(refusals, 1) : refusals;
  // One that dies between telling the queue of a failed try and writing its line hides the receive that another lost.
  const hidden = world.crashes > 1 ? 1 : 0;
  expect(seen.length >= TRIES * cycles - hidden, `exhausted after ${seen.length} requests`);
  // The same of one that the reconciler queued beside a message that was only late.
  const letters = Math.max(dead - ours - reconciled, Math.min(dead - ours, 1));
  if (crash === 0) expect(seen.length >= TRIES * letters, `a dead letter after ${seen.length} requests`);
}

/** Without crashes and lost answers nothing happens twice, unless somebody asks for it. */
function ofCalmDelivery(
  { subscription, log, seen, dead, reconciled, replays }: Delivery,
  flags: Record<'dayLong' | 'open' | 'paced' | 'mayMissLines' | 'renewed', boolean>,
  expect: Expect,
): void {
  const { dayLong, open, paced, mayMissLines, renewed } = flags;
  const { manner } = subscription.endpoint;
  const mayBeHeld = open || paced;
  const automatic = log.filter((line) => line.automatic !== undefined);
  const cycles = 1 + reconciled + replays + new Set(automatic.flatMap(({ replay }) => replay ?? [])).size;
  expect(manner !== 'well' || seen.length <= cycles, `${seen.length} requests`);
  expect(
    manner !== 'well' ||
      log.every(
        ({ outcome, fault }) => outcome === 'delivered' || fault !== undefined || (mayBeHeld && outcome === 'held'),
      ),
    'failed though its endpoint is well',
  );
  expect(manner !== 'gone' || seen.length <= 1, 'sent again after 410');
  // Of these tries nothing but the log tells.
  if (open || mayMissLines) return;
  expect(seen.length - automatic.filter(isHealTry).length <= TRIES * cycles, `${seen.length} requests`);
  if (cycles > 1 || dayLong) return;
  const gaps = seen.slice(1).map((request, n) => request.atMs - seen[n]!.atMs);
  expect(
    // What is exhausted is tried at once when its subscription gets another URL.
    renewed || gaps.every((gap) => gap >= SHORTEST_GAP_MS),
    'tried again too soon',
  );
  expect(
    manner !== 'dead' || (seen.length - automatic.length === TRIES && dead === 1),
    'not exactly four tries and one dead letter',
  );
}

/** When nothing has failed, the log is the whole truth. */
function ofQuietDelivery(delivery: Delivery, expect: Expect): void {
  const { log, seen, dead, unfanned, held, replays } = delivery;
  const { perSecond } = delivery.subscription;
  const finals = log.filter(({ outcome }) => FINAL_OUTCOMES.includes(outcome));
  expect(held || finals.length > 0 || unfanned > 0, 'no final state');
  expect(held || log.at(-1)?.outcome !== 'held', 'held by its log only');
  const unasked = finals.filter((line) => line.automatic === undefined);
  expect(unasked.length <= 1 + replays, 'more than one final state');
  const exhausted = finals.filter((line) => line.outcome === 'exhausted' && !isHealTry(line));
  expect(exhausted.length === dead - unfanned, 'dead letters differ from the log');
  const requests = log.filter(({ timings_ms }) => timings_ms !== undefined).map(({ status }) => status ?? 0);
  expect(
    requests.toSorted().join() ===
      seen
        .map(({ status }) => status)
        .toSorted()
        .join(),
    'the log differs from what was seen',
  );
  for (const cycle of new Set(log.map(({ replay }) => replay))) {
    // What was not tried for a reason of ours, or waited for its turn, has the number of the try that was due.
    const lines = log.filter(
      (one) => one.replay === cycle && one.fault === undefined && !(perSecond && one.outcome === 'held'),
    );
    for (const [n, { attempt, attempted_ms }] of lines.entries()) {
      const before = lines[n - 1];
      expect(attempt === 1 || attempt === (before?.attempt ?? 0) + 1, `attempt ${attempt} after ${before?.attempt}`);
      expect(attempted_ms >= (before?.attempted_ms ?? 0), 'times do not rise');
    }
  }
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

/** What holds for an endpoint and its circuit. */
function ofEndpoint(subscription: Subscription, world: World, plan: Plan): string[] {
  const { id, url, endpoint } = subscription;
  const violations: string[] = [];
  const expect: Expect = (holds, otherwise) => void (holds || violations.push(`${otherwise}: ${id}`));
  const { tables, endpoints, settings, notices } = world;
  const health = tables.health.rows.get(id);
  const row = tables.subscriptions.find((one) => one.id === id)!;
  const isServed = endpoints.isWell(url) && row.active !== false;
  const held = tables.held.of(id).size;
  expect(held === 0 || health?.circuit === 'open', 'held though its circuit is not open');
  expect(held === 0 || !isServed, 'held though its endpoint answers');
  expect(health?.circuit === undefined || health.circuit === 'open', 'its release never ended');
  const { opened_ms = Infinity, probed_ms = 0 } = health ?? {};
  if (health?.circuit === 'open') {
    const patienceMs = LOOKS[world.calm ? 'calm' : 'troubled'] * settings.probeMs;
    const told = notices.has(`endpoint.down ${id}`);
    expect(told || opened_ms > endOf(world, plan) - patienceMs, 'down, and nobody was told');
    // An endpoint without events is not probed, and a probe counts only when the log says in time that it failed.
    const failedMs = loggedProbes(id, world).filter((ms) => ms >= opened_ms + settings.downMs);
    const isForgotten = failedMs.length > LOOKS[world.calm ? 'calm' : 'troubled'] && row.active !== false;
    expect(!isForgotten, 'down for too long, and not deactivated');
  }
  expect(!isTooFast(subscription, world), 'more requests in a second than its ceiling');
  expect(health?.circuit !== undefined || tables.held.of(id).size === 0, 'held, and nobody lets it go');
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
  const mayBeAsked =
    tables.health.everOpen.has(id) || tables.paused.has(id) || plan.renewals.some((one) => one.id === id);
  expect(!world.calm || mayBeAsked || isLeftAlone, 'not left alone though it asked to wait');
  expect(!isWronglyDeactivated(id, url, world), 'deactivated though it answered');
  const hung = endpoints.seen.filter((one) => one.url === url && one.status === 0);
  const { atMs: firstMs = 0 } = hung[0] ?? {};
  const isLate = (atMs: number): boolean => atMs > firstMs + KNOWN_AS_SLOW_MS && atMs < firstMs + SLOW_LANE_MS;
  const mayBeForgotten = !world.calm || plan.renewals.some((one) => one.id === id);
  const isInTheWay = hung.some(({ atMs, lane }) => lane === 'fast' && isLate(atMs));
  expect(mayBeForgotten || !isInTheWay, 'tried in the fast lane though it hangs');
  if (!world.calm) return violations;
  const successes = endpoints.seen.filter((request) => request.url === url && request.status === 200);
  const answeredMs = successes.at(-1)?.atMs ?? 0;
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

/** What was missed is noted, and sent to an endpoint that is well; and nothing is sent that is noted nowhere. */
function ofMissed(world: World, plan: Plan): string[] {
  const { tables, endpoints } = world;
  const violations: string[] = [];
  for (const { id, replay } of plan.late) {
    const job = tables.replays.rows.get(replay)!;
    const { url, organization } = plan.subscriptions.find((one) => one.id === id)!;
    const row = tables.subscriptions.find((one) => one.id === id)!;
    for (const { event, matches } of tables.recorded.values()) {
      if (event.organization !== organization) continue;
      const isNoted = matches.some(({ subscription }) => subscription === id);
      if (tables.logOf(id, event.id).length > 0 && !isNoted)
        violations.push(`sent, and noted nowhere: ${event.id} ${id}`);
      const isDue = isQuiet(world) && job.state === 'done' && tables.recorded.get(event.id)!.atMs < job.created_ms;
      const isWell = endpoints.isWell(url) && row.active !== false && !tables.deactivated.has(id) && !tables.blackout;
      const isFetched = world.fetched.get(id)?.has(event.id) === true;
      const isTaken =
        isFetched || endpoints.seen.some((one) => one.url === url && one.id === event.id && one.status === 200);
      const isForGood = tables.logOf(id, event.id).at(-1)?.outcome === 'exhausted';
      if (isDue && isWell && !(isTaken || isForGood)) violations.push(`missed, and not sent: ${event.id} ${id}`);
    }
  }
  return violations;
}

/** What ended badly before a replay of everybody's deliveries is tried in it, where anything is sent there. */
function ofBulk(world: World, plan: Plan, wanted: readonly Delivery[]): string[] {
  const { tables } = world;
  return plan.bulk.flatMap(({ id }) => {
    const { state, created_ms } = tables.replays.rows.get(id)!;
    if (state !== 'done' || !isQuiet(world) || tables.blackout) return [];
    return wanted.flatMap(({ event, subscription, log }) => {
      const before = log.findLast((line) => tables.writtenMs.get(line)! <= created_ms);
      const isSent = tables.subscriptions.find((one) => one.id === subscription.id)!.active !== false;
      const isTried = log.some(({ replay, attempted_ms }) => replay === id || attempted_ms > created_ms);
      const isHeld = tables.held.of(subscription.id).has(event);
      if (before?.outcome !== 'exhausted' || !isSent || isTried || isHeld) return [];
      return [`left out of a replay of all: ${event} ${subscription.id}`];
    });
  });
}

/** A replay ends, or its message is a dead letter that an operator can send back; and it sends what was not delivered. */
function ofReplays(world: World, plan: Plan, wanted: readonly Delivery[]): string[] {
  const violations: string[] = [];
  const letters = [...world.recoveryDeadLetters.messages.values()];
  const deadDeliveries = [...world.deliveriesDeadLetters.messages.values()];
  for (const { id, state, subscription, created_ms, automatic } of world.tables.replays.rows.values()) {
    const isDead = letters.some(({ body }) => body.includes(id));
    // What was missed is for nobody while nothing is sent to its subscription.
    const isOver = state === 'done' || (state === 'cancelled' && plan.late.some(({ replay }) => replay === id));
    if (!isOver && !isDead) violations.push(`replay never ended: ${id}`);
    if (automatic || !plan.replays.some((replay) => replay.id === id)) continue;
    const { wellAtStart } = plan.replays.find((replay) => replay.id === id)!;
    if (!wellAtStart || state !== 'done' || isDayLong(world)) continue;
    for (const { event, subscription: to, log, seen } of wanted) {
      if (to.id !== subscription || eventIdMs(event)! > created_ms - UNDER_WAY_MS) continue;
      if (isQuiet(world) && log.at(-1)?.outcome !== 'delivered') violations.push(`not replayed: ${event} ${to.id}`);
      const written = log.filter((line) => world.tables.writtenMs.get(line)! <= created_ms);
      const tried = log.length > written.length || seen.some(({ atMs }) => atMs > created_ms);
      const gaveUp = deadDeliveries.some(({ body }) => body.includes(event) && body.includes(id));
      const isHeld = world.tables.held.of(to.id).has(event);
      if (written.at(-1)?.outcome === 'exhausted' && !tried && !gaveUp && !isHeld) {
        violations.push(`replay left out: ${event} ${to.id}`);
      }
    }
  }
  return violations;
}
