import { QueryCommand } from '#aws-sdk/lib-dynamodb';
import { dayBuckets, eventIdMs, eventIdsAt, startOfDay } from '../../domain/ulid-time.ts';
import type { EventStore, RecordedEvent } from '../events.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { CHUNK, EVENTS_PER_PAGE, type Chunk, type EventListsProps, type Range } from './event-chunks.ts';
import { resourcePlace, type EventItem } from './event-item.ts';
import { ofResource, ofResourceId } from './events-of-resource.ts';
import { queryPages } from './query-pages.ts';

// What one page may cost, whatever it finds.
/** Characters of payloads and matches read: a Lambda's answer ends at 6 MB. */
const CHARACTERS_PER_PAGE = 4_000_000;
/** Days walked in the index: 10 queries each. The default retention fits, so that one page tells that nothing is there. */
const DAYS_PER_PAGE = 31;
/** Days that are read at the same time once one was empty: one after the other, a month of quiet took 31 times as long as a query. */
const DAYS_AT_ONCE = 5;

const DAY_MS = 86_400_000;
/** Events may seem to come from the future: the clock of ingest may be ahead of this one by so much. */
const CLOCK_SKEW_MS = 300_000;

/** Events that a list holds, in its order. */
interface Source {
  chunks: AsyncIterable<Chunk>;
  /** Where an event stands in that order. */
  placeOf: (item: EventItem) => string;
}

/**
 * {@link EventStore.list}: an organization's events by the table's key, those of a resource by the index `by-resource`,
 * everybody's by the index `by-time`.
 */
export function createEventLists(props: EventListsProps): EventStore['list'] {
  const { visible, recorded } = props;
  return async (filter, { limit, cursor }) => {
    const { account, type } = filter;
    const before = cursor === undefined ? undefined : readCursor(cursor, ['before']).before;
    const source = sourceOf(props, filter, before);
    if (!source) return { items: [] };
    const items: RecordedEvent[] = [];
    let looked = 0;
    let characters = 0;
    let last = before;
    for await (const chunk of source.chunks) {
      for (const item of chunk.items) {
        if (items.length === limit || looked === EVENTS_PER_PAGE || characters >= CHARACTERS_PER_PAGE) {
          return { items: items.sort(newestFirst), next: writeCursor({ before: last! }) };
        }
        looked++;
        last = source.placeOf(item);
        if (!visible(item) || (type !== undefined && item.type !== type)) continue;
        if (account !== undefined && item.account !== account) continue;
        const event = await recorded(item);
        items.push(event);
        characters += (event.event.data?.length ?? 0) + event.matched.length * 30;
      }
      if (chunk.reached === undefined) continue;
      return { items: items.sort(newestFirst), next: writeCursor({ before: chunk.reached }) };
    }
    return { items: items.sort(newestFirst) };
  };
}

function newestFirst(a: RecordedEvent, b: RecordedEvent): number {
  return a.event.id < b.event.id ? 1 : -1;
}

/** @param before the place where the page before ended. @returns undefined: nothing can be in that time. */
function sourceOf(
  props: EventListsProps,
  { organization, resource_id, since_ms = 0, until_ms }: Parameters<EventStore['list']>[0],
  before: string | undefined,
): Source | undefined {
  const { now, retentionDays } = props;
  // Days to come are not walked: a far `until` would find a month of empty ones on every page.
  const newest = eventIdsAt(Math.min(until_ms ?? Infinity, now() + CLOCK_SKEW_MS)).last;
  const oldestMs = organization === undefined ? now() - (retentionDays + 1) * DAY_MS : 0;
  const oldest = eventIdsAt(Math.max(since_ms, oldestMs)).first;
  if (organization === undefined && resource_id !== undefined) {
    const range = { oldest, newest, ...(before !== undefined && { before }) };
    return { chunks: ofResourceId(props, resource_id, range), placeOf: resourcePlace };
  }
  const range: Range = { oldest, newest: before !== undefined && before < newest ? before : newest };
  if (before !== undefined) range.before = before;
  // DynamoDB refuses a BETWEEN whose lower end is the higher one.
  if (range.oldest > range.newest) return undefined;
  const chunks =
    organization === undefined
      ? ofAll(props, range)
      : resource_id === undefined
        ? ofOrganization(props, organization, range)
        : ofResource(props, organization, resource_id, range);
  return { chunks, placeOf: ({ id }) => id };
}

/** An organization's events by the table's key. */
async function* ofOrganization(
  { dynamoDb, table }: EventListsProps,
  organization: string,
  range: Range,
): AsyncIterable<Chunk> {
  const pages = queryPages(dynamoDb, {
    TableName: table,
    KeyConditionExpression: 'organization = :organization AND id BETWEEN :oldest AND :newest',
    ExpressionAttributeValues: { ':organization': organization, ':oldest': range.oldest, ':newest': range.newest },
    ScanIndexForward: false,
    Limit: CHUNK,
  });
  for await (const items of pages)
    yield { items: (items as unknown as EventItem[]).filter(({ id }) => id !== range.before) };
}

/** Everybody's events, day by day from the newest; after an empty day the next ones are read side by side. */
async function* ofAll(props: EventListsProps, range: Range): AsyncIterable<Chunk> {
  const oldestMs = eventIdMs(range.oldest)!;
  const newestDay = startOfDay(eventIdMs(range.newest) ?? 0);
  const count = Math.ceil((newestDay + DAY_MS - oldestMs) / DAY_MS);
  const most = Math.min(count, DAYS_PER_PAGE);
  const ahead: Promise<Key[]>[] = [];
  for (let days = 0; days < most; days++) {
    const day = newestDay - days * DAY_MS;
    const keys = await (ahead.shift() ?? newestOfDay(props, day, range));
    if (keys.length === 0 && ahead.length === 0) {
      for (let next = days + 1; next < Math.min(most, days + 1 + DAYS_AT_ONCE); next++) {
        const read = newestOfDay(props, newestDay - next * DAY_MS, range);
        // The page may be full before it comes to this day.
        read.catch(() => undefined);
        ahead.push(read);
      }
    }
    yield* ofDay(props, day, range, keys);
  }
  if (count > most) yield { items: [], reached: eventIdsAt(newestDay - (most - 1) * DAY_MS - 1).last };
}

/** What the index tells of an event. */
interface Key {
  organization: string;
  id: string;
}

/** @param keys the newest of the day */
async function* ofDay(props: EventListsProps, day: number, range: Range, keys: Key[]): AsyncIterable<Chunk> {
  while (keys.length > 0) {
    yield { items: await props.readItems(keys.map(({ organization, id }) => ({ organization, id }))) };
    if (keys.length < CHUNK) return;
    const before = keys.at(-1)!.id;
    keys = await newestOfDay(props, day, { oldest: range.oldest, newest: before, before });
  }
}

/** The newest events of a day within the range; its ten shards are read side by side and merged. */
async function newestOfDay({ dynamoDb, table }: EventListsProps, day: number, range: Range): Promise<Key[]> {
  const shards = await Promise.all(
    dayBuckets(day).map(async (bucket) => {
      const { Items } = await dynamoDb.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by-time',
          KeyConditionExpression: '#bucket = :bucket AND id BETWEEN :oldest AND :newest',
          ExpressionAttributeNames: { '#bucket': 'bucket' },
          ExpressionAttributeValues: { ':bucket': bucket, ':oldest': range.oldest, ':newest': range.newest },
          ScanIndexForward: false,
          // One more than is taken: the cursor's own event may be among them.
          Limit: CHUNK + 1,
        }),
      );
      return (Items ?? []) as unknown as Key[];
    }),
  );
  // The newest 25 of the ten newest 25 are the newest 25 of all.
  return shards
    .flat()
    .filter(({ id }) => id !== range.before)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, CHUNK);
}
