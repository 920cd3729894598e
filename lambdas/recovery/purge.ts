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
    if (now() >= nextMs(purge)) return queueNextStep(purge, step, 0, deps);
    throw wasMade(purge, step);
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
  const settledMs = created_ms + settings.purgeMs;
  if (place === undefined && count + purge.found === 0 && purge.pass_began_ms >= settledMs) {
    await purges.end(purge, now());
    logger.info('purge done', { purge: id, organization, pass, duration_ms: now() - created_ms });
    return;
  }
  if (!(await purges.advance(purge, { step, nowMs: now(), place })))
    throw wasMade({ ...purge, stepped_ms: now() }, step);
  logger.info('purge made a step', { purge: id, organization, step, pass, count });
  const waitSeconds = count + purge.found > 0 ? PAUSE_SECONDS : Math.ceil((settledMs - now()) / 1000);
  const pause =
    place === undefined ? Math.min(Math.max(waitSeconds, PAUSE_SECONDS), LONGEST_PAUSE_SECONDS) : pauseSeconds;
  await queueNextStep(purge, step, pause, deps);
}

function wasMade(purge: Purge, step: number): NotYet {
  return madeAlready(`purge ${purge.id}`, step, nextMs(purge));
}

/** By when the step behind the latest one has begun, milliseconds. Between two passes it may wait long. */
function nextMs({ stepped_ms, pass_began_ms }: Purge): number {
  const pause = stepped_ms === pass_began_ms ? LONGEST_PAUSE_SECONDS : PAUSE_SECONDS;
  return nextStepMs(stepped_ms, pause);
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
