import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { isHealing, replayPauseMs, type HealSettings } from '../../lambdas/domain/endpoint/healing.ts';
import { exhaustedToTell, overOf, stateToTell, TELLING_PAUSE_MS } from '../../lambdas/domain/endpoint/told.ts';
import type { Endpoints } from './endpoints.ts';
import type { Tables } from './tables.ts';
import type { Timeline } from './timeline.ts';

// When recovery's look at all endpoints is run. Most of them find what the one before has found, and with all of them a few long
// outages would cost more than all other schedules.

/** So long after it began an outage or a pause is looked at at each tick, milliseconds; later when it has grown by an eighth. */
const WATCHED_MS = 3_600_000;
/** And again for so many ticks before it can end. */
const TICKS_BEFORE_CHANGE = 10;

/** What a look depends on, of the world that asks: world.ts imports this file. */
interface Looked {
  tables: Tables;
  endpoints: Endpoints;
  timeline: Timeline;
  settings: { heal: HealSettings; probeMs: number; downMs: number };
}

/** Milliseconds; the past: at the next tick. While all circuits are closed, what is exhausted is due hours later. */
export function nextLookMs(world: Looked): number {
  const { tables, timeline } = world;
  const due = [...tables.health.rows.values()].flatMap((row) => [
    row.heal_replay === undefined ? [] : 0,
    row.circuit === undefined ? [] : nextLookAtCircuitMs(row, world),
    isHealing(row) ? nextHealingMs(row, world) : [],
    nextTellingMs(row, timeline.now) ?? [],
  ]);
  const times = due.flat();
  return times.length === 0 ? 0 : Math.min(...times);
}

function nextHealingMs(row: EndpointHealth, { settings }: Looked): number {
  if (row.heal_event === undefined) return (row.healed_ms ?? 0) + replayPauseMs(settings.heal);
  return Math.min(row.heal_ms ?? 0, row.heal_until_ms ?? 0);
}

function nextLookAtCircuitMs(row: EndpointHealth, { tables, endpoints, settings, timeline: { now } }: Looked): number {
  const { subscription, circuit, opened_ms = now, paused_ms = now } = row;
  const subscribed = tables.subscriptions.find(({ id }) => id === subscription);
  if (!subscribed) return 0;
  const { url, paused, delivery, active } = subscribed;
  const lateMs = (sinceMs: number): number => (now - sinceMs < WATCHED_MS ? 0 : now + (now - sinceMs) / 8);
  // Whoever ends a pause says so in the row first.
  if (circuit === 'paused') return paused === true || delivery === 'pull' ? lateMs(paused_ms) : 0;
  if (circuit !== 'open' || active === false || paused === true || endpoints.isWell(url as string)) return 0;
  const ticksMs = TICKS_BEFORE_CHANGE * settings.probeMs;
  const changesMs = Math.min(endpoints.healsMs(url as string), opened_ms + settings.downMs);
  return now + ticksMs >= changesMs ? 0 : Math.min(lateMs(opened_ms), changesMs - ticksMs);
}

/** When something about it is to be told or forgotten, milliseconds; undefined: only when it changes. */
export function nextTellingMs(row: EndpointHealth, nowMs: number): number | undefined {
  const { told, told_exhausted: exhausted } = row;
  const isToTell = (ms: number): boolean =>
    (stateToTell(row, ms) ?? exhaustedToTell(row, ms)) !== undefined || overOf(row, ms).length > 0;
  const times = [nowMs, (row.failing_since_ms ?? nowMs) + 60_000];
  if (told) times.push(told.from_ms + TELLING_PAUSE_MS);
  if (exhausted) times.push(exhausted.at_ms + TELLING_PAUSE_MS);
  return times.filter((ms) => ms >= nowMs && isToTell(ms)).sort((a, b) => a - b)[0];
}
