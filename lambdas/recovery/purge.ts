import type { PurgeJob } from '../domain/messages/messages.ts';
import { nextStep, purgeJob } from '../domain/messages/jobs.ts';
import type { Purge } from '../domain/purge.ts';
import type { RecoveryDeps } from './ports.ts';
import { LONGEST_PAUSE_SECONDS, madeAlready, nextStepMs, type NotYet } from './steps.ts';

/** A step ends after this long, milliseconds: other jobs of its batch wait behind it. */
const STEP_MS = 4000;
/** Seconds between two passes that found something. */
const PAUSE_SECONDS = 2;
/**
 * A purge whose last step is older has lost its message, which may have waited some minutes for its turn. Longer than the
 * longest pause.
 */
const STALLED_MS = 13 * 60_000;

type PurgeDeps = Pick<RecoveryDeps, 'purges' | 'purgeable' | 'next' | 'logger' | 'now' | 'settings'>;

/**
 * Makes one step of a purge: deletes a part of what is there, notes how far it has come, and queues the next step. It is done
 * when a whole pass has found nothing that began when no function could write for it any more: each had heard of the
 * tombstone, and each that had begun before had ended.
 * @throws when the message must come again, as a replay's.
 */
export async function purgeStep({ purge_id }: PurgeJob, step: number, deps: PurgeDeps): Promise<void> {
  const { purges, now, logger } = deps;
  const purge = await purges.get(purge_id);
  if (purge?.state !== 'running') {
    logger.info('purge has ended', { purge: purge_id, state: purge?.state ?? 'gone' });
    return;
  }
  if (step < purge.step) return;
  if (step === purge.step) {
    if (now() >= nextMs(purge, deps)) return queueNextStep(purge, step, 0, deps);
    throw wasMade(purge, step, deps);
  }
  await removePart(purge, step, deps);
}

async function removePart(purge: Purge, step: number, deps: PurgeDeps): Promise<void> {
  const { purges, purgeable, logger, now, settings } = deps;
  const { id, organization, created_ms, pass } = purge;
  const until = now() + STEP_MS;
  const through_ms = purge.resource === undefined ? Infinity : created_ms;
  const part = await purgeable.remove({ ...purge, through_ms }, purge.place, () => now() >= until);
  const { deleted, place, pauseSeconds = 0 } = part;
  await purges.add(purge, deleted);
  const count = Object.values(deleted).reduce((sum, one) => sum + one, 0);
  const settledMs = settledMsOf(purge, settings);
  if (place === undefined && count + purge.found === 0 && purge.pass_began_ms >= settledMs) {
    await purges.end(purge, now());
    logger.info('purge done', { purge: id, organization, pass, duration_ms: now() - created_ms });
    return;
  }
  if (!(await purges.advance(purge, { step, nowMs: now(), place })))
    throw wasMade({ ...purge, stepped_ms: now() }, step, deps);
  logger.info('purge made a step', { purge: id, organization, step, pass, count });
  const longest = longestPauseSeconds(settledMs - now());
  const pause = place === undefined ? (count + purge.found > 0 ? PAUSE_SECONDS : longest) : pauseSeconds;
  await queueNextStep(purge, step, pause, deps);
}

function wasMade(purge: Purge, step: number, deps: PurgeDeps): NotYet {
  return madeAlready(`purge ${purge.id}`, step, nextMs(purge, deps));
}

/** By when the step behind the latest one has begun, milliseconds. Between two passes it may wait until all is settled. */
function nextMs(purge: Purge, { settings }: PurgeDeps): number {
  const { stepped_ms, pass_began_ms } = purge;
  const isBetweenPasses = stepped_ms === pass_began_ms;
  const pause = isBetweenPasses ? longestPauseSeconds(settledMsOf(purge, settings) - stepped_ms) : PAUSE_SECONDS;
  return nextStepMs(stepped_ms, pause);
}

/** When each function has heard of the tombstone, and has ended what it had begun before, milliseconds. */
function settledMsOf({ created_ms }: Purge, { purgeMs }: PurgeDeps['settings']): number {
  return created_ms + purgeMs;
}

/** As long as the next pass waits, seconds. @param unsettledMs until all is settled. */
function longestPauseSeconds(unsettledMs: number): number {
  return Math.min(Math.max(Math.ceil(unsettledMs / 1000), PAUSE_SECONDS), LONGEST_PAUSE_SECONDS);
}

async function queueNextStep(
  { id, organization }: Purge,
  step: number,
  delaySeconds: number,
  { next }: PurgeDeps,
): Promise<void> {
  await next(nextStep(purgeJob(id, organization), step), delaySeconds);
}

/**
 * Puts purges on their way again that have lost their message, as where the api died between noting one and asking for its
 * first step, or a step was given up.
 */
export async function resumePurges(deps: PurgeDeps): Promise<void> {
  const { purges, logger, now } = deps;
  for (const { purge: id, ended_ms, created_ms } of await purges.tombstones()) {
    if (ended_ms !== undefined || now() - created_ms < STALLED_MS) continue;
    const purge = await purges.get(id);
    if (purge?.state !== 'running' || now() - purge.stepped_ms < STALLED_MS) continue;
    logger.warn('purge has lost its message and continues', { purge: id, step: purge.step });
    await queueNextStep(purge, purge.step, 0, deps);
  }
}
