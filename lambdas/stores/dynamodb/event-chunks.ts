import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { RecordedEvent } from '../events.ts';
import type { EventItem } from './event-item.ts';

/** Events taken up at once. */
export const CHUNK = 25;
/** Events looked at for one page, most of which a filter may drop. */
export const EVENTS_PER_PAGE = 500;

export interface EventListsProps {
  dynamoDb: DynamoDBDocumentClient;
  table: string;
  retentionDays: number;
  now: () => number;
  /** Items in the order of their keys. */
  readItems: (keys: { organization: string; id: string }[]) => Promise<EventItem[]>;
  /** False once an item has expired. */
  visible: (item: EventItem) => boolean;
  /** An item with all of its matches. */
  recorded: (item: EventItem) => Promise<RecordedEvent>;
}

/** Ids between which to read, both inclusive; `before` is the cursor's place (an id, mostly), itself left out. */
export interface Range {
  oldest: string;
  newest: string;
  before?: string;
}

/** Some events in the list's order, and the place up to which everything has been looked at. */
export interface Chunk {
  items: EventItem[];
  /** The page ends here: what one page may read is used up, and nothing is left before this place. */
  reached?: string;
}
