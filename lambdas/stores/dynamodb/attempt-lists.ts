import { QueryCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient, QueryCommandInput } from '#aws-sdk/lib-dynamodb';
import type { Attempt } from '../../domain/delivery/attempt.ts';
import { eventIdsAt } from '../../domain/ulid-time.ts';
import type { AttemptFilter } from '../attempts.ts';
import type { EventStore } from '../events.ts';
import type { Page, PageRequest } from '../page.ts';
import { readAttemptCursor, readWalkCursor, writeAttemptCursor, writeWalkCursor } from './attempt-cursor.ts';
import { fromItem } from './attempt-item.ts';
import type { AttemptItem } from './attempt-item.ts';
import { deliveriesTo, take, walkDeliveries } from './delivery-walk.ts';
import type { DeliveryPlace } from './delivery-walk.ts';
import type { IsLogOf } from './log-owner.ts';

/** Rows that one read looks at before the filter; an ordinary attempt has less than 1 KB, so this stays below 1 MB. */
const ROWS_PER_READ = 500;
/** Reads for one page at most: 2,500 rows. */
const READS_PER_PAGE = 5;
/**
 * What the attempts of one page may amount to as JSON: a Lambda's answer ends at 6 MB, and quoting it once more, as text
 * inside that answer, doubles it at most. 100 answers of 16 KiB can be 10 MB: JSON writes a control character in six.
 */
const BYTES_PER_PAGE = 3_000_000;
/** Deliveries looked into for one page when walking event by event, and how many of them at the same time. */
const DELIVERIES_PER_PAGE = 100;
const PARALLEL = 10;
/** Clocks of ingest and sender may differ: an attempt may seem to be made before its event by this much. */
const CLOCK_SKEW_MS = 60_000;
/** Sort before and after every key. */
const OLDEST = ' ';
const NEWEST = 'evt_~';

/** The three ways to read the log for `AttemptStore.list`. */
export interface AttemptLists {
  ofSubscription(subscription: string, filter: AttemptFilter, page: PageRequest): Promise<Page<Attempt>>;
  ofFailures(organization: string, filter: AttemptFilter, page: PageRequest): Promise<Page<Attempt>>;
  byEvent(events: Pick<EventStore, 'list'>, filter: AttemptFilter, page: PageRequest): Promise<Page<Attempt>>;
}

/** One partition of the table or of its index, and the range in it, newest first. */
interface Range {
  index?: 'failures';
  owner: string;
  /** Inclusive. */
  from: string;
  /** Exclusive. */
  before: string;
}

export function createAttemptLists(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  isLogOf: IsLogOf,
  now: () => number,
): AttemptLists {
  /** @returns matches, at most `limit`; `next`: the key to go on before, unless the range is at its end. */
  const read = async (
    range: Range,
    filter: AttemptFilter,
    limit: number,
  ): Promise<{ items: AttemptItem[]; next?: string }> => {
    if (range.before <= range.from) return { items: [] };
    const input = queryFor(table, range, filter, now());
    const items: AttemptItem[] = [];
    let last: Record<string, unknown> | undefined;
    for (let reads = 0; reads < READS_PER_PAGE; reads++) {
      const { Items, LastEvaluatedKey } = await dynamoDb.send(
        new QueryCommand({ ...input, ...(last && { ExclusiveStartKey: last }) }),
      );
      // BETWEEN takes in its upper end, which was the last row of the page before.
      for (const item of (Items ?? []) as AttemptItem[]) if (item.event_attempt < range.before) items.push(item);
      last = LastEvaluatedKey;
      const fit = fitting(items, limit);
      if (items.length > fit) return { items: items.slice(0, fit), next: items[fit - 1]!.event_attempt };
      if (!last) return { items };
    }
    return { items, next: last!.event_attempt as string };
  };

  const pageOf = async (
    range: Omit<Range, 'from' | 'before'>,
    filter: AttemptFilter,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Attempt>> => {
    const newest = newestKey(filter);
    const start = cursor === undefined ? newest : readAttemptCursor(cursor);
    const from = filter.event === undefined ? OLDEST : `${filter.event}#`;
    const { items, next } = await read({ ...range, from, before: start < newest ? start : newest }, filter, limit);
    return { items: items.map(fromItem), ...(next === undefined ? {} : { next: writeAttemptCursor(next) }) };
  };

  const ofPlace = (place: DeliveryPlace, filter: AttemptFilter, limit: number) =>
    read(
      { owner: place.subscription, from: `${place.event}#`, before: place.before ?? `${place.event}#~` },
      filter,
      limit,
    );

  return {
    async ofSubscription(subscription, filter, page) {
      const { organization } = filter;
      if (organization !== undefined && !(await isLogOf(organization, subscription))) return { items: [] };
      return pageOf({ owner: subscription }, filter, page);
    },

    ofFailures: (organization, filter, page) => pageOf({ index: 'failures', owner: organization }, filter, page),

    async byEvent(events, filter, { limit, cursor }) {
      const latest = filter.until_ms === undefined ? {} : { until_ms: filter.until_ms + CLOCK_SKEW_MS };
      const which = {
        organization: filter.organization,
        account: filter.account,
        type: filter.type,
        resource_id: filter.resource_id,
        ...latest,
      };
      const walk = walkDeliveries(
        deliveriesTo(filter.subscription, events),
        which,
        cursor === undefined ? undefined : readWalkCursor(cursor),
      );
      const items: Attempt[] = [];
      let bytes = 0;
      for (let looked = 0; ;) {
        const { places, end } = await take(walk, PARALLEL);
        const found = await Promise.all(places.map((place) => ofPlace(place, filter, limit)));
        for (const [index, { items: rows, next }] of found.entries()) {
          for (const row of rows) {
            items.push(fromItem(row));
            bytes += jsonBytes(row);
            if (items.length === limit || bytes >= BYTES_PER_PAGE) {
              return { items, next: writeWalkCursor({ ...places[index]!, before: row.event_attempt }) };
            }
          }
          if (next !== undefined) return { items, next: writeWalkCursor({ ...places[index]!, before: next }) };
        }
        looked += PARALLEL;
        if (end === 'finished') return { items };
        if (end || looked >= DELIVERIES_PER_PAGE) return { items, next: writeWalkCursor(end ?? afterAll(places)) };
      }
    },
  };
}

/** How many of the attempts one page shows. */
function fitting(items: readonly AttemptItem[], limit: number): number {
  let count = 0;
  for (let bytes = 0; count < Math.min(items.length, limit) && bytes < BYTES_PER_PAGE; count++) {
    bytes += jsonBytes(items[count]!);
  }
  return count;
}

function jsonBytes(item: AttemptItem): number {
  return Buffer.byteLength(JSON.stringify(item));
}

/** The place behind all attempts of the last delivery. */
function afterAll(places: DeliveryPlace[]): DeliveryPlace {
  const last = places.at(-1)!;
  return { ...last, before: `${last.event}#` };
}

/** No attempt until `until_ms` belongs to an event that was made later. */
function newestKey({ event, until_ms }: AttemptFilter): string {
  if (event !== undefined) return `${event}#~`;
  return until_ms === undefined ? NEWEST : `${eventIdsAt(until_ms + CLOCK_SKEW_MS).last}~`;
}

function queryFor(table: string, range: Range, filter: AttemptFilter, nowMs: number): QueryCommandInput {
  const partition = range.index ? 'failed_organization' : 'subscription';
  const conditions = ['expires_at > :now'];
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = { ':now': nowMs / 1000, ':owner': range.owner };
  const where = (name: string, operator: string, value: unknown): void => {
    names[`#${name}`] = name;
    values[`:${name}${operator === '<=' ? '_until' : ''}`] = value;
    conditions.push(`#${name} ${operator} :${name}${operator === '<=' ? '_until' : ''}`);
  };
  // An index row's partition is its organization already; elsewhere this keeps a foreign subscription's log shut.
  if (filter.organization !== undefined) where('organization', '=', filter.organization);
  if (filter.account !== undefined) where('account', '=', filter.account);
  if (filter.type !== undefined) where('type', '=', filter.type);
  if (filter.since_ms !== undefined) where('attempted_ms', '>=', filter.since_ms);
  if (filter.until_ms !== undefined) where('attempted_ms', '<=', filter.until_ms);
  if (filter.outcome?.length) {
    conditions.push(`outcome IN (${filter.outcome.map((_, i) => `:outcome${i}`).join(', ')})`);
    filter.outcome.forEach((outcome, i) => (values[`:outcome${i}`] = outcome));
  }
  return {
    TableName: table,
    ...(range.index ? { IndexName: range.index } : {}),
    KeyConditionExpression: `${partition} = :owner AND event_attempt BETWEEN :from AND :before`,
    FilterExpression: conditions.join(' AND '),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    ExpressionAttributeValues: { ...values, ':from': range.from, ':before': range.before },
    ScanIndexForward: false,
    Limit: ROWS_PER_READ,
  };
}
