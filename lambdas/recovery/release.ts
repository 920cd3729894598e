import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { released } from '../domain/messages/deliveries.ts';
import { firstStep, nextStep, releaseJob } from '../domain/messages/jobs.ts';
import { readSubscription } from '../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import { isActive, isKept } from '../domain/subscription/begins-anew.ts';
import { CLOCK_SKEW_MS, SENDER_SECONDS } from '../domain/limits.ts';
import type { ReleasedPart, ReleaseJob, ReleasePace } from '../domain/messages/messages.ts';
import {
  ceilingPace,
  firstImpression,
  firstPace,
  nextMove,
  RISING_SECONDS,
  type ReleaseMove,
  type StepOutcome,
} from '../domain/endpoint/release.ts';
import { recoveredNotice } from './notices.ts';
import type { RecoveryDeps } from './ports.ts';
import { requeue, type HandOut } from './requeue.ts';

/**
 * When late ones are looked for, seconds after the one before: a sender that read the circuit before it was let go may
 * hold a delivery as long as it runs.
 */
const SWEEPS = [2, SENDER_SECONDS + 15];
/** Deliveries that one sweep takes; there are hardly any. */
const SWEPT = 400;

/** A release's step, claimed. */
interface Step {
  job: ReleaseJob;
  step: number;
  health: EndpointHealth;
}

/** Makes one step of a release and queues the next. @throws when the step must be made again. */
export async function releaseStep(job: ReleaseJob, step: number, deps: RecoveryDeps): Promise<void> {
  const { subscription_id: subscription, run } = job;
  const pace = paceOf(job);
  const health = await deps.circuits.claimStep(subscription, run, step, deps.now(), pace);
  if (!health) {
    deps.logger.info('release has ended or was replaced', { subscription_id: subscription, step });
    return;
  }
  const claimed: Step = { job, step, health };
  if (health.circuit === 'closing') return sweep(claimed, deps);
  const row = await deps.subscriptions.get(job.organization, subscription);
  // What it released a moment ago is held again by the sender.
  if (isKept(row)) return void (await deps.health.pause({ organization: job.organization, subscription }, deps.now()));
  if (row && !isActive(row)) return stop(claimed, 'inactive', deps);
  const seen = job.last && (await outcomeOf(subscription, job.last, deps));
  const waited = job.waited ?? 0;
  const terms = { proven: isProven(claimed), failures: failuresIn(claimed), most: ceilingOf(row, deps) };
  const move = nextMove(pace ?? firstPace(health.release_pace), pace && seen, waited, terms);
  if (seen && seen.delivered > 0) claimed.job = { ...job, proven: true };
  switch (move.do) {
    case 'stop':
      return stop(claimed, 'down', deps);
    case 'wait':
      return queueNextStep(claimed, { ...claimed.job, waited: waited + 1 }, move.seconds, deps);
    case 'ease':
      return queueNextStep(claimed, { ...withoutLastStep(claimed.job), pace: move.pace }, move.seconds, deps);
    case 'release':
      return releasePart(claimed, move, terms.most !== undefined, deps);
  }
}

/** The pace of the step before; that of a version before this one is not understood, and found anew. */
function paceOf({ pace }: ReleaseJob): ReleasePace | undefined {
  return pace && 'rate' in pace ? pace : undefined;
}

/** So many a second at most, as the row says it now; undefined: it does not. */
function ceilingOf(row: SubscriptionRow | undefined, { rules }: RecoveryDeps): number | undefined {
  const read = row && readSubscription(row, rules);
  return read?.ok ? read.subscription.rate_per_second : undefined;
}

/** Whether the endpoint has answered since the release began, or made it begin by that. */
function isProven({ job, health }: Step): boolean {
  return health.renewed_ms === undefined || job.proven === true;
}

/**
 * Failures in a row since the release began. Of a row that began before it the tally tells, if that began with the release, as
 * a pause has it, and knows of no success.
 */
function failuresIn({ job: { run }, health }: Step): number {
  const { failing_since_ms = 0, failures, tally_ms = 0, tally_tries = 0, tally_failed = 0 } = health;
  if (failing_since_ms >= run) return failures;
  return tally_ms >= run && tally_failed === tally_tries ? tally_failed : 0;
}

async function releasePart(
  claimed: Step,
  { pace, count, seconds }: Extract<ReleaseMove, { do: 'release' }>,
  hasCeiling: boolean,
  deps: RecoveryDeps,
): Promise<void> {
  const { job, step } = claimed;
  const { subscription_id: subscription, organization } = job;
  const { rate } = pace;
  const handOut = { perSecond: rate, isSpread: !hasCeiling };
  const part = await deps.held.oldest(subscription, count);
  const queuedMs = deps.now();
  // An endpoint with a ceiling takes nothing past its release, so there the last part is nothing.
  const isLast = hasCeiling ? part.length === 0 : part.length < count;
  if (isLast) {
    // All there is. The circuit is let go before it goes out: a busy endpoint always has something new held behind the
    // last part, and would be released for ever.
    if (!(await deps.circuits.closing(subscription, job.run))) return;
    const taken = part.length > 0 ? await send(claimed, part, deps, handOut) : [];
    return queueNextStep(claimed, { ...withoutLastStep(job), ...partOf(taken, queuedMs), sweeps: 0 }, SWEEPS[0]!, deps);
  }
  const taken = await send(claimed, part, deps, handOut);
  deps.logger.info('held deliveries released', {
    organization,
    subscription_id: subscription,
    step,
    count: taken.length,
    rate,
  });
  const takes = part.length < count ? Math.max(Math.ceil(part.length / rate), RISING_SECONDS) : seconds;
  return queueNextStep(claimed, { ...withoutLastStep(job), pace, ...partOf(taken, queuedMs) }, takes, deps);
}

function partOf(taken: readonly { event_id: string }[], queued_ms: number): Pick<ReleaseJob, 'last'> {
  const [first, last] = [taken[0], taken.at(-1)];
  return first && last ? { last: { from: first.event_id, to: last.event_id, count: taken.length, queued_ms } } : {};
}

/**
 * Queues first, deletes then: a crash in between queues some twice, and the sender asks the log. What a sender has held
 * again in between stays.
 */
async function send(
  { job }: Step,
  part: Awaited<ReturnType<RecoveryDeps['held']['oldest']>>,
  deps: RecoveryDeps,
  handOut?: HandOut,
): Promise<typeof part> {
  const { taken, refused } = await requeue(part, released, deps, handOut);
  await deps.held.removeRead(taken);
  deps.metrics.count('DeliveriesReleased', taken.length);
  if (refused > 0)
    deps.logger.warn('held deliveries not queued', { subscription_id: job.subscription_id, count: refused });
  return taken;
}

/**
 * Looks for deliveries that were held while the circuit was let go; after the last look forgets the circuit, and all that
 * is known of the endpoint when its subscription is deleted.
 */
async function sweep(claimed: Step, deps: RecoveryDeps): Promise<void> {
  const { job, health } = claimed;
  const { subscription_id: subscription, organization } = job;
  if (!isProven(claimed) && job.last) {
    const waited = job.waited ?? 0;
    const impression = firstImpression(await outcomeOf(subscription, job.last, deps), waited, failuresIn(claimed));
    // What failed is held again when its retry comes.
    if (impression === 'refuses') return stop(claimed, 'down', deps);
    if (impression === 'unknown') return queueNextStep(claimed, { ...job, waited: waited + 1 }, RISING_SECONDS, deps);
    claimed.job = { ...withoutLastStep(job), proven: true };
    return sweep(claimed, deps);
  }
  const sweeps = job.sweeps ?? 0;
  const late = await deps.held.oldest(subscription, SWEPT);
  if (late.length > 0) {
    const perSecond = ceilingOf(await deps.subscriptions.get(organization, subscription), deps);
    if (perSecond !== undefined) return letOut(claimed, perSecond, deps);
    const queuedMs = deps.now();
    const taken = await send(claimed, late, deps);
    return queueNextStep(claimed, { ...withoutLastStep(job), ...partOf(taken, queuedMs), sweeps: 0 }, SWEEPS[0]!, deps);
  }
  if (sweeps === 0 && health.notified_ms !== undefined) {
    const row = await deps.subscriptions.get(organization, subscription);
    // Of a deleted one nobody knows whether it answers again.
    if (row) await deps.tell(recoveredNotice(health, row.url));
  }
  const again = SWEEPS[sweeps + 1];
  if (again !== undefined) return queueNextStep(claimed, { ...job, sweeps: sweeps + 1 }, again, deps);
  if (!(await forgetDeleted(claimed, deps))) await deps.circuits.close(subscription, job.run);
  deps.logger.info('circuit closed', { organization, subscription_id: subscription });
}

/** As the sender does that holds something: of the two one begins the release, and no other goes on. */
async function letOut({ job }: Step, rate: number, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription_id: subscription } = job;
  const run = await deps.health.letOut({ organization, subscription }, deps.now());
  if (run === undefined) return;
  await deps.next(firstStep(releaseJob({ organization, subscription }, run, ceilingPace(rate))), 0);
}

/** @returns false when there is nobody to forget: the subscription is there, or closing the circuit leaves nothing. */
async function forgetDeleted({ job, health }: Step, { subscriptions, circuits }: RecoveryDeps): Promise<boolean> {
  const { subscription, organization, failures, slow_until_ms, turns } = health;
  if (failures === 0 && slow_until_ms === undefined && turns === undefined) return false;
  if (await subscriptions.get(organization, subscription)) return false;
  return circuits.forget(subscription, job.run, organization);
}

/** What is still held waits for whoever activates the subscription, or for a probe. */
async function stop({ job, step }: Step, why: 'down' | 'inactive', deps: RecoveryDeps): Promise<void> {
  const { subscription_id: subscription, organization, run } = job;
  await deps.circuits.reopen(subscription, run, deps.now(), why);
  const reason = why === 'inactive' ? 'the subscription is inactive' : 'the endpoint is down again';
  deps.logger.warn('release stopped', { organization, subscription_id: subscription, step, reason });
}

async function queueNextStep({ step }: Step, job: ReleaseJob, delaySeconds: number, deps: RecoveryDeps): Promise<void> {
  await deps.next(nextStep(job, step), delaySeconds);
}

/** The job without what was said about the step before. */
function withoutLastStep({ last: _, waited: __, ...job }: ReleaseJob): ReleaseJob {
  return job;
}

/** What became of the deliveries that went out together. */
async function outcomeOf(
  subscription: string,
  { from, to, count, queued_ms }: ReleasedPart,
  { attempts }: RecoveryDeps,
): Promise<StepOutcome> {
  const latest = await attempts.latestBetween(subscription, from, to);
  let settled = 0;
  let delivered = 0;
  let failed = 0;
  let unanswered = 0;
  for (const { outcome, attempted_ms, fault, status } of latest.values()) {
    // What was not tried for a reason of ours says nothing of the endpoint; it comes back and is held behind the others.
    if (attempted_ms < queued_ms - CLOCK_SKEW_MS || fault !== undefined) continue;
    // That it was held, a moment before it was let go: it would count as answered for.
    if (outcome === 'held' && attempted_ms < queued_ms) continue;
    if (outcome === 'failed' || outcome === 'exhausted') {
      failed += 1;
      if (status === undefined) unanswered += 1;
    } else settled += 1;
    if (outcome === 'delivered') delivered += 1;
  }
  return { settled, delivered, failed, unanswered, waiting: Math.max(count - settled - failed, 0) };
}
