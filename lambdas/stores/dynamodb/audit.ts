import { GetCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { auditIdMs, type AuditAction, type AuditRecord } from '../../domain/audit.ts';
import { ulidTime } from '../../domain/ulid-time.ts';
import type { AuditFilter, AuditStore } from '../audit.ts';
import type { Page, PageRequest } from '../page.ts';
import { DAY_MS, monthBefore, monthOf, partitionOf, partitionsOf, unspreadPartitionOf } from './audit-partitions.ts';
import { unlessConditionFails } from './conditional.ts';
import { readCursor, writeCursor } from './cursor.ts';

/** Months that one page looks into at most: quiet ones cost a read each. */
const MONTHS_A_PAGE = 24;
/** Months that are read at the same time once one was empty: whoever looks for what is not there waits for few of them. */
const MONTHS_AT_ONCE = 6;
/**
 * A page ends once it has read so many records of each partition and more follow, so that one with a filter on a rare organization
 * ends within the function's time.
 */
const RECORDS_A_PAGE = 500;
/** Records that a page's first read takes of each partition; each next one takes twice as many, up to the most. */
const FIRST_CHUNK = 50;
const MOST_A_CHUNK = 200;
/** Before the id of a record that is claimed; sorts behind all records, so no list meets it. */
const CLAIM = 'claim_';
/** A stream keeps a change for 24 hours, and nobody claims for a change that happened long after the record. */
const CLAIM_SECONDS = 3 * 86_400;
/** A cursor at the start of a month that was not read yet. */
const FROM_START = '-';

export interface AuditStoreOptions {
  /** Days after which a record may be deleted. */
  retentionDays: number;
  /** Milliseconds since the epoch. @default the clock */
  now?: () => number;
}

/** The table `AuditTrail` (month / id); what is in the key `month` is told by `audit-partitions.ts`. */
export function createAuditStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { retentionDays, now = Date.now }: AuditStoreOptions,
): AuditStore {
  const isKept = ({ expires_at }: Record<string, unknown>): boolean => Number(expires_at) > now() / 1000;
  return {
    async append(record) {
      const { id } = record;
      const ms = timeOf(id);
      const expires_at = Math.floor(ms / 1000) + retentionDays * 86_400;
      const written = dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item: { month: partitionOf(id, ms), ...record, expires_at },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async claim(id, change) {
      // An item beside the record, because what is in the trail is never changed.
      const Key = { month: partitionOf(id, timeOf(id)), id: `${CLAIM}${id}` };
      const claimed = dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item: { ...Key, change, expires_at: Math.floor(now() / 1000) + CLAIM_SECONDS },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      if (await unlessConditionFails(claimed)) return true;
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item?.change === change;
    },

    async get(id) {
      const ms = auditIdMs(id);
      if (ms === undefined) return undefined;
      for (const month of [partitionOf(id, ms), unspreadPartitionOf(ms)]) {
        const { Item } = await dynamoDb.send(
          new GetCommand({ TableName: table, Key: { month, id }, ConsistentRead: true }),
        );
        if (Item) return isKept(Item) ? toRecord(Item) : undefined;
      }
      return undefined;
    },

    async list(filter, page) {
      const nowMs = now();
      const oldest = Math.max(filter.since_ms ?? 0, nowMs - retentionDays * DAY_MS);
      const newest = Math.min(filter.until_ms === undefined ? Infinity : filter.until_ms - 1, nowMs + DAY_MS);
      if (oldest > newest) return { items: [] };
      return walk({ dynamoDb, table, oldest, newest, isWanted: (item) => isKept(item) && isOf(item, filter) }, page);
    },
  };
}

interface Walk {
  dynamoDb: DynamoDBDocumentClient;
  table: string;
  oldest: number;
  newest: number;
  isWanted(item: Record<string, unknown>): boolean;
}

/** Goes back month by month until the page is full, or as much is read as one page may. */
async function walk(source: Walk, { limit, cursor }: PageRequest): Promise<Page<AuditRecord>> {
  const start = cursor === undefined ? undefined : readCursor(cursor, ['month', 'id']);
  const items: AuditRecord[] = [];
  const last = monthOf(source.oldest);
  let month = start?.month ?? monthOf(source.newest);
  let before = start?.id === FROM_START ? undefined : start?.id;
  let months = 0;
  let read = 0;
  let chunk = FIRST_CHUNK;
  const ahead = new Map<string, Promise<Read>>();
  while (month >= last) {
    if (months >= MONTHS_A_PAGE || read >= RECORDS_A_PAGE) return pageAt(items, month, before);
    const { found, end } = await ((before === undefined && ahead.get(month)) ||
      readMonth(source, month, { before, chunk }));
    for (const item of found) {
      if (source.isWanted(item)) items.push(toRecord(item));
      if (items.length === limit) return pageAt(items, month, item.id as string);
    }
    before = end;
    if (end !== undefined) {
      // What is looked for is rare here: few reads that take more, because they wait for one another.
      read += chunk;
      chunk = Math.min(2 * chunk, MOST_A_CHUNK);
      continue;
    }
    const isQuiet = found.length === 0 && !ahead.has(monthBefore(month));
    month = monthBefore(month);
    months += 1;
    if (isQuiet) readAhead(source, ahead, { month, last, most: MONTHS_A_PAGE - months });
  }
  return { items };
}

/** Begins to read this month and some before it. What is not needed after all may fail unheard. */
function readAhead(
  source: Walk,
  ahead: Map<string, Promise<Read>>,
  { month, last, most }: { month: string; last: string; most: number },
): void {
  let next = month;
  for (let count = 0; count < Math.min(MONTHS_AT_ONCE, most) && next >= last; count++, next = monthBefore(next)) {
    const read = readMonth(source, next, { chunk: FIRST_CHUNK });
    read.catch(() => undefined);
    ahead.set(next, read);
  }
}

/** Which records of a month a read takes. */
interface Part {
  /** Only those before it. */
  before?: string | undefined;
  /** As many of each partition. */
  chunk: number;
}

interface Read {
  found: Record<string, unknown>[];
  /** The record behind which the next read goes on; undefined: nothing follows. */
  end?: string | undefined;
}

/**
 * The next records of a month, out of all its partitions, newest first. Behind the newest end of a partition of which more
 * follows nothing can be told yet: what others gave of that time is read again.
 */
async function readMonth(source: Walk, month: string, part: Part): Promise<Read> {
  const parts = await Promise.all(partitionsOf(month).map((partition) => readPartition(source, partition, part)));
  const ends = parts.flatMap(({ end }) => (end === undefined ? [] : [end]));
  const end = ends.sort().at(-1);
  // By id: a hand edit that the guard looked at before and after the upgrade that spread records has one in two places.
  const byId = new Map(parts.flatMap(({ found }) => found).map((item) => [item.id as string, item]));
  const ids = [...byId.keys()].filter((id) => end === undefined || id >= end).sort();
  return { found: ids.reverse().map((id) => byId.get(id)!), end };
}

async function readPartition(
  { dynamoDb, table, oldest, newest }: Walk,
  month: string,
  { before, chunk }: Part,
): Promise<Read> {
  const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#month = :month AND id BETWEEN :oldest AND :newest',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: {
        ':month': month,
        ':oldest': `aud_${ulidTime(oldest)}`,
        ':newest': `aud_${ulidTime(newest)}${'Z'.repeat(16)}`,
      },
      ScanIndexForward: false,
      Limit: chunk,
      ExclusiveStartKey: before === undefined ? undefined : { month, id: before },
    }),
  );
  return { found: Items, end: LastEvaluatedKey?.id as string | undefined };
}

function pageAt(items: AuditRecord[], month: string, id: string | undefined): Page<AuditRecord> {
  return { items, next: writeCursor({ month, id: id ?? FROM_START }) };
}

function isOf(item: Record<string, unknown>, { organization, object, actor, actions }: AuditFilter): boolean {
  return (
    (organization === undefined || item.organization === organization) &&
    (object === undefined || item.object_id === object) &&
    (actor === undefined || item.actor === actor) &&
    (actions === undefined || actions.includes(item.action as AuditAction))
  );
}

function toRecord({ month: _month, expires_at: _expires, ...record }: Record<string, unknown>): AuditRecord {
  return record as unknown as AuditRecord;
}

/** @throws when the id is none of a record. */
function timeOf(id: string): number {
  const ms = auditIdMs(id);
  if (ms === undefined) throw new Error(`Expected the id of an audit record, aud_ and a ULID, got ${id}.`);
  return ms;
}
