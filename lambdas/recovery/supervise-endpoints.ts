import type { Outcome } from '../domain/delivery/attempt.ts';
import { probe as probeMessage } from '../domain/messages/deliveries.ts';
import { downJob, firstStep, releaseJob } from '../domain/messages/jobs.ts';
import { isRefusal } from '../domain/delivery/outcome.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { CLOCK_SKEW_MS, SENDER_SECONDS } from '../domain/limits.ts';
import { isActive, isKept, isPaused } from '../domain/subscription/begins-anew.ts';
import { becauseDown } from '../domain/subscription/deactivation.ts';
import { asText } from '../domain/subscription/hand-typed.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { HeldDelivery } from '../stores/held.ts';
import { downNotice, pausedNotice } from './notices.ts';
import type { RecoveryDeps } from './ports.ts';
import { requeue } from './requeue.ts';
import { endUnfetched } from './unfetched.ts';

/** A release whose last step is older than this has lost its message; a step takes seconds, a pause at most a minute. */
const STALLED_MS = 180_000;
/** A probe that was queued longer ago is over, or meets the subscription as it is now: its sender has ended. */
const PROBE_MS = SENDER_SECONDS * 1000;

/**
 * After so many probes, half an hour, each so-manieth is made with another delivery than the oldest; of the so many oldest, one
 * after the other. A shorter outage ends with the oldest, and so in event order.
 */
const ANOTHER_FROM = 30;
const ANOTHER_EACH = 5;
const PROBED_OF = 20;

/**
 * Looks after one endpoint whose circuit is not closed: tells that it is down, probes it, deactivates its subscription
 * when it is down for too long, and takes up a release that got stuck.
 * @param sinceProbeMs a probe younger than this is enough.
 * @returns whether it has probed it.
 */
export async function lookAfter(health: EndpointHealth, sinceProbeMs: number, deps: RecoveryDeps): Promise<boolean> {
  if (health.circuit === 'open') return lookAfterOpen(health, sinceProbeMs, deps);
  if (health.circuit === 'throttled') await endThrottle(health, deps);
  else if (health.circuit === 'paused') await endPause(health, deps);
  else if (deps.now() - (health.release_step_ms ?? health.release_ms ?? 0) > STALLED_MS) await release(health, deps);
  return false;
}

async function lookAfterOpen(health: EndpointHealth, sinceProbeMs: number, deps: RecoveryDeps): Promise<boolean> {
  const { subscription, organization } = health;
  const nowMs = deps.now();
  const row = await deps.subscriptions.get(organization, subscription);
  if (!row) {
    // What is held for a deleted subscription goes through the sender, which logs each as cancelled.
    if (!(await isProbeUnderWay(health, deps))) await release(health, deps);
    return false;
  }
  if (isKept(row)) {
    await deps.health.pause({ organization, subscription }, nowMs);
    return false;
  }
  const isKnown = health.notified_ms !== undefined || health.deactivated_ms !== undefined;
  if (!isKnown && (await deps.tell(downNotice(health, row.url)))) {
    await deps.circuits.note(subscription, 'notified_ms', nowMs);
  }
  if (!isActive(row)) {
    if (health.deactivated_ms === undefined) await noteInactive(health, row, deps);
    return false;
  }
  if (health.deactivated_ms !== undefined) {
    // Somebody activated it again, while a release was about to end because it was inactive.
    await begin(health, await deps.health.renew({ organization, subscription }, nowMs), deps);
    return false;
  }
  if (isDownTooLong(health, deps.settings.downMs) && (await hasProbeFailed(health, deps))) {
    await deactivate(health, row, deps);
    return false;
  }
  return probe(health, sinceProbeMs, deps);
}

/** Only when it was probed at the end of that time: without events nobody knows. */
function isDownTooLong({ opened_ms = Infinity, probed_ms = 0 }: EndpointHealth, downMs: number): boolean {
  return probed_ms - opened_ms >= downMs;
}

/**
 * Whether the log says so. A probe may be under way or lost, and one that succeeded may have found nobody to write it
 * down: while nothing is known of the last probe, the next one is waited for.
 */
async function hasProbeFailed(health: EndpointHealth, deps: RecoveryDeps): Promise<boolean> {
  return (await outcomeOfProbe(health, deps)) === 'held';
}

/** Its line would come after the one that its delivery is cancelled, and be the last word: `held`, by nobody. */
async function isProbeUnderWay(health: EndpointHealth, deps: RecoveryDeps): Promise<boolean> {
  if (deps.now() - (health.probed_ms ?? 0) > PROBE_MS) return false;
  return (await outcomeOfProbe(health, deps)) === undefined;
}

/** @returns undefined when the log has no line of the last probe, or it was not made for a reason of ours. */
async function outcomeOfProbe(
  { subscription, probe_event, probed_ms = 0 }: EndpointHealth,
  { attempts }: RecoveryDeps,
): Promise<Outcome | undefined> {
  if (probe_event === undefined) return undefined;
  const latest = await attempts.latest(subscription, probe_event);
  if (!latest || latest.fault !== undefined) return undefined;
  return latest.attempted_ms >= probed_ms - CLOCK_SKEW_MS ? latest.outcome : undefined;
}

/** Lets go what was held once the time is over for which the endpoint asked; of a deleted subscription at once. */
async function endThrottle(health: EndpointHealth, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription, throttled_until_ms: untilMs = 0 } = health;
  const nowMs = deps.now();
  const row = await deps.subscriptions.get(organization, subscription);
  if (isKept(row)) return void (await deps.health.pause({ organization, subscription }, nowMs));
  if (untilMs > nowMs && row) return;
  await begin(health, await deps.circuits.endThrottle(subscription, untilMs, nowMs), deps);
}

/**
 * Lets go what was held once its row does not say any more that it is paused or fetched, or is gone. Who resumes it does so at once;
 * this is for a pause that was written down behind its end, and for what died in between.
 */
async function endPause(health: EndpointHealth, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription } = health;
  const row = await deps.subscriptions.get(organization, subscription);
  if (row && isKept(row)) {
    const nowMs = deps.now();
    await endUnfetched(health, deps);
    const isLong = isPaused(row) && nowMs - (health.paused_ms ?? nowMs) >= deps.settings.downMs;
    if (!isLong || health.pause_notified_ms !== undefined) return;
    if (await deps.tell(pausedNotice(health, row.url))) {
      await deps.circuits.note(subscription, 'pause_notified_ms', nowMs);
    }
    return;
  }
  await begin(health, await deps.health.resume({ organization, subscription }, deps.now()), deps);
}

async function release(health: EndpointHealth, deps: RecoveryDeps): Promise<void> {
  await begin(health, await deps.circuits.beginRelease(health.subscription, deps.now()), deps);
}

async function begin(
  { organization, subscription }: EndpointHealth,
  run: number | undefined,
  deps: RecoveryDeps,
): Promise<void> {
  if (run === undefined) return;
  await deps.next(firstStep(releaseJob({ organization, subscription }, run)), 0);
}

/** @returns false when nothing is held to probe it with, or another look has probed it. */
async function probe(health: EndpointHealth, sinceProbeMs: number, deps: RecoveryDeps): Promise<boolean> {
  const { subscription } = health;
  const nowMs = deps.now();
  const chosen = await choose(health, deps);
  if (!chosen) return false;
  if (!(await deps.circuits.claimProbe(subscription, chosen.event_id, nowMs - sinceProbeMs, nowMs))) return false;
  const { refused } = await requeue([chosen], probeMessage, deps);
  deps.metrics.count('Probes', 1);
  deps.logger.info('endpoint is probed', {
    organization: health.organization,
    subscription_id: subscription,
    event_id: chosen.event_id,
    down_ms: nowMs - (health.opened_ms ?? nowMs),
    decision: refused === 0 ? 'queued' : 'not queued',
  });
  return true;
}

/**
 * The oldest event's delivery. But an endpoint that answered the last probe with a 4xx is there and may refuse that one
 * delivery for good: then it is the next one's turn, else one refused delivery would hold all others for ever. The same of one
 * that a server fails at alone, with a 500 or by hanging, which looks like a long outage.
 */
async function choose(
  { subscription, probe_event, opened_ms }: EndpointHealth,
  { held, attempts, settings, now }: RecoveryDeps,
): Promise<HeldDelivery | undefined> {
  if (probe_event !== undefined && isRefusal((await attempts.latest(subscription, probe_event))?.status)) {
    const [next] = await held.oldest(subscription, 1, probe_event);
    if (next) return next;
  }
  const probes = Math.floor((now() - (opened_ms ?? now())) / settings.probeMs);
  if (probes < ANOTHER_FROM || probes % ANOTHER_EACH > 0) return (await held.oldest(subscription, 1))[0];
  const round = (probes - ANOTHER_FROM) / ANOTHER_EACH;
  const [oldest, ...others] = await held.oldest(subscription, PROBED_OF);
  return others[round % Math.max(others.length, 1)] ?? oldest;
}

async function deactivate(health: EndpointHealth, row: SubscriptionRow, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription, opened_ms = 0 } = health;
  const nowMs = deps.now();
  const why = becauseDown(new Date(opened_ms).toISOString());
  const at = new Date(nowMs).toISOString();
  if (!(await deps.targets.deactivate({ organization, subscription }, row.url, why, at))) return;
  deps.metrics.count('SubscriptionsDeactivated', 1);
  deps.logger.warn('subscription deactivated: its endpoint is down', { organization, subscription_id: subscription });
  await haveTold(health, nowMs, deps);
}

/**
 * Its subscription is off: from then on its days are none of its outage. Where the platform switched it off and died before
 * it had that told, the row has its words still, and this look has it told.
 */
async function noteInactive(health: EndpointHealth, row: SubscriptionRow, deps: RecoveryDeps): Promise<void> {
  const { problem: words } = becauseDown(new Date(health.opened_ms ?? 0).toISOString());
  const isOurs = typeof row.problem === 'string' && row.problem.includes(words);
  const atMs = isOurs ? Date.parse(asText(row.inactive_since) ?? '') : NaN;
  if (Number.isNaN(atMs)) return void (await deps.circuits.note(health.subscription, 'deactivated_ms', deps.now()));
  await haveTold(health, atMs, deps);
}

/**
 * Through the queue, which brings it again until everybody was told; noted behind that, so that a look after a death in between
 * does it once more. @param atMs when it was deactivated, by which those who hear it twice know.
 */
async function haveTold(
  { organization, subscription, opened_ms: sinceMs = 0 }: EndpointHealth,
  atMs: number,
  deps: RecoveryDeps,
): Promise<void> {
  await deps.next(firstStep(downJob({ organization, subscription }, { sinceMs, atMs })), 0);
  await deps.circuits.note(subscription, 'deactivated_ms', atMs);
}
