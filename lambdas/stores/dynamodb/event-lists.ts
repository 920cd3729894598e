import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dayBuckets, eventIdMs, eventIdsAt, startOfDay } from '../../domain/ulid-time.ts';
import type { EventStore, RecordedEvent } from '../events.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { resourcePartition, type EventItem } from './event-item.ts';

// What one page may cost, whatever it finds.
/** Events looked at, most of which a type filter may drop. */
const EVENTS_PER_PAGE = 500;
/** Characters of payloads and matches read: a Lambda's answer ends at 6 MB. */
const CHARACTERS_PER_PAGE = 4_000_000;
/** Days walked in the index: 10 queries each. The default retention fits, so that one page tells that nothing is there. */
const DAYS_PER_PAGE = 31;

/** Events taken up at once. */
const CHUNK = 25;
const DAY_MS = 86_400_000;
/** Events may seem to come from the future: the clock of ingest may be ahead of this one by so much. */
const CLOCK_SKEW_MS = 300_000;

interface EventListsProps {
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

/** Ids between which to read, both inclusive; `before` is the cursor's id, itself left out. */
interface Range {
  oldest: string;
  newest: string;
  before?: string;
}

/** Some events, newest first, and the id from which on everything newer has been looked at. */
interface Chunk {
  items: EventItem[];
  /** Set when nothing can lie between the last item and this id. */
  reached?: string;
}

/**
 * {@link EventStore.list}: an organization's events by the table's key, those of a resource by the index `by-resource`,
 * everybody's by the index `by-time`.
 */
export function createEventLists(props: EventListsProps): EventStore['list'] {
  const { now, retentionDays, visible, recorded } = props;
  return async ({ organization, account, type, resource_id, since_ms = 0, until_ms }, { limit, cursor }) => {
    const before = cursor === undefined ? undefined : readCursor(cursor, ['before']).before;
    // Days to come are not walked: a far `until` would find a month of empty ones on every page.
    const newest = eventIdsAt(Math.min(until_ms ?? Infinity, now() + CLOCK_SKEW_MS)).last;
    const oldestMs = organization === undefined ? now() - (retentionDays + 1) * DAY_MS : 0;
    const range: Range = {
      oldest: eventIdsAt(Math.max(since_ms, oldestMs)).first,
      newest: before !== undefined && before < newest ? before : newest,
    };
    if (resource_id !== undefined && organization === undefined)
      throw new Error('Listing events of a resource needs the organization that it belongs to.');
    if (before !== undefined) range.before = before;
    // DynamoDB refuses a BETWEEN whose lower end is the higher one.
    if (range.oldest > range.newest) return { items: [] };
    const chunks =
      organization === undefined
        ? ofAll(props, range)
        : resource_id === undefined
          ? ofOrganization(props, organization, range)
          : ofResource(props, resourcePartition(organization, resource_id), range);

    const items: RecordedEvent[] = [];
    let looked = 0;
    let characters = 0;
    let last = before;
    for await (const chunk of chunks) {
      for (const item of chunk.items) {
        if (items.length === limit || looked === EVENTS_PER_PAGE || characters >= CHARACTERS_PER_PAGE) {
          return { items, next: writeCursor({ before: last! }) };
        }
        looked++;
        last = item.id;
        if (!visible(item) || (type !== undefined && item.type !== type)) continue;
        if (account !== undefined && item.account !== account) continue;
        const event = await recorded(item);
        items.push(event);
        characters += (event.event.data?.length ?? 0) + event.matched.length * 30;
      }
      if (chunk.reached === undefined) continue;
      return { items, next: writeCursor({ before: chunk.reached }) };
    }
    return { items };
  };
}

/** An organization's events by the table's key. */
async function* ofOrganization(
  { dynamoDb, table }: EventListsProps,
  organization: string,
  range: Range,
): AsyncIterable<Chunk> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamoDb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'organization = :organization AND id BETWEEN :oldest AND :newest',
        ExpressionAttributeValues: { ':organization': organization, ':oldest': range.oldest, ':newest': range.newest },
        ScanIndexForward: false,
        Limit: CHUNK,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield { items: ((page.Items ?? []) as EventItem[]).filter(({ id }) => id !== range.before) };
    start = page.LastEvaluatedKey;
  } while (start);
}

/** An organization's events of one resource: keys from the index, then the events themselves. */
async function* ofResource(
  { dynamoDb, table, readItems }: EventListsProps,
  resource: string,
  range: Range,
): AsyncIterable<Chunk> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamoDb.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'by-resource',
        KeyConditionExpression: '#resource = :resource AND id BETWEEN :oldest AND :newest',
        ExpressionAttributeNames: { '#resource': 'resource' },
        ExpressionAttributeValues: { ':resource': resource, ':oldest': range.oldest, ':newest': range.newest },
        ScanIndexForward: false,
        Limit: CHUNK,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const keys = ((page.Items ?? []) as { organization: string; id: string }[]).filter(({ id }) => id !== range.before);
    yield { items: await readItems(keys.map(({ organization, id }) => ({ organization, id }))) };
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Everybody's events, day by day from the newest; the ten shards of a day are read side by side and merged. */
async function* ofAll(props: EventListsProps, range: Range): AsyncIterable<Chunk> {
  const oldestMs = eventIdMs(range.oldest)!;
  let day = startOfDay(eventIdMs(range.newest) ?? 0);
  for (let days = 0; day + DAY_MS > oldestMs; days++, day -= DAY_MS) {
    if (days === DAYS_PER_PAGE) {
      yield { items: [], reached: eventIdsAt(day + DAY_MS - 1).last };
      return;
    }
    yield* ofDay(props, day, range);
  }
}

async function* ofDay(
  { dynamoDb, table, readItems }: EventListsProps,
  day: number,
  range: Range,
): AsyncIterable<Chunk> {
  let newest = range.newest;
  let before = range.before;
  for (;;) {
    const shards = await Promise.all(
      dayBuckets(day).map(async (bucket) => {
        const { Items } = await dynamoDb.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'by-time',
            KeyConditionExpression: '#bucket = :bucket AND id BETWEEN :oldest AND :newest',
            ExpressionAttributeNames: { '#bucket': 'bucket' },
            ExpressionAttributeValues: { ':bucket': bucket, ':oldest': range.oldest, ':newest': newest },
            ScanIndexForward: false,
            // One more than is taken: the cursor's own event may be among them.
            Limit: CHUNK + 1,
          }),
        );
        return (Items ?? []) as { organization: string; id: string }[];
      }),
    );
    // The newest 25 of the ten newest 25 are the newest 25 of all.
    const keys = shards
      .flat()
      .filter(({ id }) => id !== before)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, CHUNK);
    if (keys.length === 0) return;
    yield { items: await readItems(keys.map(({ organization, id }) => ({ organization, id }))) };
    if (keys.length < CHUNK) return;
    newest = keys.at(-1)!.id;
    before = newest;
  }
}
