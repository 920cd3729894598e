import { GetCommand, QueryCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { parseAttemptId } from '../../domain/delivery/attempt.ts';
import { mayHeal } from '../../domain/endpoint/healing.ts';
import { PING } from '../../domain/event.ts';
import type { Attempt } from '../../domain/delivery/attempt.ts';
import type { AttemptStore, LatestAttempt } from '../attempts.ts';
import type { EventStore } from '../events.ts';
import type { SecretStore } from '../secrets.ts';
import { fromItem, INDEXED_OUTCOMES, toItem } from './attempt-item.ts';
import type { AttemptItem } from './attempt-item.ts';
import { createAttemptLists } from './attempt-lists.ts';
import { putAll, type Refused } from './batch-write.ts';
import { createIsLogOf } from './log-owner.ts';
import { queryPages } from './query-pages.ts';

export interface AttemptStoreOptions {
  /** Days until an attempt disappears. */
  retentionDays: number;
  /** Needed only by {@link AttemptStore.list} without a subscription or of a resource: says which events there are and what each matched. */
  events?: Pick<EventStore, 'list'>;
  /** For {@link AttemptStore.list} of one subscription and organization: say whose an id is. */
  secrets?: Pick<SecretStore, 'get'>;
  /** Hears why lines could not be appended. @default nobody does */
  refused?: Refused;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/** The table `Attempts` (subscription / event_attempt, sparse index `failures`). */
export function createAttemptStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { retentionDays, events, secrets, refused, now = Date.now }: AttemptStoreOptions,
): AttemptStore {
  const visible = (item: Record<string, unknown> | undefined): item is AttemptItem =>
    item !== undefined && (item.expires_at as number) > now() / 1000;
  const lists = createAttemptLists(dynamoDb, table, createIsLogOf(dynamoDb, table, secrets), now);

  return {
    async append(attempts, deadlineMs) {
      const items = attempts.map((attempt) => toItem(attempt, retentionDays));
      const left = await putAll(dynamoDb, table, items, { deadlineMs, refused });
      return left.length === 0 ? [] : left.map(fromItem);
    },

    async get(id) {
      const parts = parseAttemptId(id);
      if (!parts) return undefined;
      const Key = { subscription: parts.subscriptionId, event_attempt: `${parts.eventId}#${parts.ulid}` };
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key }));
      return visible(Item) ? fromItem(Item) : undefined;
    },

    // The newest line, whose it is.
    isCalled: createIsLogOf(dynamoDb, table),

    async ofDelivery(subscription, eventId) {
      const attempts: Attempt[] = [];
      for await (const items of queryPages(dynamoDb, deliveryQuery(table, subscription, eventId))) {
        for (const item of items) if (visible(item)) attempts.push(fromItem(item));
      }
      return attempts;
    },

    async latest(subscription, eventId) {
      const { Items } = await dynamoDb.send(
        new QueryCommand({
          ...deliveryQuery(table, subscription, eventId),
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      const item = Items?.[0];
      return visible(item) ? fromItem(item) : undefined;
    },

    async exhausted(subscription, fromEvent) {
      const latest = new Map<string, { row: AttemptItem; type: string }>();
      let start: Record<string, unknown> | undefined;
      let rows = 0;
      do {
        const page = await dynamoDb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'subscription = :subscription AND event_attempt >= :from',
            ProjectionExpression: `${LATEST}, #type`,
            ExpressionAttributeNames: { ...LATEST_NAMES, '#type': 'type' },
            ExpressionAttributeValues: { ':subscription': subscription, ':from': `${fromEvent}#` },
            ConsistentRead: true,
            Limit: EXHAUSTED_ROWS,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        for (const row of page.Items ?? []) if (visible(row)) latest.set(eventOf(row), { row, type: row.type });
        rows += page.Items?.length ?? 0;
        start = page.LastEvaluatedKey;
        // The lines of one delivery may go on behind the end of the page.
      } while (start && (latest.size < 2 || rows < EXHAUSTED_ROWS));
      const next = start && [...latest.keys()].at(-1);
      const found = [...latest]
        .filter(([event_id, { row, type }]) => event_id !== next && type !== PING && mayHeal(row))
        .map(([event_id, { row }]) => ({ event_id, ...toLatest(row) }));
      return { found, next };
    },

    async latestBetween(subscription, fromEvent, toEvent) {
      const latest = new Map<string, LatestAttempt>();
      const pages = queryPages(dynamoDb, {
        TableName: table,
        KeyConditionExpression: 'subscription = :subscription AND event_attempt BETWEEN :from AND :to',
        ProjectionExpression: LATEST,
        ExpressionAttributeNames: LATEST_NAMES,
        ExpressionAttributeValues: {
          ':subscription': subscription,
          ':from': `${fromEvent}#`,
          ':to': `${toEvent}#~`,
        },
        ConsistentRead: true,
      });
      for await (const items of pages) {
        // Oldest first, so the last one of each event stays.
        for (const item of items) if (visible(item)) latest.set(eventOf(item), toLatest(item));
      }
      return latest;
    },

    async list(filter, page) {
      const { subscription, organization, outcome, resource_id } = filter;
      if (resource_id === undefined && subscription !== undefined)
        return lists.ofSubscription(subscription, filter, page);
      const isIndexed = outcome?.length && outcome.every((one) => INDEXED_OUTCOMES.includes(one));
      if (resource_id === undefined && organization !== undefined && isIndexed) {
        return lists.ofFailures(organization, filter, page);
      }
      if (!events)
        throw new Error(
          'Listing attempts without a subscription, or of a resource, needs the option `events`: pass an EventStore.',
        );
      return lists.byEvent(events, filter, page);
    },
  };
}

/** What of a line says where its delivery stands. */
const LATEST = 'event_attempt, outcome, fault, attempted_ms, #format, #status, automatic, #final, expires_at';
const LATEST_NAMES = { '#format': 'format', '#status': 'status', '#final': 'final' };
/** Lines read for a page of exhausted deliveries. Each may hold 16 KiB of a response, and a page of DynamoDB 1 MB. */
const EXHAUSTED_ROWS = 200;

function eventOf({ event_attempt }: AttemptItem): string {
  return event_attempt.slice(0, event_attempt.indexOf('#'));
}

function toLatest({ outcome, fault, attempted_ms, format, status, automatic, final }: AttemptItem): LatestAttempt {
  return { outcome, fault, attempted_ms, format, status, automatic, final };
}

function deliveryQuery(table: string, subscription: string, eventId: string) {
  return {
    TableName: table,
    KeyConditionExpression: 'subscription = :subscription AND begins_with(event_attempt, :event)',
    ExpressionAttributeValues: { ':subscription': subscription, ':event': `${eventId}#` },
  };
}
