import { DEFAULT_RATE, type Replay } from '../domain/delivery/replay.ts';
import { isRefusal } from '../domain/delivery/outcome.ts';
import { healDelayMs, healsForMs, replayPauseMs } from '../domain/endpoint/healing.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import { healed } from '../domain/messages/deliveries.ts';
import { firstStep, replayJob } from '../domain/messages/jobs.ts';
import { isActive } from '../domain/subscription/begins-anew.ts';
import { hasOwnProblem } from '../domain/subscription/problem-note.ts';
import { readSubscription } from '../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { ExhaustedPage } from '../stores/attempts.ts';
import type { ReplayableDelivery } from '../stores/replayable.ts';
import type { RecoveryDeps } from './ports.ts';
import { nextStepMs } from './steps.ts';

/**
 * Sees to an endpoint's exhausted deliveries: begins the automatic replay that its first success asked for, tries the oldest
 * one again when that is due, and gives up when the time is over for which that is done.
 * @param isProbed at this very look: the probe may have succeeded meanwhile, and nothing be held any more.
 */
export async function heal(health: EndpointHealth, deps: RecoveryDeps, isProbed = false): Promise<void> {
  const { heal_replay: replay, heal_event: oldest, healed_ms: healedMs, heal_ms: dueMs = 0 } = health;
  const nowMs = deps.now();
  if (replay !== undefined) return beginReplay(health, replay, deps);
  if (oldest === undefined) {
    const mayBeginAgain = healedMs !== undefined && nowMs - healedMs > replayPauseMs(deps.settings.heal);
    return mayBeginAgain ? deps.healing.forgetReplay(health) : undefined;
  }
  // One that was due in that time and not made, because our own tables could not be read, is made first.
  if (isOver(health, nowMs) && dueMs > health.heal_until_ms!) return giveUp(health, deps);
  if (dueMs <= nowMs && mayBeTried(health)) await tryAgain(health, oldest, deps, isProbed);
}

/** The time is over for which it is tried. */
function isOver({ heal_until_ms = 0 }: EndpointHealth, nowMs: number): boolean {
  return nowMs > heal_until_ms;
}

/** While what was held goes out, or the endpoint asks to wait, its next success is near anyway. */
function mayBeTried({ circuit }: EndpointHealth): boolean {
  return circuit === undefined || circuit === 'open';
}

async function giveUp(health: EndpointHealth, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription, heal_tries: tries } = health;
  if (!(await deps.healing.end(health))) return;
  deps.logger.info('exhausted deliveries are no longer tried again', {
    organization,
    subscription_id: subscription,
    tries,
  });
}

/**
 * All that is exhausted, once, in event order. Its id is in the row, and the look that writes it down asks for its first step:
 * two first steps at the same time would both queue its first page. Should that look die, a later one finds the row as it is.
 */
async function beginReplay(health: EndpointHealth, id: string, deps: RecoveryDeps): Promise<void> {
  const { organization, subscription, heal_from: from = '' } = health;
  const [page, begun] = await Promise.all([deps.attempts.exhausted(subscription, from), deps.replays.get(id)]);
  // The try that succeeded was of the only one. But a replay that somebody died over must end as well.
  if (begun !== undefined || page.found.length > 0 || page.next !== undefined) {
    const nowMs = deps.now();
    const isOurs =
      begun === undefined
        ? await deps.replays.create(replayOf(health, id, page.found.length, nowMs))
        : nowMs >= nextStepMs(begun.created_ms, 0);
    if (!isOurs) return;
    await deps.next(firstStep(replayJob(id, organization)), 0);
    deps.metrics.count('AutomaticReplays', 1);
    deps.logger.info('automatic replay starts', {
      replay_id: id,
      organization,
      subscription_id: subscription,
      count: page.found.length,
    });
  }
  await deps.healing.begun(subscription, id);
}

function replayOf(
  { organization, subscription, heal_from: from = '' }: EndpointHealth,
  id: string,
  estimate: number,
  nowMs: number,
): Replay {
  return {
    id,
    organization,
    subscription,
    since_ms: eventIdMs(from) ?? 0,
    until_ms: nowMs,
    outcomes: ['exhausted'],
    automatic: true,
    state: 'running',
    created_ms: nowMs,
    rate: DEFAULT_RATE,
    estimate,
    queued: 0,
    done: 0,
    failed: 0,
    step: -1,
    stepped_ms: nowMs,
  };
}

async function tryAgain(health: EndpointHealth, oldest: string, deps: RecoveryDeps, isProbed: boolean): Promise<void> {
  const { organization, subscription, heal_tries: tries = 0 } = health;
  const row = await deps.subscriptions.get(organization, subscription);
  if (!row) return void (await deps.healing.end(health));
  // Its row has come to say that nothing is tried again, or asks for a format that promises so.
  if (neverHeals(row, deps)) return giveUp(health, deps);
  // Somebody has to do something first; it is tried at once then. Or it is probed: one request a minute is enough for an endpoint
  // that is down, and a probe's success asks for the replay as well.
  if (!isActive(row) || hasOwnProblem(row.problem) || isProbed || (await hasProbes(health, deps)))
    return isOver(health, deps.now()) ? giveUp(health, deps) : undefined;
  const page = await deps.attempts.exhausted(subscription, oldest);
  const chosen = await choose(health, page, deps);
  if (!chosen) {
    if (page.next !== undefined) await deps.healing.moveOn(health, page.next);
    else await deps.healing.end(health);
    return;
  }
  const { event, format, automatic } = chosen;
  const nowMs = deps.now();
  const nextMs = nowMs + healDelayMs(deps.settings.heal, tries + 1);
  if (!(await deps.healing.claimTry(health, { event: event.id, tries: tries + 1, nextMs }))) return;
  const fields = healed({ subscription_id: subscription, format }, { nowMs, automatic: automatic ?? 0 });
  const body = encodeDeliveryMessage(encodeEvent(event), fields);
  const refused = await deps.slowLane.send([{ body, group: subscription }]);
  deps.metrics.count('HealTries', 1);
  deps.logger.info('exhausted delivery is tried again', {
    organization,
    subscription_id: subscription,
    event_id: event.id,
    tries: tries + 1,
    decision: refused.size === 0 ? 'queued' : 'not queued',
  });
}

function neverHeals(row: SubscriptionRow, { rules }: RecoveryDeps): boolean {
  const read = readSubscription(row, rules);
  return read.ok && healsForMs(read.subscription, { hours: 1 }) === 0;
}

/** While it is down, what is held is probed with. */
async function hasProbes({ circuit, subscription }: EndpointHealth, { held }: RecoveryDeps): Promise<boolean> {
  return circuit === 'open' && (await held.oldest(subscription, 1)).length > 0;
}

/**
 * The oldest event's delivery. But an endpoint that answered the try before with a 4xx is there and may refuse that one
 * delivery for good: then it is the next one's turn.
 */
async function choose(
  { organization, subscription, heal_tried }: EndpointHealth,
  { found }: ExhaustedPage,
  { replayable }: RecoveryDeps,
): Promise<ReplayableDelivery | undefined> {
  const last = found.findIndex(({ event_id, status }) => event_id === heal_tried && isRefusal(status));
  for (const { event_id } of [...found.slice(last + 1), ...found.slice(0, last + 1)]) {
    const delivery = await replayable.one(organization, subscription, event_id);
    if (delivery) return delivery;
  }
  return undefined;
}
