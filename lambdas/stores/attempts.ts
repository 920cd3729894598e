import type { Attempt, LatestAttempt, Outcome } from '../domain/delivery/attempt.ts';
import type { Page, PageRequest } from './page.ts';

export type { LatestAttempt };

export interface AttemptFilter {
  organization?: string;
  /** Of its subscriptions: {@link Attempt.account}. */
  account?: string;
  subscription?: string;
  /** All tries of one delivery; only together with `subscription`. */
  event?: string;
  type?: string;
  /** Tries of events of exactly this resource. */
  resource_id?: string;
  outcome?: Outcome[];
  /** On `attempted_ms`. */
  since_ms?: number;
  until_ms?: number;
}

/** Some exhausted deliveries, oldest event first. */
export interface ExhaustedPage {
  found: (LatestAttempt & { event_id: string })[];
  /** What one page reads is bounded: from this event on nothing has been looked at. Absent: all has been. */
  next?: string;
}

/** The table `Attempts`: the delivery log, by subscription, newest event first, then newest attempt. */
export interface AttemptStore {
  /**
   * Appends in batches and tries again what DynamoDB left unprocessed.
   * @param deadlineMs no further try is begun after this time, milliseconds since the epoch. Default: none.
   * @returns the attempts that could not be written after all tries; never throws for them.
   */
  append(attempts: Attempt[], deadlineMs?: number): Promise<Attempt[]>;
  get(id: string): Promise<Attempt | undefined>;
  /** Whether any call of an organization's subscription stands in the log. One small read. */
  isCalled(organization: string, subscription: string): Promise<boolean>;
  /** All attempts of one delivery, oldest first. */
  ofDelivery(subscription: string, eventId: string): Promise<Attempt[]>;
  /** The newest attempt of a delivery, strongly consistent. */
  latest(subscription: string, eventId: string): Promise<Attempt | undefined>;
  /**
   * The newest attempt of each delivery to a subscription whose event lies between two ids, both inclusive; strongly
   * consistent. By event id; what was never attempted is missing. Without request, response and timings.
   */
  latestBetween(subscription: string, fromEvent: string, toEvent: string): Promise<Map<string, LatestAttempt>>;
  /**
   * The oldest deliveries to a subscription that are exhausted and to be tried again, strongly consistent; pings never are.
   * @param fromEvent only this event's and later ones'.
   */
  exhausted(subscription: string, fromEvent: string): Promise<ExhaustedPage>;
  /**
   * Newest event first, then by subscription, then newest attempt first. One page reads a bounded part of the log, so
   * with a narrow filter, or with long answers of customers, it may be short, even empty, although `next` says that more
   * follow.
   * - With `resource_id`: event by event of that resource.
   * - With `subscription`: that one's log.
   * - With `organization` alone and only outcomes `failed`, `exhausted`, `gone`: the index of failures; there attempts of
   *   one event to several subscriptions come newest first.
   * - Otherwise: event by event through what each matched.
   */
  list(filter: AttemptFilter, page: PageRequest): Promise<Page<Attempt>>;
}
