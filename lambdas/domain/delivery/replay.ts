import { mayHeal } from '../endpoint/healing.ts';
import { FINAL_OUTCOMES, OUTCOMES, type LatestAttempt, type Outcome } from './attempt.ts';

/** The standing of a delivery: the outcome of its newest attempt, or `pending` if the log has none yet. */
export const STANDINGS = [...OUTCOMES, 'pending'] as const;
export type Standing = Outcome | 'pending';

/**
 * The outcomes that a replay can select. `missed`: events that match the subscription as it is now but were never
 * queued for it, because it was inactive or did not exist when they were accepted.
 */
export const REPLAYABLE = [...STANDINGS, 'missed'] as const;
export type Replayable = (typeof REPLAYABLE)[number];

/**
 * The outcomes that a replay sends by default: everything that was not delivered, except what the format could not
 * carry, because the same bytes would be skipped again.
 */
export const REPLAYED_BY_DEFAULT: readonly Standing[] = ['failed', 'exhausted', 'gone', 'cancelled', 'held', 'pending'];

/**
 * A delivery that has no final outcome yet may still be under way for this long, milliseconds: four tries with a
 * `Retry-After` of up to 15 minutes each lie in it nearly always. A replay that was not told to take it leaves it alone.
 */
export const UNDER_WAY_MS = 50 * 60 * 1000;

/** Deliveries a second of a replay that was not told. */
export const DEFAULT_RATE = 50;
/** Deliveries a second at most. */
export const LARGEST_RATE = 500;

/** Stands for every organization, or every subscription, in a replay of the deliveries of many. No name holds it. */
export const EVERY = '*';

/** Which deliveries of a subscription, or of many, a replay is about. */
export interface ReplayQuery {
  organization: string;
  /** Of the subscription when it was asked for: only events of this account are sent again. Absent: of none. */
  account?: string;
  subscription: string;
  /** When the event was accepted, both inclusive, milliseconds. */
  since_ms: number;
  until_ms: number;
  /** Of each delivery's newest attempt. Absent: {@link REPLAYED_BY_DEFAULT}, without what may be under way. */
  outcomes?: Replayable[];
  /** The platform asked for it by itself, because the endpoint answers again: it takes what is exhausted and not over. */
  automatic?: true;
  /** Of {@link EVERY} subscription: only what is like this as well. */
  which?: {
    subscription?: string;
    type?: string;
    resource_id?: string;
    /** Of the newest attempt's answer, as `404` or `5xx`. */
    status?: string[];
  };
}

/** A replay and how far it has come. */
export interface Replay extends ReplayQuery {
  /** `rpl_…` */
  id: string;
  state: 'running' | 'done' | 'cancelled';
  created_ms: number;
  /** Deliveries a second. */
  rate: number;
  /** How many were found when it was asked for. */
  estimate: number;
  /** How many have been queued. */
  queued: number;
  /** How many of these were delivered, and how many ended otherwise. */
  done: number;
  failed: number;
  /** Its deliveries were named one by one: so many. Which, `ReplayStore.chosen` says. */
  chosen?: number;
  /** Everything has been queued. */
  listed?: boolean;
  /** Where the next page starts: behind this event. */
  cursor?: string;
  /** The latest step and when it was made, milliseconds. */
  step: number;
  stepped_ms: number;
}

/** Whether a replay takes a delivery. @param latest its newest attempt; undefined: none. @param eventMs the event's time. */
export function isReplayed(
  latest: LatestAttempt | undefined,
  eventMs: number,
  { outcomes, automatic }: Pick<ReplayQuery, 'outcomes' | 'automatic'>,
  nowMs: number,
): boolean {
  if (automatic) return latest !== undefined && mayHeal(latest);
  const standing = latest?.outcome ?? 'pending';
  if (outcomes) return outcomes.includes(standing);
  if (!REPLAYED_BY_DEFAULT.includes(standing)) return false;
  const mayBeUnderWay = standing === 'failed' || standing === 'pending';
  return !mayBeUnderWay || nowMs - (latest?.attempted_ms ?? eventMs) > UNDER_WAY_MS;
}

/** Progress as people see it. */
export interface ReplayProgress {
  total: number;
  done: number;
  failed: number;
  remaining: number;
}

/** The total is what was found first, until everything is queued; counts never exceed it, should one be counted twice. */
export function progressOf({ estimate, queued, done, failed, listed }: Replay): ReplayProgress {
  const total = listed ? queued : Math.max(estimate, queued);
  const shownDone = Math.min(done, total);
  const shownFailed = Math.min(failed, total - shownDone);
  return { total, done: shownDone, failed: shownFailed, remaining: total - shownDone - shownFailed };
}

/** How an outcome counts for a replay; undefined: it is not over yet. */
export function countsAs(outcome: Outcome): 'done' | 'failed' | undefined {
  if (outcome === 'delivered') return 'done';
  return FINAL_OUTCOMES.includes(outcome) ? 'failed' : undefined;
}

/** Whether a message's `replay` names a job, and not a single redelivery. */
export function isReplayId(replay: string | undefined): replay is string {
  return replay?.startsWith('rpl_') ?? false;
}
