import type { FormatName } from '../formats/names.ts';

/** The result of one attempt; the table in docs/design.md §10 says what follows from each. */
export const OUTCOMES = ['delivered', 'failed', 'exhausted', 'gone', 'cancelled', 'held', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that end the delivery. After `failed` and `held` it continues. */
export const FINAL_OUTCOMES: readonly Outcome[] = ['delivered', 'exhausted', 'gone', 'cancelled', 'skipped'];

/** Outcomes that a person may have to look into: the log can be queried for them by organization only. */
export const FAILURES: readonly Outcome[] = ['failed', 'exhausted', 'gone'];

/** Milliseconds each part of a request took; a part that did not happen (a reused connection) is absent. */
export interface Timings {
  dns?: number;
  connect?: number;
  tls?: number;
  first_byte?: number;
  total: number;
  /** Of the total, for how long the sender was late itself, and not the endpoint; absent: it was not. */
  own_lag?: number;
}

/** What a request took without what the sender was late itself, milliseconds. */
export function withoutOwnLag({ total, own_lag = 0 }: Timings): number {
  return total - own_lag;
}

/** One line of the delivery log: one HTTP request of a delivery, or the decision not to make one. */
export interface Attempt {
  /** See {@link attemptId}. */
  id: string;
  event_id: string;
  subscription_id: string;
  organization: string;
  /** Of the subscription, as it was then: a key of one account sees the attempts of that account's subscriptions. */
  account?: string;
  type: string;
  /** Of the event; absent when it has none. */
  resource_id?: string;
  /** Number of the try, 1 to 4; with a `fault`, which is no try, of the one that was due. */
  attempt: number;
  attempted_ms: number;
  outcome: Outcome;
  /** When it was fetched, milliseconds, whose acknowledgement this line tells of. Absent: it was sent, or ended otherwise. */
  fetched_ms?: number;
  /** Why, in words an operator can act on: `timeout after 10000 ms`, `blocked address`, `status 500`. */
  reason?: string;
  /** `platform`: for a reason of ours, not the customer's; none of its tries was used up. Absent: the customer's own. */
  fault?: 'platform';
  /** Empty: it was not to be sent but fetched. */
  url: string;
  format: FormatName;
  /** Absent if there was no answer. */
  status?: number;
  /** Header names and values as sent; secrets masked. Absent when nothing was sent. */
  request_headers?: Record<string, string>;
  response_headers?: Record<string, string>;
  /** At most 16 KiB. */
  response_body?: string;
  response_truncated?: boolean;
  timings_ms?: Timings;
  /** Bytes of the request's body; absent when nothing was sent. */
  request_bytes?: number;
  /** When the next attempt is due, milliseconds; only with `failed`. */
  next_attempt_ms?: number;
  /** The replay job's id, or `redeliver`, when a person or the platform asked for this attempt. */
  replay?: string;
  /** It was sent to try out the subscription, with the catalogue's example. */
  sample?: true;
  /**
   * The platform asked for this attempt by itself, because the delivery was exhausted: how many automatic replays it has
   * taken part in, this one included. Absent: it did not.
   */
  automatic?: number;
  /** Exhausted, and never tried again by the platform itself: refused once more while the endpoint took others. */
  final?: true;
}

/** What a delivery's newest attempt says about where the delivery stands. */
export type LatestAttempt = Pick<
  Attempt,
  'outcome' | 'attempted_ms' | 'format' | 'status' | 'fault' | 'automatic' | 'final'
>;

/** One more try of an exhausted delivery: neither one of its own four nor of a replay. */
export function isHealTry({ automatic, replay }: Pick<Attempt, 'automatic' | 'replay'>): boolean {
  return automatic !== undefined && replay === undefined;
}

/**
 * An attempt's id names its place in the log (subscription / `<event id>#<ULID>`), so that the id alone finds it:
 * `att_<ULID>.<event id>.<subscription id>`. None of the parts holds a dot.
 */
export function attemptId(ulid: string, eventId: string, subscriptionId: string): string {
  return `att_${ulid}.${eventId}.${subscriptionId}`;
}

/** The parts of an attempt's id, or undefined if it is none. */
export function parseAttemptId(id: string): { ulid: string; eventId: string; subscriptionId: string } | undefined {
  const match = /^att_([0-9A-Z]{26})\.(evt_[A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})$/.exec(id);
  return match ? { ulid: match[1]!, eventId: match[2]!, subscriptionId: match[3]! } : undefined;
}
