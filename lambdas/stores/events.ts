import type { PosthornEvent } from '../domain/event.ts';
import type { Page, PageRequest } from './page.ts';

/** An event as recorded by fan-out. */
export interface RecordedEvent {
  event: PosthornEvent;
  /** Ids of the subscriptions that matched when it was fanned out. */
  matched: string[];
}

/** The table `Events`: every event of the last days (default 30) with what it matched. Expired rows are invisible at once. */
export interface EventStore {
  /**
   * Records the event once. A second call for the same id changes nothing and returns what the first one recorded,
   * so that fan-out run twice delivers to the same subscriptions.
   */
  record(event: PosthornEvent, matched: string[]): Promise<{ matched: string[]; first: boolean }>;
  get(organization: string, id: string): Promise<RecordedEvent | undefined>;
  /** By id alone, for callers that may see every organization. */
  find(id: string): Promise<RecordedEvent | undefined>;
  /** Newest first. With `type`, a page may be short although more follow. */
  list(
    filter: { organization?: string; type?: string; since_ms?: number; until_ms?: number },
    page: PageRequest,
  ): Promise<Page<RecordedEvent>>;
}
