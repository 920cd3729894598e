import type { Outcome } from '../domain/delivery/attempt.ts';
import type { Page, PageRequest } from './page.ts';

/** Which events to list. One of `subscription` and `organization` with `outcome` is needed: nothing is scanned. */
export interface TriedEventFilter {
  organization?: string;
  /** Events with an attempt for this subscription. */
  subscription?: string;
  type?: string;
  /**
   * Events with a delivery whose newest attempt has one of these: to the subscription, or, without one, to any of the
   * organization; then only outcomes of the index of failures.
   */
  outcome?: readonly Outcome[];
  /** On the time inside the event's id, both inclusive. */
  since_ms?: number;
  until_ms?: number;
}

/** Events as the delivery log knows them. */
export interface TriedEventStore {
  /**
   * Newest first, each event once. A page may be short, even empty, although more follow: what one page reads is bounded.
   */
  list(filter: TriedEventFilter, page: PageRequest): Promise<Page<{ organization: string; id: string }>>;
}
