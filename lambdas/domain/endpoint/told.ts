import type { EndpointHealth, Told, ToldExhausted, ToldState } from './health.ts';

// What an endpoint's organization is told of it, and how often. Recovery compares what it has told last with how the
// endpoint is now, so a death in between loses nothing, and an endpoint that comes and goes is told of once an hour.

/** What is to be told, or may not be queued yet. */
export type ToTell<What extends Pick<Told, 'due'>> = What & Required<Pick<What, 'due'>>;

function isDue<What extends Pick<Told, 'due'>>(told: What | undefined): told is ToTell<What> {
  return told?.due !== undefined;
}

/** An endpoint is failing when this many tries in a row have failed, over at least this many milliseconds. */
export const FAILING = { failures: 3, spanMs: 60_000 } as const;
/**
 * From one trouble that is told to the next of the same endpoint, and from one count of exhausted deliveries to the next,
 * milliseconds. What is told meanwhile is only that it has become worse, and that it is over.
 */
export const TELLING_PAUSE_MS = 3_600_000;

const WORSE: readonly ToldState[] = ['recovered', 'failing', 'throttled', 'down'];

/** @returns what is to be told now, or was to be and may not be queued yet; undefined: nothing. */
export function stateToTell(health: EndpointHealth, nowMs: number): ToTell<Told> | undefined {
  const { told } = health;
  if (isDue(told)) return told;
  const state = stateNow(health, nowMs);
  if (state === undefined) return undefined;
  const isTrouble = told !== undefined && told.state !== 'recovered';
  if (state === 'recovered' && !isTrouble) return undefined;
  if (!isTrouble && told && nowMs - told.from_ms < TELLING_PAUSE_MS) return undefined;
  if (isTrouble && state !== 'recovered' && WORSE.indexOf(state) <= WORSE.indexOf(told.state)) return undefined;
  const from_ms = isTrouble ? told.from_ms : nowMs;
  return { state, at_ms: nowMs, from_ms, due: { facts: factsOf(state, health, from_ms) } };
}

/** @returns undefined: nothing can be said, it is paused, inactive or being tried, or a few tries have failed. */
function stateNow(health: EndpointHealth, nowMs: number): ToldState | undefined {
  const { circuit, failures, failing_since_ms: sinceMs = nowMs, deactivated_ms, renewed_ms } = health;
  if (circuit === 'open') return deactivated_ms === undefined ? 'down' : undefined;
  if (circuit === 'throttled') return 'throttled';
  // All that was held has gone out, and something has shown that it takes deliveries.
  if (circuit === 'closing' && failures === 0 && renewed_ms === undefined) return 'recovered';
  if (circuit !== undefined) return undefined;
  if (failures === 0) return 'recovered';
  return failures >= FAILING.failures && nowMs - sinceMs >= FAILING.spanMs ? 'failing' : undefined;
}

function factsOf(state: ToldState, health: EndpointHealth, fromMs: number): Record<string, string | number> {
  switch (state) {
    case 'failing':
      return { failures: health.failures, since: iso(health.failing_since_ms ?? fromMs) };
    case 'throttled':
      return { until: iso(health.throttled_until_ms ?? fromMs) };
    case 'down':
      return { since: iso(health.opened_ms ?? fromMs) };
    case 'recovered':
      return { since: iso(fromMs) };
  }
}

/** @returns the count that is to be told now, or was to be and may not be queued yet; undefined: none. */
export function exhaustedToTell(health: EndpointHealth, nowMs: number): ToTell<ToldExhausted> | undefined {
  const { told_exhausted: told, untold_exhausted: count = 0, untold_from_ms: fromMs = nowMs } = health;
  if (isDue(told)) return told;
  if (count === 0 || (told && nowMs - told.at_ms < TELLING_PAUSE_MS)) return undefined;
  return { at_ms: nowMs, due: { facts: { count, since: iso(fromMs) } } };
}

/** Members of a row that say that something was told, or is to be. */
export const TOLD = ['told', 'told_exhausted', 'untold_exhausted'] as const satisfies (keyof EndpointHealth)[];

/** Whether the row is still needed for what was told, or is to be. */
export function isTold(health: EndpointHealth): boolean {
  return TOLD.some((name) => health[name] !== undefined);
}

/** Which of it says nothing any more: the next telling may come as if there had been none. */
export function overOf(health: EndpointHealth, nowMs: number): ('told' | 'told_exhausted')[] {
  const { told, told_exhausted: exhausted } = health;
  const over: ('told' | 'told_exhausted')[] = [];
  const isOver = told?.state === 'recovered' && !told.due && nowMs - told.from_ms >= TELLING_PAUSE_MS;
  if (isOver) over.push('told');
  if (exhausted && !exhausted.due && nowMs - exhausted.at_ms >= TELLING_PAUSE_MS) over.push('told_exhausted');
  return over;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
