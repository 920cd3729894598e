import type { Outcome } from '../domain/delivery/attempt.ts';
import type { EventStore, RecordedEvent } from './events.ts';
import type { Page, PageRequest } from './page.ts';

/** Which events to list: of all parts together, each of which an event's delivery must meet. */
export interface TriedEventFilter {
  organization?: string;
  /** Events with an attempt for a subscription of this account. */
  account?: string;
  /** Events with an attempt for this subscription. */
  subscription?: string;
  type?: string;
  /** Exactly this one. */
  resource_id?: string;
  /** Events with a delivery whose newest attempt has one of these: to the subscription, or, without one, to any. */
  outcome?: readonly Outcome[];
  /** Events with a delivery whose newest attempt was answered with one of these, as `404`, or `5xx` for a class of them. */
  status?: readonly string[];
  /** On the time inside the event's id, both inclusive. */
  since_ms?: number;
  until_ms?: number;
}

/** Events as the delivery log knows them. */
export interface TriedEventStore {
  /**
   * Newest first, each event once. What is read, by what is asked for:
   * - With `resource_id`: that resource's events, and how each of their deliveries stands.
   * - With `subscription`: that one's log.
   * - With `organization` and only outcomes `failed`, `exhausted`, `gone`: the index of failures.
   * - Otherwise: event by event, and how each of its deliveries stands.
   *
   * A page may be short, even empty, although more follow: what one page reads is bounded.
   */
  list(filter: TriedEventFilter, page: PageRequest): Promise<Page<{ organization: string; id: string }>>;
}

/** One page of {@link TriedEventStore.list} with the events themselves. */
export async function listTried(
  filter: TriedEventFilter,
  page: PageRequest,
  { events, triedEvents }: { events: Pick<EventStore, 'get'>; triedEvents: TriedEventStore },
): Promise<Page<RecordedEvent>> {
  const { items, next } = await triedEvents.list(filter, page);
  const found = await Promise.all(items.map(({ organization, id }) => events.get(organization, id)));
  // The log may outlive the events.
  return { items: found.filter((event) => event !== undefined), next };
}
