import { DOWN_SHARE } from './circuit.ts';
import type { ReleasePace } from '../messages/messages.ts';

// How fast held deliveries go out to an endpoint that has just come back: like TCP finds out what a line carries. It
// begins small, doubles as long as all goes well, and after the first sign of too much goes on from half of that in
// even steps. Each step waits for the end of the one before, so a slow endpoint slows the release by itself.

/** Deliveries in the first step. */
export const FIRST_STEP = 10;
/** Deliveries in one step at most: with steps of about two seconds some 200 a second. */
export const LARGEST_STEP = 400;
/** Seconds from one step to the next. */
export const STEP_SECONDS = 1;
/** Seconds to the next step when the last one failed in part: its retries come back after 10 s by default. */
const EASE_SECONDS = 10;
/** Failures that a step may have without counting as too much: some deliveries are refused whatever the load. */
const TOLERATED = 0.1;
/** So many failures, if they are the share by which an endpoint is down: it is down again. */
const DOWN_AGAIN = 5;
/** Times that a step waits for the one before, a second each, before it goes on without knowing: log lines get lost. */
const WAITS = 120;

/** What became of the deliveries of one step so far. */
export interface StepOutcome {
  /** Settled other than by a failure of the endpoint. */
  settled: number;
  /** Of these, taken by the endpoint; the others were held once more, cancelled or skipped. */
  delivered: number;
  failed: number;
  /** Nothing is logged yet. */
  waiting: number;
}

/** What a release does next. */
export type ReleaseMove =
  | { do: 'release'; pace: ReleasePace }
  | { do: 'wait'; seconds: number }
  /** It was too much: a pause, then smaller steps. */
  | { do: 'ease'; pace: ReleasePace; seconds: number }
  | { do: 'stop' };

/**
 * What the first deliveries to an endpoint of which nothing is known say about it.
 * @param waited how often this was asked.
 * @param failures in a row that its health tells of: while lines of the log get lost, they alone say that all were refused.
 */
export function firstImpression(
  { settled, delivered, failed, waiting }: StepOutcome,
  waited: number,
  failures: number,
): 'answers' | 'refuses' | 'unknown' {
  if (delivered > 0) return 'answers';
  if (failures > 0 && failures >= settled + failed + waiting) return 'refuses';
  if (waiting > 0 && waited < WAITS) return 'unknown';
  // All were cancelled or skipped: nobody was called who could refuse.
  return failed + waiting > 0 ? 'refuses' : 'answers';
}

/**
 * Decides on the next step.
 * @param pace of the step before; undefined: there was none.
 * @param seen what became of the step before; undefined: it was judged already.
 * @param waited how often this was asked about the same step.
 * @param proven false: the endpoint has not answered since its URL was changed or its subscription activated. Then a step
 *   of which no success is known ends the release, however small: what failed is held again when its retry comes.
 * @param failures in a row that the endpoint's health tells of.
 */
export function nextMove(
  pace: ReleasePace | undefined,
  seen: StepOutcome | undefined,
  waited: number,
  proven = true,
  failures = 0,
): ReleaseMove {
  if (!pace) return { do: 'release', pace: { size: FIRST_STEP, threshold: LARGEST_STEP } };
  if (!seen) return { do: 'release', pace };
  const { settled, failed, waiting } = seen;
  if (failed >= DOWN_AGAIN && failed >= DOWN_SHARE * (settled + failed)) return { do: 'stop' };
  if (!proven && firstImpression(seen, waited, failures) === 'refuses') return { do: 'stop' };
  if (waiting > 0 && waited < WAITS) return { do: 'wait', seconds: STEP_SECONDS };
  if (failed > TOLERATED * (settled + failed)) {
    const size = Math.max(1, Math.floor(pace.size / 2));
    return { do: 'ease', pace: { size, threshold: size }, seconds: EASE_SECONDS };
  }
  return { do: 'release', pace: faster(pace) };
}

function faster({ size, threshold }: ReleasePace): ReleasePace {
  const next = size < threshold ? Math.min(size * 2, threshold) : size + FIRST_STEP;
  return { size: Math.min(next, LARGEST_STEP), threshold };
}
