import { FINAL_OUTCOMES, isHealTry, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { GIVEN_UP_AFTER_MS } from '../../lambdas/domain/delivery/trouble.ts';
import { whyHeld } from '../../lambdas/domain/endpoint/circuit.ts';
import { eventIdMs } from '../../lambdas/domain/ulid-time.ts';
import { LOOK_BACK_MS } from '../../lambdas/recovery/reconcile.ts';
import { ofHealedDelivery } from './healing-invariants.ts';
import {
  isDayLong,
  sentUnawares,
  tookNothingOnce,
  wasProbedInRelease,
  type Delivery,
  type Expect,
} from './known-deliveries.ts';
import type { World } from './world.ts';

/** Requests one message may cause: one try and three retries. */
const TRIES = 4;
/** Milliseconds between two tries at least: the shortest delay, less its jitter. */
const SHORTEST_GAP_MS = 8000;
/** From the time that a line has for its request to the one at which its endpoint saw it, milliseconds at most. */
const REQUEST_MS = 1000;
/** What was on its way when an endpoint asked to wait, or its subscription was switched off, still comes, milliseconds. */
const LAST_REQUESTS_MS = 5000;
/** So long the first parts of a release go out, one a second and each tried four times, milliseconds. */
const RELEASE_MS = 5 * 60_000;
/** What is in trouble comes back after so many milliseconds at the latest, and some for calls and Lambda. */
const LONGEST_RETURN_MS = 15 * 60_000;

/** What holds for each delivery, whatever has happened. */
export function ofDelivery(delivery: Delivery, world: World): string[] {
  const { event, subscription, log, seen, dead, held, reconciled } = delivery;
  const violations: string[] = [];
  const expect = (holds: boolean, otherwise: string): void =>
    void (holds || violations.push(`${otherwise}: ${event} ${subscription.id}`));
  const outcomes = log.map(({ outcome }) => outcome);
  const ended = FINAL_OUTCOMES.includes(outcomes.at(-1)!);
  // 2xx is what the customer wanted, and 410 is its last word; whether the log got the line is another matter.
  const answered = seen.some(({ status }) => (status >= 200 && status < 300) || status === 410);
  // Cancelled because its subscription was inactive, and the line about it was among those that could not be written.
  const wasOff = world.tables.deactivated.has(subscription.id) || world.switchedOff.has(subscription.id);
  const silentlyCancelled = wasOff && world.tables.unwritten > 0;
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
  // Or its sender died behind the line and before the dead letter, and when the message came again another copy's line was the
  // latest: it was tried once more, and that went well.
  const own = log.findLast(({ outcome }) => outcome === 'exhausted')?.replay;
  const isTriedAgain = world.trouble.crash > 0 && log.findLast(({ replay }) => replay === own)?.outcome === 'delivered';
  const acknowledged = (world.trouble.duplicate > 0 && endedElsewhere) || isTriedAgain;
  expect(!outcomes.includes('exhausted') || dead > 0 || acknowledged, 'exhausted, but no dead letter');
  // How far it looks back is settled as soon as it can note where it begins; not before, whatever keeps it from that.
  const { passes, begunMs = Infinity } = world.tables.replays;
  const fromMs = begunMs - world.settings.stuckMs - LOOK_BACK_MS;
  const acceptedMs = eventIdMs(event)!;
  // What was recorded later is for the pass that looks a day later.
  const isRecorded = (world.tables.recorded.get(event)?.atMs ?? Infinity) < acceptedMs + world.settings.stuckMs;
  const isOverdue = isRecorded && acceptedMs > fromMs && acceptedMs <= (passes[0]?.through_ms ?? 0);
  const { id } = subscription;
  // Whatever may have had it held.
  const everOpen = tookNothingOnce(id, world);
  // What it has missed may have been noted behind the reconciler's look, and what waited for its turn may have been held at it.
  const isExcused = everOpen || subscription.isLate === true || world.heldAtLook.has(`${event} ${id}`);
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
        switchedOff: world.switchedOff.has(subscription.id),
        offMs: world.tables.deactivated.get(subscription.id) ?? 0,
      },
      expect,
    );
    expect(!isGivenUpUnheard(delivery, world), 'held, then exhausted though its endpoint had not answered meanwhile');
  }
  if (world.quiet) ofQuietDelivery(delivery, world, expect);
  return [...violations, ...ofHealedDelivery(delivery, world, world.quiet)];
}

/** What is held goes out to an endpoint that answers: to one that does not it may go at most to be held again. */
function isGivenUpUnheard({ subscription, log }: Delivery, { endpoints, tables, renewed }: World): boolean {
  // A pause says nothing about the endpoint, nor does another URL, and what tables were kept from us afterwards was tried when
  // nothing was held.
  if ((tables.paused.has(subscription.id) || renewed.has(subscription.id)) && tables.blackout) return false;
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
  // An answer began the release behind which it was held: nothing but its turn in it was waited for. What goes out in it may
  // fail meanwhile.
  const isTurn = own[held]!.reason === whyHeld({ circuit: 'releasing' });
  const before = endpoints.seen.findLast(
    ({ url, atMs, status }) => url === subscription.url && atMs < fromMs && (!isTurn || isHeard(status)),
  );
  const sinceMs = fromMs - (isTurn ? RELEASE_MS : LAST_REQUESTS_MS);
  if (before && isHeard(before.status) && before.atMs >= sinceMs) return false;
  return !endpoints.seen.some(
    ({ url, status, atMs }) => url === subscription.url && isHeard(status) && atMs >= fromMs && atMs <= toMs,
  );
}

/** An end of which SQS knows: its message is acknowledged. */
function isOtherEnd(outcome: Attempt['outcome']): boolean {
  return outcome !== 'exhausted' && FINAL_OUTCOMES.includes(outcome);
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
  const isLawful = !world.quiet || delivered < 0 || ours === before.length;
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
  flags: Record<'dayLong' | 'open' | 'paced' | 'mayMissLines' | 'renewed' | 'switchedOff', boolean> & { offMs: number },
  expect: Expect,
): void {
  const { dayLong, open, paced, mayMissLines, renewed, switchedOff, offMs } = flags;
  const { manner } = subscription.endpoint;
  const mayBeHeld = open || paced;
  const automatic = log.filter((line) => line.automatic !== undefined);
  const cycles = 1 + reconciled + replays + new Set(automatic.flatMap(({ replay }) => replay ?? [])).size;
  expect(manner !== 'well' || seen.length <= cycles, `${seen.length} requests`);
  expect(
    manner !== 'well' ||
      log.every(
        ({ outcome, fault }) =>
          outcome === 'delivered' ||
          fault !== undefined ||
          (mayBeHeld && outcome === 'held') ||
          (switchedOff && outcome === 'cancelled'),
      ),
    'failed though its endpoint is well',
  );
  // Who asks for it meanwhile gets it once more: until its subscription is off.
  const again = seen.slice(1);
  const isAskedFor = again.length <= reconciled + replays && again.every(({ atMs }) => atMs < offMs + LAST_REQUESTS_MS);
  expect(manner !== 'gone' || again.length === 0 || isAskedFor, 'sent again after 410');
  // Of these tries nothing but the log tells.
  if (open || mayMissLines) return;
  expect(seen.length - automatic.filter(isHealTry).length <= TRIES * cycles, `${seen.length} requests`);
  if (cycles > 1 || dayLong) return;
  const gaps = seen.slice(1).map(({ atMs }, n) => ({ ms: atMs - seen[n]!.atMs, atMs }));
  // It has the moment of its endpoint, at which another delivery has just used up its tries, or this one.
  const isOfHealing = (atMs: number): boolean => automatic.some((line) => isHealTry(line) && isCloseTo(line, atMs));
  expect(
    // What is exhausted is tried at once when its subscription gets another URL.
    renewed || gaps.every(({ ms, atMs }) => ms >= SHORTEST_GAP_MS || isOfHealing(atMs)),
    'tried again too soon',
  );
  expect(
    manner !== 'dead' || (seen.length - automatic.length === TRIES && dead === 1),
    'not exactly four tries and one dead letter',
  );
}

/** Whether a line is of the request that was seen then. */
const isCloseTo = ({ attempted_ms }: Attempt, atMs: number): boolean => Math.abs(atMs - attempted_ms) < REQUEST_MS;

/** When nothing has failed, the log is the whole truth. */
function ofQuietDelivery(delivery: Delivery, world: World, expect: Expect): void {
  const { log, seen, dead, unfanned, held, replays } = delivery;
  const { perSecond } = delivery.subscription;
  const finals = log.filter(({ outcome }) => FINAL_OUTCOMES.includes(outcome));
  expect(held || finals.length > 0 || unfanned > 0, 'no final state');
  expect(held || log.at(-1)?.outcome !== 'held', 'held by its log only');
  const unasked = finals.filter((line) => line.automatic === undefined);
  const twice = (wasProbedInRelease(delivery, world) ? 1 : 0) + sentUnawares(delivery, world);
  expect(unasked.length <= 1 + replays + twice, 'more than one final state');
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
