import { DOWN_SHARE } from './circuit.ts';
import type { ReleasePace } from '../messages/messages.ts';

// How fast held deliveries go out: like TCP finds out what a line carries. A release begins with what the endpoint last took
// in a second, or with one delivery, doubles as long as all goes well up to what is known to go well, stays there for a
// minute, and then feels its way up in growing steps. A 429 or a timeout halves it; where it was doubled before, what goes well
// is looked for between the two. Each step waits for the end of the one
// before, so a slow endpoint slows the release by itself.

/** Deliveries in one step at most: with steps of about two seconds some 200 a second. */
export const LARGEST_STEP = 400;
/** Seconds of a step while the pace still rises fast: its outcome is wanted soon. */
export const RISING_SECONDS = 1;
/** Seconds of a step at most while it rises slowly: each costs a few calls, and a second of waiting for its message. */
const STEADY_SECONDS = 5;
/** Steps for which the pace stays at what is known to go well, a minute: whoever says 429 every few seconds loses more by it. */
const STAYS = 12;
/** Twice as much was too much: what goes well is looked for between, in times of what went well. */
const BETWEEN = 1.35;
/** What is left of what is known to go well, when it does so no more. */
const LESS = 0.9;
/** Seconds to the next step when the last one failed in part: its retries come back after 10 s by default. */
const EASE_SECONDS = 10;
/** Failures that a step may have without counting as too much: some deliveries are refused whatever the load. */
const TOLERATED = 0.1;
/** So many failures, if they are the share by which an endpoint is down: it is down again. */
const DOWN_AGAIN = 5;
/**
 * Times that a step waits for the one before, a second each, before it goes on without knowing: log lines get lost, and a
 * delivery whose sender died before SQS heard of it comes again only after its queue's visibility timeout.
 */
const WAITS = 120;
/** The slowest pace: one delivery in two seconds. */
const SLOWEST = 0.5;
/** The share of what is known to go well that the first rise beyond it adds; each next one adds twice as much. */
const RISES = 0.125;

/**
 * The part of each second in which its deliveries go out. What is left is for the last ones to end and be logged before the
 * next step asks for them.
 */
const SPREAD = 0.75;

/** Of an endpoint of which nothing is known. */
const UNKNOWN: ReleasePace = { rate: 1, known: LARGEST_STEP, stays: STAYS, adds: 1 };

/** What became of the deliveries of one step so far. */
export interface StepOutcome {
  /** Settled other than by a failure of the endpoint. */
  settled: number;
  /** Of these, taken by the endpoint; the others were held once more, cancelled or skipped. */
  delivered: number;
  failed: number;
  /** Of these, without any answer. */
  unanswered: number;
  /** Nothing is logged yet. */
  waiting: number;
}

/** What a release does next. */
export type ReleaseMove =
  /** So many deliveries, `pace.rate` in each of so many seconds. */
  | { do: 'release'; pace: ReleasePace; count: number; seconds: number }
  | { do: 'wait'; seconds: number }
  /** It was too much: a pause, then smaller steps. */
  | { do: 'ease'; pace: ReleasePace; seconds: number }
  | { do: 'stop' };

/** What is known of the endpoint beside the step before. */
export interface Terms {
  /**
   * False: the endpoint has not answered since its URL was changed, its subscription activated or resumed, or it asked to wait.
   * Then a step of which failures are known and no success ends the release, however small: what failed is held again when its
   * retry comes.
   */
  proven?: boolean;
  /** Failures in a row since the release began that the endpoint's health tells of. */
  failures?: number;
  /** Deliveries a second that its subscription allows. */
  most?: number;
}

/**
 * What the first deliveries to an endpoint of which nothing is known say about it.
 * @param waited how often this was asked.
 * @param failures in a row, since the release began, that its health tells of: while lines of the log get lost, they alone say
 *   that all were refused.
 */
export function firstImpression(
  { settled, delivered, failed, waiting }: StepOutcome,
  waited: number,
  failures: number,
): 'answers' | 'refuses' | 'unknown' {
  if (delivered > 0) return 'answers';
  if (failures > 0 && failures >= settled + failed + waiting) return 'refuses';
  if (waiting > 0 && waited < WAITS) return 'unknown';
  // Others were cancelled or skipped, and of some nothing is known: their sender died, or their log lines are lost. Nobody refused.
  return failed > 0 ? 'refuses' : 'answers';
}

/**
 * The pace at which a release begins.
 * @param last of the release before, which ended in the middle: the endpoint asked to wait, or was down again.
 */
export function firstPace(last: ReleasePace | undefined): ReleasePace {
  if (!last) return UNKNOWN;
  const { rate, known, stays } = last;
  // It rose towards what was known to go well, stayed there, or rose beyond it.
  const towards = rate < known ? Math.min(lessThan(known), tenths(rate * BETWEEN)) : undefined;
  const good = towards ?? (stays > 0 ? lessThan(known) : rate);
  return { rate: halfOf(rate), known: good, stays: STAYS, adds: riseOf(good) };
}

/** The pace at which deliveries go out that wait only for their turns: with the ceiling of their subscription, from the start. */
export function ceilingPace(perSecond: number): ReleasePace {
  return { rate: perSecond, known: perSecond, stays: 0, adds: 1 };
}

/**
 * Decides on the next step.
 * @param pace of the step before; of the first one, the pace at which to begin.
 * @param seen what became of the step before; undefined: there was none, or it was judged already.
 * @param waited how often this was asked about the same step.
 */
export function nextMove(
  pace: ReleasePace,
  seen: StepOutcome | undefined,
  waited: number,
  { proven = true, failures = 0, most = LARGEST_STEP }: Terms = {},
): ReleaseMove {
  // One second of it shows whether it is right.
  if (!seen) return step(pace, most, RISING_SECONDS);
  const { settled, failed, unanswered, waiting } = seen;
  if (failed >= DOWN_AGAIN && failed >= DOWN_SHARE * (settled + failed)) return { do: 'stop' };
  if (!proven && firstImpression(seen, waited, failures) === 'refuses') return { do: 'stop' };
  if (waiting > 0 && waited < WAITS) return { do: 'wait', seconds: RISING_SECONDS };
  if (unanswered > 0 || failed > TOLERATED * (settled + failed)) {
    const rate = halfOf(pace.rate);
    const known = Math.max(lessThan(Math.min(pace.known, pace.rate)), rate);
    return { do: 'ease', pace: { rate, known, stays: STAYS, adds: riseOf(known) }, seconds: EASE_SECONDS };
  }
  return step(faster(pace), most);
}

function step(wanted: ReleasePace, most: number, longest = STEADY_SECONDS): ReleaseMove {
  const rate = Math.min(wanted.rate, LARGEST_STEP, most);
  const pace = { ...wanted, rate, known: Math.min(wanted.known, most) };
  const isRising = pace.rate < pace.known;
  const wished = isRising ? RISING_SECONDS : Math.max(Math.min(longest, Math.floor(LARGEST_STEP / pace.rate)), 1);
  const count = Math.max(Math.floor(rate * wished), 1);
  return { do: 'release', pace, count, seconds: Math.max(wished, Math.ceil(count / rate)) };
}

function faster({ rate, known, stays, adds }: ReleasePace): ReleasePace {
  if (rate < known) return { rate: Math.min(rate * 2, known), known, stays, adds };
  if (stays > 0) return { rate, known, stays: stays - 1, adds };
  return { rate: tenths(rate + adds), known: rate, stays: 0, adds: Math.min(adds * 2, LARGEST_STEP) };
}

/**
 * When a delivery of a step goes out, milliseconds after the step's begin. All of a second at its begin would be twice as
 * many in one second, as most who count them do, as soon as one comes a little late and the next a little early.
 */
export function momentOf(index: number, rate: number): number {
  const seconds = index / rate;
  const whole = Math.floor(seconds);
  return Math.round(1000 * (whole + SPREAD * (seconds - whole)));
}

/** Whole deliveries a second, where there is one. */
function halfOf(rate: number): number {
  return rate < 2 ? SLOWEST : Math.floor(rate / 2);
}

function riseOf(rate: number): number {
  return Math.max(tenths(rate * RISES), 0.1);
}

function lessThan(rate: number): number {
  return Math.max(tenths(rate * LESS), SLOWEST);
}

function tenths(rate: number): number {
  return Math.floor(rate * 10 + 1e-6) / 10;
}
