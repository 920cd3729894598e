import type { EndpointHealth } from './health.ts';
import type { DeliveryMessage } from '../messages/messages.ts';

/** When an endpoint counts as down. */
export interface CircuitSettings {
  /** Failed attempts in a row that open the circuit. */
  failures: number;
  /** Milliseconds those failures must span at least: a short outage with many deliveries is no reason. */
  spanMs: number;
}

/** An answer that takes longer sends the endpoint to the slow lane. Milliseconds. */
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
}

/** What a batch's requests to one endpoint mean for its health. */
export interface Observed {
  /** Whether any was successful: earlier failures no longer count. */
  succeeded: boolean;
  /** Failed ones since the last success, or all when there was none. */
  failures: number;
  /** `slow` wins over `quick`: one hanging request of ten is enough to hold up a batch. */
  pace: 'slow' | 'quick' | 'unknown';
}

/** Takes in one more request, in the order of their ends. */
export function observe(seen: Observed | undefined, { success, answered, hung, durationMs }: Observation): Observed {
  const slow = hung || durationMs > SLOW_MS;
  return {
    succeeded: success || (seen?.succeeded ?? false),
    failures: success ? 0 : (seen?.failures ?? 0) + 1,
    pace: slow || seen?.pace === 'slow' ? 'slow' : answered ? 'quick' : (seen?.pace ?? 'unknown'),
  };
}

/** What the circuit lets happen to a delivery. `drop`: a probe that nobody needs any more; the delivery itself is held. */
export type Passage = 'send' | 'hold' | 'drop';

/**
 * Whether a delivery may pass an endpoint's circuit. While held deliveries go out, new ones are held behind them, so
 * that the order of sending is the order of events.
 */
export function passage(
  health: EndpointHealth | undefined,
  { probe, released }: Pick<DeliveryMessage, 'probe' | 'released'>,
): Passage {
  const circuit = health?.circuit;
  if (probe) return circuit === 'open' ? 'send' : 'drop';
  if (circuit === 'open') return 'hold';
  return circuit === 'releasing' && !released ? 'hold' : 'send';
}

/** Deliveries belong in the slow lane. */
export function isSlow(health: EndpointHealth | undefined, nowMs: number): boolean {
  return (health?.slow_until_ms ?? 0) > nowMs;
}

/**
 * Whether the failures remembered are enough to call the endpoint down. The same while held deliveries go out: a part of
 * them that is too large makes 20 failures in a second and no outage; the release itself notices a real one (release.ts).
 */
export function mustOpen(health: EndpointHealth, settings: CircuitSettings, nowMs: number): boolean {
  return (
    health.circuit !== 'open' &&
    health.failures >= settings.failures &&
    nowMs - (health.failing_since_ms ?? nowMs) >= settings.spanMs
  );
}

/** What is to be written about an endpoint after a batch; an absent member stays as it is. */
export interface HealthChange {
  /** `reset`: the failures start again from `add`. */
  reset: boolean;
  /** Failures to add. */
  add: number;
  /** A new end of the slow time, or `null` to leave the slow lane. */
  slow_until_ms?: number | null;
  /** It answered although its circuit was open: what is held can go out. */
  circuit?: 'releasing';
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
  if (!reset && observed.failures === 0 && slow === undefined && !recovered) return undefined;
  return {
    reset,
    add: observed.failures,
    ...(slow === undefined ? {} : { slow_until_ms: slow }),
    ...(recovered ? { circuit: 'releasing' as const } : {}),
  };
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
