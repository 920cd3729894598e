import type { Page, PageRequest } from './page.ts';

/** Events of one organization are counted as far as this. */
export const COUNTED_EVENTS = 100;

/** An organization, as subscriptions and events name it, and how much there is of it. */
export interface OrganizationCounts {
  organization: string;
  /** All of its rows, also those typed by hand that cannot be understood. */
  subscriptions: number;
  /** Of those that are kept, {@link COUNTED_EVENTS} at most. */
  events: number;
  /** When the newest of them was accepted, milliseconds. */
  last_event_ms?: number;
}

/** The tables `Subscriptions` and `Events`, by their partitions: nobody registers an organization. */
export interface OrganizationStore {
  /**
   * Those that have subscriptions or events, in no particular order, each once. A page may be short, even empty, although
   * more follow: it looks at 5,000 organizations with subscriptions at most, or 500 with events.
   * @param wanted keeps only these names.
   */
  list(page: PageRequest, wanted: (organization: string) => boolean): Promise<Page<OrganizationCounts>>;
  /** Names of those that have events, in the order of {@link list}. @param after the last one that was seen. */
  names(after: string | undefined, count: number): Promise<string[]>;
  /** One of them; undefined when it has neither. */
  get(organization: string): Promise<OrganizationCounts | undefined>;
}
