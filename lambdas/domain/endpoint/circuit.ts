import { CLOCK_SKEW_MS } from '../limits.ts';
import type { EndpointHealth } from './health.ts';
import type { DeliveryMessage } from '../messages/messages.ts';
import type { Circuit } from './states.ts';

/** When an endpoint counts as down. */
export interface CircuitSettings {
  /** Failed attempts in a row that open the circuit. */
  failures: number;
  /** Milliseconds those failures must span at least: a short outage with many deliveries is no reason. */
  spanMs: number;
}

/** Tries are tallied for so long, milliseconds. */
const TALLY_MS = 5 * 60_000;
/** Share of the tallied tries that must have failed for the endpoint to be down, whatever succeeded in between. */
export const DOWN_SHARE = 0.8;
/**
 * A tally with fewer failures is forgotten with the row at the next success: whoever fails four times of five fails four
 * times in a row somewhere, and endpoints that hardly ever fail keep no row.
 */
export const TALLY_WORTH = 4;
/** How long nothing is sent when the endpoint asks to wait and does not say how long. Milliseconds. */
const THROTTLED_MS = 60_000;
/**
 * The same at least: many limiters round what is left of their second down to `Retry-After: 0`, and one whose clock is behind
 * names a time that is over. Without a pause their deliveries would use up their tries, neither held nor released at a pace.
 */
const THROTTLED_AT_LEAST_MS = 1000;
/** And at most. Milliseconds. */
const THROTTLED_AT_MOST_MS = 3_600_000;
/** An endpoint that only asks to wait, without one success for so long, is not busy but down. Milliseconds. */
const ASKING_MS = 3_600_000;

/** An answer that takes longer than this, in milliseconds, moves the endpoint to the slow lane. */
export const SLOW_MS = 2000;
/**
 * How long an endpoint stays in the slow lane after its last slow answer, unless it answers quickly before. Longer than
 * the retry window of a delivery (5 minutes), so that a hanging endpoint's retries do not come back in the fast lane.
 */
export const SLOW_LANE_MS = 10 * 60 * 1000;

/** One request to an endpoint, as far as its health is concerned. */
export interface Observation {
  /** The attempt counted as delivered. */
  success: boolean;
  /** It was answered at all. */
  answered: boolean;
  /** It ran into its deadline. */
  hung: boolean;
  durationMs: number;
  /** It asked to be left alone until then, milliseconds since the epoch. */
  askedUntilMs?: number | undefined;
}

/** What a batch's requests to one endpoint mean for its health. */
export interface Observed {
  /** Whether any was successful: earlier failures no longer count. */
  succeeded: boolean;
  /** Failed ones since the last success, or all when there was none. */
  failures: number;
  /** `slow` wins over `quick`: one hanging request of ten is enough to hold up a batch. */
  pace: 'slow' | 'quick' | 'unknown';
  /** All requests that it did not push back, and how many of them failed. */
  tries: number;
  failed: number;
  /** The latest time until which it asked to be left alone. */
  askedUntilMs?: number | undefined;
}

/**
 * Until when an endpoint asks to be left alone.
 * @param askedSeconds what its `Retry-After` says, if it says something that can be understood.
 * @param endedMs when it answered, milliseconds since the epoch.
 * @returns undefined: it does not. A 503 without `Retry-After` is a failure like any other.
 */
export function askedUntil(status: number, askedSeconds: number | undefined, endedMs: number): number | undefined {
  if (status !== 429 && (status !== 503 || askedSeconds === undefined)) return undefined;
  const waitMs = askedSeconds === undefined ? THROTTLED_MS : askedSeconds * 1000;
  return Math.round(endedMs + Math.min(Math.max(waitMs, THROTTLED_AT_LEAST_MS), THROTTLED_AT_MOST_MS));
}

/** Whether to believe an endpoint that asks to be left alone. */
export function mayThrottle(before: EndpointHealth | undefined, nowMs: number): boolean {
  if (before?.circuit === 'open' || before?.circuit === 'paused') return false;
  return nowMs - (before?.failing_since_ms ?? nowMs) < ASKING_MS;
}

/** Takes in one more request, in the order of their ends. */
export function observe(seen: Observed | undefined, request: Observation): Observed {
  const { success, answered, hung, durationMs, askedUntilMs } = request;
  const slow = hung || durationMs > SLOW_MS;
  const tallied = askedUntilMs === undefined ? 1 : 0;
  return {
    succeeded: success || (seen?.succeeded ?? false),
    failures: success ? 0 : (seen?.failures ?? 0) + 1,
    pace: slow || seen?.pace === 'slow' ? 'slow' : answered ? 'quick' : (seen?.pace ?? 'unknown'),
    tries: (seen?.tries ?? 0) + tallied,
    failed: (seen?.failed ?? 0) + (success ? 0 : tallied),
    askedUntilMs: maxOf(seen?.askedUntilMs, askedUntilMs),
  };
}

/**
 * What the circuit lets happen to a delivery. `drop`: a probe that nobody needs any more, or a try of an exhausted delivery
 * that the endpoint would not take now; the delivery itself stays where it is.
 */
export type Passage = 'send' | 'hold' | 'drop';

/** Whether nothing is sent to an endpoint, whatever waits for it. */
export function takesNothing(circuit: Circuit | undefined): boolean {
  return circuit === 'open' || circuit === 'throttled' || circuit === 'paused';
}

/**
 * Whether a delivery may pass an endpoint's circuit. While held deliveries go out, new ones are held behind them, so
 * that the order of sending is the order of events. So are those that an earlier release let go and that failed since.
 * @param handedOutMs when its message was handed out first, milliseconds since the epoch.
 * @param hasCeiling all its deliveries are held first and released at a pace.
 */
export function admit(
  health: EndpointHealth | undefined,
  { probe, heal, released }: Pick<DeliveryMessage, 'probe' | 'heal' | 'released'>,
  handedOutMs = Infinity,
  hasCeiling = false,
): Passage {
  const circuit = health?.circuit;
  if (probe) return circuit === 'open' ? 'send' : 'drop';
  if (heal) return circuit === undefined || circuit === 'open' ? 'send' : 'drop';
  if (takesNothing(circuit)) return 'hold';
  const isOfThisRelease = released === true && handedOutMs >= (health?.release_ms ?? 0) - CLOCK_SKEW_MS;
  if (circuit === 'releasing') return isOfThisRelease ? 'send' : 'hold';
  return hasCeiling && released !== true ? 'hold' : 'send';
}

/** Deliveries belong in the slow lane. */
export function isSlow(health: EndpointHealth | undefined, nowMs: number): boolean {
  return (health?.slow_until_ms ?? 0) > nowMs;
}

/** Why an endpoint is down: so many failures in a row, or the share of a tally that began then. */
export type DownBy = { failures: number } | { tally_ms: number };

/**
 * Whether what is remembered is enough to call the endpoint down. Failures in a row count as well while held deliveries
 * go out, over their time: a part of them that is too large makes 20 failures in a second and no outage; the release itself
 * notices a real one (release.ts), which is why the share does not count then. Nothing opens while it is throttled or paused.
 */
export function shouldOpen(health: EndpointHealth, settings: CircuitSettings, nowMs: number): DownBy | undefined {
  const { circuit, failures, failing_since_ms = nowMs, tally_ms = nowMs, tally_tries = 0, tally_failed = 0 } = health;
  if (takesNothing(circuit)) return undefined;
  if (failures >= settings.failures && nowMs - failing_since_ms >= settings.spanMs) {
    return { failures: settings.failures };
  }
  const isLive = nowMs - tally_ms < TALLY_MS;
  const isEnough = tally_tries >= settings.failures && nowMs - tally_ms >= settings.spanMs;
  return circuit === undefined && isLive && isEnough && tally_failed >= DOWN_SHARE * tally_tries
    ? { tally_ms }
    : undefined;
}

/** What keeps a delivery from being sent, for its line in the log. */
export function whyHeld({ circuit, throttled_until_ms: untilMs }: Partial<EndpointHealth> = {}): string {
  if (circuit === 'paused') return 'the subscription is paused; sent when it is resumed';
  if (circuit === 'releasing') return 'others that were held for the endpoint go out first';
  if (circuit !== 'throttled') return 'the endpoint is down; sent when it recovers';
  const until = untilMs === undefined ? '' : `, until ${new Date(untilMs).toISOString()}`;
  return `the endpoint asked to wait${until}; sent after that`;
}

/** What is to be written about an endpoint after a batch; an absent member stays as it is. */
export interface HealthChange {
  /** `reset`: the failures start again from `add`. */
  reset: boolean;
  /** Failures to add. */
  add: number;
  /** A new end of the slow time, or `null` to leave the slow lane. */
  slow_until_ms?: number | null;
  /** It answered although its circuit was open: what is held can go out, unless the circuit has changed meanwhile. */
  circuit?: 'releasing';
  /** What to add to the tally; `anew`: the one before is too old. Absent: the failures alone. `null`: it is forgotten. */
  tally?: { anew: boolean; tries: number; failed: number } | null;
}

/**
 * The change that a batch's requests make to what was remembered before it.
 * @returns undefined when there is none: a healthy endpoint costs no write.
 */
export function healthChange(
  before: EndpointHealth | undefined,
  observed: Observed,
  nowMs: number,
): HealthChange | undefined {
  const reset = observed.succeeded && (before?.failures ?? 0) > 0;
  const slow = slowChange(before, observed.pace, nowMs);
  const recovered = observed.succeeded && observed.failures === 0 && before?.circuit === 'open';
  const tally = tallyChange(before, observed, nowMs);
  const isWritten = reset || observed.failures > 0 || slow !== undefined || recovered;
  if (!isWritten && !mustTally(before, tally)) return undefined;
  const change: HealthChange = { reset, add: observed.failures };
  if (slow !== undefined) change.slow_until_ms = slow;
  if (recovered) change.circuit = 'releasing';
  if (tally !== undefined) change.tally = tally;
  return change;
}

/** @returns undefined when all that happened are failures that are added anyway. */
function tallyChange(
  before: EndpointHealth | undefined,
  { tries, failed, failures }: Observed,
  nowMs: number,
): HealthChange['tally'] {
  const anew = before?.tally_ms !== undefined && nowMs - before.tally_ms >= TALLY_MS;
  if (anew && failed === 0) return null;
  // A success is tallied beside failures only.
  if (failed === 0 && !before?.tally_failed) return undefined;
  if (!anew && tries === failures && failed === failures) return undefined;
  return { anew, tries, failed };
}

/**
 * A success costs a write of its own only while half of the tallied tries have failed: else an endpoint that refuses one
 * delivery of a hundred would cost a write for each batch.
 */
function mustTally(before: EndpointHealth | undefined, tally: HealthChange['tally']): boolean {
  const { tally_tries: tries = 0, tally_failed: failed = 0, circuit } = before ?? {};
  if (tally === undefined || circuit !== undefined || failed < TALLY_WORTH) return false;
  return tally === null || 2 * failed >= tries;
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** The slow time is moved on only when half of it has passed: a slow endpoint costs a write every 5 minutes, not every answer. */
function slowChange(
  before: EndpointHealth | undefined,
  pace: Observed['pace'],
  nowMs: number,
): number | null | undefined {
  const until = before?.slow_until_ms;
  if (pace === 'slow') return (until ?? 0) - nowMs < SLOW_LANE_MS / 2 ? nowMs + SLOW_LANE_MS : undefined;
  return pace === 'quick' && until !== undefined ? null : undefined;
}
