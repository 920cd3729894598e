import type { Attempt, Outcome } from '../domain/delivery/attempt.ts';
import type { PosthornEvent } from '../domain/event.ts';
import type { TriedEventFilter } from './events-by-attempt.ts';
import type { Page, PageRequest } from './page.ts';

/** One event on its way to one subscription, and how far it is. */
export interface ListedDelivery {
  event: PosthornEvent;
  subscription: string;
  /** Undefined: not tried yet. */
  latest?: Attempt;
}

/** What `outcome` may ask for: how the newest attempt ended, or that there is none yet. */
export type DeliveryOutcome = Outcome | 'pending';

/** Of all parts together. */
export interface DeliveryFilter extends Omit<TriedEventFilter, 'outcome'> {
  outcome?: readonly DeliveryOutcome[];
}

/** Deliveries of all subscriptions, each once, as they stand now. */
export interface DeliveryStore {
  /**
   * Newest event first, then in the order in which its subscriptions matched. With outcomes `failed`, `exhausted`, `gone`
   * alone and no organization: some organizations after others. A page may be short, even empty, although more follow: what
   * one page reads is bounded.
   */
  list(filter: DeliveryFilter, page: PageRequest): Promise<Page<ListedDelivery>>;
}
