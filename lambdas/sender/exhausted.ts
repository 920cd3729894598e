import type { Attempt } from '../domain/delivery/attempt.ts';
import { healDelayMs, healsForMs, mayHeal, replayPauseMs } from '../domain/endpoint/healing.ts';
import { isTest } from '../domain/event.ts';
import { idsOf } from '../domain/telemetry.ts';
import { isOperational } from '../domain/operational.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import { targetName, type TargetKey } from '../stores/delivery-targets.ts';
import type { Exhausted } from '../stores/healing.ts';
import type { SenderDeps } from './ports.ts';
import type { Settled } from './settle.ts';

type Deps = Pick<
  SenderDeps,
  'healing' | 'told' | 'heal' | 'settings' | 'logger' | 'metrics' | 'errorFields' | 'now' | 'newReplayId'
>;

/**
 * Remembers which deliveries of a batch are exhausted, counts them for what their organization is told, and asks for an
 * automatic replay where an endpoint takes deliveries of which others are exhausted. Costs nothing where neither is so. Never rejects: it changes no delivery of this batch.
 */
export async function rememberExhausted(settled: readonly Settled[], deps: Deps): Promise<void> {
  const exhausted = new Map<string, { key: TargetKey; oldest: Exhausted }>();
  const takes = new Map<string, TargetKey>();
  const untold = new Map<string, { key: TargetKey; events: string[] }>();
  for (const one of settled) {
    const { delivery, target } = one.result;
    const { key, message } = delivery;
    if (one.decision.outcome === 'delivered' && mayAskReplay(one, deps)) takes.set(targetName(key), key);
    const { attempt } = one;
    if (target?.row !== undefined && isToBeTold(one)) {
      const name = targetName(key);
      untold.set(name, { key, events: [...(untold.get(name)?.events ?? []), message.event.id] });
    }
    if (attempt === undefined || message.heal || isTest(message.event) || !mayHeal(attempt)) continue;
    const next = exhaustedOf(attempt, healsForMs(one.result.subscription, deps.settings.heal), deps);
    const known = exhausted.get(targetName(key))?.oldest;
    if (next === undefined || target?.row === undefined || (known && known.event <= next.event)) continue;
    exhausted.set(targetName(key), { key, oldest: next });
  }
  await Promise.all([
    ...exhausted.values().map(({ key, oldest }) => note(key, oldest, deps)),
    ...takes.values().map((key) => askReplay(key, deps)),
    ...untold.values().map(({ key, events }) => countUntold(key, events, deps)),
  ]);
}

/**
 * Each delivery once: not what the platform tries again by itself. What it tells of others' endpoints does not count: two
 * endpoints that refuse it would tell of each other for ever.
 */
function isToBeTold({ attempt, result: { delivery } }: Settled): boolean {
  const { event, heal, automatic } = delivery.message;
  if (attempt?.outcome !== 'exhausted' || attempt.fault !== undefined) return false;
  return !heal && automatic === undefined && !isTest(event) && !isOperational(event.type);
}

async function countUntold(
  key: TargetKey,
  events: readonly string[],
  { told, logger, errorFields, now }: Deps,
): Promise<void> {
  const [first = ''] = events.toSorted();
  try {
    await told.countExhausted(key, events.length, eventIdMs(first) ?? now());
  } catch (error) {
    logger.warn('exhausted deliveries not counted: nobody is told about them', {
      ...idsOf(key),
      ...errorFields(error),
    });
  }
}

/** As the row was read before the batch: what others have changed since is asked of the table itself. */
function mayAskReplay({ result: { target, subscription } }: Settled, { settings, now }: Deps): boolean {
  const { heal_event, heal_replay, healed_ms = -Infinity } = target?.health ?? {};
  // Its row may have come to say that nothing is tried again.
  if (heal_event === undefined || healsForMs(subscription, settings.heal) === 0) return false;
  return heal_replay === undefined && healed_ms < now() - replayPauseMs(settings.heal);
}

/** @returns undefined when it is not to be tried again. */
function exhaustedOf({ event_id }: Attempt, forMs: number, { settings, now }: Deps): Exhausted | undefined {
  if (forMs === 0) return undefined;
  const nowMs = now();
  return { event: event_id, dueMs: nowMs + healDelayMs(settings.heal, 0), untilMs: nowMs + forMs };
}

async function note(key: TargetKey, oldest: Exhausted, { healing, logger, errorFields }: Deps): Promise<void> {
  try {
    await healing.note(key, oldest);
  } catch (error) {
    logger.error('exhausted delivery not recorded: it is not tried again automatically', {
      ...idsOf(key),
      event_id: oldest.event,
      ...errorFields(error),
    });
  }
}

async function askReplay(key: TargetKey, deps: Deps): Promise<void> {
  const { healing, logger, metrics, errorFields, now, newReplayId, settings } = deps;
  const nowMs = now();
  const replay = newReplayId();
  try {
    if (!(await healing.askReplay(key, replay, nowMs - replayPauseMs(settings.heal), nowMs))) return;
    metrics.count('EndpointsHealed', 1);
    logger.info('endpoint answers again: exhausted deliveries go out', { ...idsOf(key), replay_id: replay });
    await deps.heal(key);
  } catch (error) {
    logger.warn('automatic replay not requested yet', { ...idsOf(key), ...errorFields(error) });
  }
}
