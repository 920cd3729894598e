import { encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import { replayed } from '../domain/messages/deliveries.ts';
import { nextStep, replayJob } from '../domain/messages/jobs.ts';
import type { ReplayJob } from '../domain/messages/messages.ts';
import { API_SECONDS, CLOCK_SKEW_MS } from '../domain/limits.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { EVERY, progressOf, type Replay } from '../domain/delivery/replay.ts';
import { wantsOf } from '../domain/subscription/wants.ts';
import { createIsSendable } from '../stores/is-sendable.ts';
import type { ReplayableDelivery, ReplayablePage, Wants } from '../stores/replayable.ts';
import type { RecoveryDeps } from './ports.ts';
import { LONGEST_PAUSE_SECONDS, madeAlready, nextStepMs, NotYet } from './steps.ts';

/** How much of a replay is queued at once, seconds at its rate: that much still goes out after it was cancelled. */
const AHEAD_SECONDS = 10;
/** Whoever asks for all that is kept asks from so much later on than the oldest event: the end of what is kept moves. */
const TIME_TO_ASK_MS = 3_600_000;
/** Events that take a match at the same time. */
const PARALLEL = 20;
/** By when a replay is nearly always written down, and by when it is or never will be, milliseconds behind the request for it. */
const SOON_MS = 5000;
const WRITTEN_MS = API_SECONDS * 1000 + CLOCK_SKEW_MS;
/** Tries for what SQS did not take; its client has tried again by then. */
const TRIES = 3;

/**
 * Makes one step of a replay: queues a page of deliveries, or looks whether all have ended, and queues the next step. A
 * step that was made before is not made again; it only sees to it that there is a next one.
 * @throws when the message must come again: the step failed, or it is the latest one and whether the next was queued
 *   cannot be told yet.
 */
export async function replayStep(job: ReplayJob, step: number, deps: RecoveryDeps): Promise<void> {
  const { replay_id } = job;
  const replay = await deps.replays.get(replay_id);
  if (replay === undefined) awaitIt(job, deps);
  if (replay?.state !== 'running') {
    deps.logger.info('replay has ended', { replay_id, state: replay?.state ?? 'gone' });
    return;
  }
  if (step < replay.step) return;
  if (step === replay.step) {
    if (deps.now() < nextMs(replay)) throw wasMade(replay, step);
    // Whoever made it may have died before the note.
    if (replay.listed) await noteMissedSent(replay, deps);
    return queueNextStep(replay, step, 0, deps);
  }
  await (replay.listed ? awaitOutcomes(replay, step, deps) : queuePage(replay, step, deps));
}

/**
 * The api asks for the first step and then writes the replay down: while it may still do that, the message stays.
 * @throws NotYet
 */
function awaitIt({ replay_id, asked_ms }: ReplayJob, { now }: RecoveryDeps): void {
  if (asked_ms === undefined) return;
  const nowMs = now();
  const againMs = asked_ms + (nowMs < asked_ms + SOON_MS ? SOON_MS : WRITTEN_MS);
  if (nowMs < againMs) throw new NotYet(`Replay ${replay_id} is not written down yet.`, againMs);
}

async function queuePage(replay: Replay, step: number, deps: RecoveryDeps): Promise<void> {
  const { id, organization, subscription, rate } = replay;
  const page = replay.subscription === EVERY ? await pageOfMany(replay, deps) : await pageOfOne(replay, deps);
  if (page === 'nothing') {
    await deps.replays.end(id, 'cancelled');
    deps.logger.info('replay of missed events has ended: its subscription gets nothing', { replay_id: id });
    return;
  }
  const { deliveries, next } = page;
  await queueAll(replay, deliveries, deps);
  const made = { step, nowMs: deps.now(), queued: deliveries.length, cursor: next };
  if (!(await deps.replays.advance(id, made))) throw wasMade({ ...replay, stepped_ms: deps.now() }, step);
  if (next === undefined) await noteMissedSent(replay, deps);
  deps.metrics.count('DeliveriesReplayed', deliveries.length);
  deps.logger.info('replay queued a page', {
    replay_id: id,
    organization,
    subscription_id: subscription,
    step,
    count: deliveries.length,
  });
  await queueNextStep(replay, step, Math.ceil(deliveries.length / rate), deps);
}

/** What was asked for of one subscription. */
async function pageOfOne(replay: Replay, deps: RecoveryDeps): Promise<ReplayablePage | 'nothing'> {
  const wants = await wantsOfMissed(replay, deps);
  if (wants === 'nothing') return wants;
  const page = truncatePage(replay.rate * AHEAD_SECONDS, await deps.replayable.page(replay, replay.cursor, wants));
  return { ...page, deliveries: await recordMissed(replay, page.deliveries, deps) };
}

/** What was asked for of many. To a subscription that gets nothing, nothing is queued: `cancelled` would be its last word. */
async function pageOfMany(replay: Replay, deps: RecoveryDeps): Promise<ReplayablePage> {
  const chosen = replay.chosen === undefined ? undefined : await deps.replays.chosen(replay.id);
  const page = await deps.replayableMany.page(
    { ...replay, chosen },
    replay.cursor,
    createIsSendable(deps, replay.account),
  );
  return truncatePage(replay.rate * AHEAD_SECONDS, page);
}

/** What the subscription wants as it is now; `nothing`: it was deleted, deactivated or broken meanwhile. */
async function wantsOfMissed(
  { organization, subscription, outcomes }: Replay,
  { subscriptions, rules }: RecoveryDeps,
): Promise<Wants | 'nothing' | undefined> {
  if (!outcomes?.includes('missed')) return undefined;
  return wantsOf(await subscriptions.get(organization, subscription), rules) ?? 'nothing';
}

/**
 * Notes in the events' rows that they match, before anything is queued: then log, redeliveries and the reconciler know of
 * them, and whoever asks for them again finds nothing missed.
 * @returns the deliveries that are this replay's to queue.
 */
async function recordMissed(
  { id, organization, subscription }: Replay,
  found: readonly ReplayableDelivery[],
  { events }: RecoveryDeps,
): Promise<ReplayableDelivery[]> {
  const recorded = await inParallel(found, PARALLEL, async (delivery) => {
    if (!delivery.missed) return delivery;
    const { event } = delivery;
    const match = { subscription, format: delivery.format, replay: id };
    const format = await events.addMatch(organization, event.id, match);
    return format && { event, format };
  });
  return recorded.filter((one) => one !== undefined);
}

/** Everything of its time is queued: nothing of it is left to be sent. */
async function noteMissedSent(
  { organization, subscription, outcomes, since_ms, until_ms, created_ms }: Replay,
  { missedSent, settings }: RecoveryDeps,
): Promise<void> {
  if (!outcomes?.includes('missed')) return;
  const reachesBack = since_ms <= created_ms - settings.keptMs + TIME_TO_ASK_MS;
  await missedSent({ organization, subscription }, { since_ms: reachesBack ? 0 : since_ms, until_ms });
}

/** The beginning of a page, to go on behind its last delivery. */
function truncatePage(most: number, page: ReplayablePage): ReplayablePage {
  const deliveries = page.deliveries.slice(0, most);
  const last = deliveries.at(-1);
  return last === undefined || page.deliveries.length <= most
    ? page
    : { deliveries, next: last.place ?? last.event.id };
}

function wasMade(replay: Replay, step: number): NotYet {
  return madeAlready(`replay ${replay.id}`, step, nextMs(replay));
}

/** By when the step behind the latest one has begun, milliseconds. */
function nextMs(replay: Replay): number {
  const pause = replay.listed ? pauseOf(replay, replay.stepped_ms) : AHEAD_SECONDS;
  return nextStepMs(replay.stepped_ms, pause);
}

/** Between two looks, as long as it has taken so far: quick ones are noticed quickly, slow ones cost little. Seconds. */
function pauseOf({ created_ms }: Replay, steppedMs: number): number {
  return Math.min(Math.ceil((steppedMs - created_ms) / 2000), LONGEST_PAUSE_SECONDS);
}

/** Spread over the seconds that they may take. Each may be a second copy of its page, so the sender asks the log first. */
async function queueAll(
  { id, subscription, rate, created_ms, automatic }: Replay,
  deliveries: readonly ReplayableDelivery[],
  { fastLane }: RecoveryDeps,
): Promise<void> {
  let left = deliveries.map(({ event, format, subscription: to = subscription, automatic: before = 0 }, index) => ({
    body: encodeDeliveryMessage(
      encodeEvent(event),
      replayed(
        { subscription_id: to, format },
        { replay: id, askedMs: created_ms, automatic: automatic && before + 1 },
      ),
    ),
    group: to,
    delaySeconds: Math.floor(index / rate),
  }));
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES) throw new Error(`SQS did not take ${left.length} deliveries of a replay.`);
    const missing = await fastLane.send(left);
    left = left.filter((_, index) => missing.has(index));
  }
}

async function awaitOutcomes(replay: Replay, step: number, deps: RecoveryDeps): Promise<void> {
  const { id, organization, subscription, created_ms } = replay;
  const { remaining } = progressOf(replay);
  const nowMs = deps.now();
  if (remaining === 0 || nowMs - created_ms > deps.settings.replayMs) {
    await deps.replays.end(id, 'done');
    deps.logger.info('replay done', {
      replay_id: id,
      organization,
      subscription_id: subscription,
      remaining,
      duration_ms: nowMs - created_ms,
    });
    return;
  }
  if (!(await deps.replays.advance(id, { step, nowMs, queued: 0 })))
    throw wasMade({ ...replay, stepped_ms: deps.now() }, step);
  await queueNextStep(replay, step, pauseOf(replay, nowMs), deps);
}

async function queueNextStep(
  { id, organization }: Replay,
  step: number,
  delaySeconds: number,
  { next }: RecoveryDeps,
): Promise<void> {
  await next(nextStep(replayJob(id, organization), step), delaySeconds);
}
