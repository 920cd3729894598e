import type { PosthornEvent } from '../domain/event.ts';
import type { FormatName } from '../domain/formats/names.ts';
import type { Page, PageRequest } from './page.ts';

/** One subscription that an event matched, with the format that it had then: every send has the same bytes. */
export interface Match {
  subscription: string;
  format: FormatName;
  /** The replay that added it afterwards, because the subscription had missed the event. Absent: found by fan-out. */
  replay?: string;
}

/** An event as recorded by fan-out. */
export interface RecordedEvent {
  event: PosthornEvent;
  /** Ids of the subscriptions that matched when it was fanned out. */
  matched: string[];
}

/** Which events to list. */
export interface EventFilter {
  organization?: string;
  account?: string;
  type?: string;
  /** Exactly this one, 1 to 128 characters. */
  resource_id?: string;
  since_ms?: number;
  until_ms?: number;
}

/** The table `Events`: every event of the last days (default 30) with what it matched. Expired rows are invisible at once. */
export interface EventStore {
  /**
   * Records the event once. A second call for the same id changes nothing and returns what the first one recorded,
   * so that fan-out run twice delivers to the same subscriptions, in the same formats.
   * @throws when the id is no `evt_` + ULID.
   */
  record(event: PosthornEvent, matches: readonly Match[]): Promise<{ matches: readonly Match[]; first: boolean }>;
  get(organization: string, id: string): Promise<RecordedEvent | undefined>;
  /**
   * Adds a match that a replay has found, unless the event has one for this subscription.
   * @returns the format to send, as the first call of this replay recorded it; undefined when somebody else has matched
   *   them, or the event is gone.
   */
  addMatch(organization: string, id: string, match: Required<Match>): Promise<FormatName | undefined>;
  /** By id alone, for callers that may see every organization. */
  find(id: string): Promise<RecordedEvent | undefined>;
  /**
   * An organization's events with everything they matched, oldest first.
   * @param range ids, both inclusive.
   * @param resource_id those of this resource alone, as far as the index knows of them: a moment after they were recorded.
   * @returns `next`: the last id looked at, when more follow.
   */
  oldestFirst(
    organization: string,
    range: { from: string; to: string },
    limit: number,
    resource_id?: string,
  ): Promise<{ items: { event: PosthornEvent; matches: readonly Match[] }[]; next?: string }>;
  /**
   * Newest first; those of a resource without `organization`: organization by organization, and newest first in each page.
   * `since_ms` and `until_ms` are inclusive and go by the time inside the event's id. A page may be short,
   * even empty, although more follow: what one page reads is bounded.
   */
  list(filter: EventFilter, page: PageRequest): Promise<Page<RecordedEvent>>;
}
