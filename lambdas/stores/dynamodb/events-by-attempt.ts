import { QueryCommand, type DynamoDBDocumentClient, type QueryCommandInput } from '#aws-sdk/lib-dynamodb';
import { FAILURES, type Outcome } from '../../domain/delivery/attempt.ts';
import { eventIdsAt } from '../../domain/ulid-time.ts';
import type { AttemptStore } from '../attempts.ts';
import type { SecretStore } from '../secrets.ts';
import type { EventStore } from '../events.ts';
import type { TriedEventFilter, TriedEventStore } from '../events-by-attempt.ts';
import { readAttemptCursor, writeAttemptCursor } from './attempt-cursor.ts';
import { listByDelivery, stands } from './events-by-delivery.ts';
import { createIsLogOf } from './log-owner.ts';

/** Rows of one read; with fewer than 1 KB each it stays below DynamoDB's 1 MB. */
const ROWS_PER_READ = 500;
/** Reads for one page at most: 2,500 rows. */
const READS_PER_PAGE = 5;
/** Deliveries of which the newest attempt is looked up at the same time, and for one page. */
const PARALLEL = 10;
const LOOKED_UP_PER_PAGE = 200;
/** Sorts before and after every key. */
const OLDEST = ' ';
const NEWEST = 'evt_~';

/** What is read of a row. */
interface Row {
  subscription: string;
  event_attempt: string;
  organization: string;
  account?: string;
  type: string;
  outcome: Outcome;
  status?: number;
  expires_at: number;
}

/** Consecutive rows of one event, newest attempt first. */
interface Tries {
  event: string;
  organization: string;
  rows: Row[];
  /** No row of it follows. */
  complete: boolean;
}

export interface TriedEventStoreOptions {
  /** Say whose an id is. */
  secrets?: Pick<SecretStore, 'get'>;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/**
 * @param events which there are, for all that the log cannot be asked for.
 * @param attempts says how a delivery stands now: the index of failures does not know of a success after a failure.
 */
export function createTriedEventStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  events: Pick<EventStore, 'list'>,
  attempts: Pick<AttemptStore, 'latest'>,
  { secrets, now = Date.now }: TriedEventStoreOptions = {},
): TriedEventStore {
  const isLogOf = createIsLogOf(dynamoDb, table, secrets);
  /** Rows before a key, newest first, as far as one page may read; the last one says where it stopped. */
  async function* rowsBefore(before: string, filter: TriedEventFilter): AsyncGenerator<Row, 'end' | 'more'> {
    const input = queryFor(table, filter, before);
    let last: Record<string, unknown> | undefined;
    for (let reads = 0; reads < READS_PER_PAGE; reads++) {
      const page = await dynamoDb.send(new QueryCommand({ ...input, ...(last && { ExclusiveStartKey: last }) }));
      // BETWEEN takes in its upper end, which the page before has seen.
      for (const row of (page.Items ?? []) as Row[]) if (row.event_attempt < before) yield row;
      last = page.LastEvaluatedKey;
      if (!last) return 'end';
    }
    return 'more';
  }

  const isWanted = async ({ rows }: Tries, filter: TriedEventFilter, count: { looked: number }): Promise<boolean> => {
    const newest = [...newestBySubscription(rows).values()];
    const candidates = newest.filter((row) => fits(row, filter, now()));
    // In the log itself the newest row is how the delivery stands.
    if (filter.subscription !== undefined) return candidates.length > 0;
    for (let i = 0; i < candidates.length; i += PARALLEL) {
      const part = candidates.slice(i, i + PARALLEL);
      count.looked += part.length;
      const latest = await Promise.all(part.map((row) => attempts.latest(row.subscription, eventOf(row))));
      if (latest.some((one) => one && stands(one, filter))) return true;
    }
    return false;
  };

  return {
    async list(filter, page) {
      const { limit, cursor } = page;
      const { organization, subscription } = filter;
      if (!isInLog(filter)) return listByDelivery(events, attempts, filter, page);
      if (subscription !== undefined && organization !== undefined) {
        if (!(await isLogOf(organization, subscription))) return { items: [] };
      }
      const end = newestKey(filter);
      const given = cursor === undefined ? end : readAttemptCursor(cursor);
      const before = given < end ? given : end;
      if (before <= oldestKey(filter)) return { items: [] };

      const items: { organization: string; id: string }[] = [];
      const count = { looked: 0 };
      for await (const tries of byEvent(rowsBefore(before, filter))) {
        const { event, rows, complete } = tries;
        const wanted = await isWanted(tries, filter, count);
        if (wanted) items.push({ organization: tries.organization, id: event });
        // Further rows of an event may be of other subscriptions, in the index; in the log the first one has decided.
        if (!complete && !wanted && subscription === undefined) {
          return { items, next: writeAttemptCursor(rows.at(-1)!.event_attempt) };
        }
        if (!complete || items.length === limit || count.looked >= LOOKED_UP_PER_PAGE) {
          return { items, next: writeAttemptCursor(`${event}#`) };
        }
      }
      return { items };
    },
  };
}

/** Whether the log or its index of failures holds the answer in one range of keys. */
function isInLog({ organization, subscription, outcome, resource_id }: TriedEventFilter): boolean {
  if (resource_id !== undefined) return false;
  if (subscription !== undefined) return true;
  return organization !== undefined && outcome !== undefined && outcome.every((one) => FAILURES.includes(one));
}

/** Rows gathered by event. */
async function* byEvent(rows: AsyncGenerator<Row, 'end' | 'more'>): AsyncGenerator<Tries, void> {
  let tries: Omit<Tries, 'complete'> | undefined;
  for (;;) {
    const { value, done } = await rows.next();
    if (done) {
      if (tries) yield { ...tries, complete: value === 'end' };
      return;
    }
    const event = eventOf(value);
    if (tries?.event !== event) {
      if (tries) yield { ...tries, complete: true };
      tries = { event, organization: value.organization, rows: [] };
    }
    tries.rows.push(value);
  }
}

function newestBySubscription(rows: readonly Row[]): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of rows) if (!newest.has(row.subscription)) newest.set(row.subscription, row);
  return newest;
}

function fits(row: Row, filter: TriedEventFilter, nowMs: number): boolean {
  const { organization, type, expires_at } = row;
  return (
    expires_at > nowMs / 1000 &&
    (filter.organization === undefined || organization === filter.organization) &&
    (filter.type === undefined || type === filter.type) &&
    stands(row, filter)
  );
}

function eventOf({ event_attempt }: Row): string {
  return event_attempt.slice(0, event_attempt.indexOf('#'));
}

/** Exclusive. */
function newestKey({ until_ms }: TriedEventFilter): string {
  return until_ms === undefined ? NEWEST : `${eventIdsAt(until_ms).last}~`;
}

/** Inclusive. */
function oldestKey({ since_ms }: TriedEventFilter): string {
  return since_ms === undefined ? OLDEST : `${eventIdsAt(since_ms).first}#`;
}

function queryFor(table: string, filter: TriedEventFilter, before: string): QueryCommandInput {
  const { subscription, organization } = filter;
  const ofIndex = subscription === undefined;
  return {
    TableName: table,
    ...(ofIndex ? { IndexName: 'failures' } : {}),
    KeyConditionExpression: `${ofIndex ? 'failed_organization' : 'subscription'} = :owner AND event_attempt BETWEEN :from AND :before`,
    ProjectionExpression: 'subscription, event_attempt, organization, #account, #type, outcome, #status, expires_at',
    ExpressionAttributeNames: { '#account': 'account', '#type': 'type', '#status': 'status' },
    ExpressionAttributeValues: {
      ':owner': subscription ?? organization,
      ':from': oldestKey(filter),
      ':before': before,
    },
    ScanIndexForward: false,
    Limit: ROWS_PER_READ,
  };
}
