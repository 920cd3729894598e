import { DeleteCommand, QueryCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { inParallel } from '../../domain/in-parallel.ts';
import { eventIdMs } from '../../domain/ulid-time.ts';
import type { HeldDelivery, HeldStore } from '../held.ts';
import { readEvery } from './batch-get.ts';
import { deleteAll, putAll, type Refused } from './batch-write.ts';
import { unlessConditionFails } from './conditional.ts';
import { fromItem, toItem, type HeldItem } from './held-item.ts';
import { queryPages } from './query-pages.ts';

/** Conditional deletes under way at once: a batch cannot have conditions. */
const PARALLEL = 25;

/** BatchWriteItem takes 16 MB as sent, where quotation marks and backslashes take twice their room once more. */
const CALL_BYTES = 6_000_000;
const DAY_MS = 86_400_000;
/**
 * Pages of 1 MB that are counted: 512 read units at most, as much as a click may cost. Of deliveries of 1 KB these are about
 * 4,000.
 */
const COUNTED_PAGES = 4;

export interface HeldStoreOptions {
  /** Days until an event, and with it a held delivery, disappears; needed by `put` only. @default 30 */
  retentionDays?: number;
  /** Hears why deliveries could not be held. @default nobody does */
  refused?: Refused;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/** The table `HeldDeliveries` (subscription / event_id). */
export function createHeldStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { retentionDays = 30, refused, now = Date.now }: HeldStoreOptions = {},
): HeldStore {
  const visible = ({ expires_at }: HeldItem): boolean => expires_at > now() / 1000;
  const pageOf: HeldStore['page'] = async (subscription, limit, after) => {
    const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `subscription = :subscription${after === undefined ? '' : ' AND event_id > :after'}`,
        ExpressionAttributeValues: { ':subscription': subscription, ':after': after },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    const items = (Items as HeldItem[]).filter(visible).map(fromItem);
    return LastEvaluatedKey ? { items, next: String(LastEvaluatedKey.event_id) } : { items };
  };

  return {
    async put(deliveries) {
      // Two copies of one delivery in a batch would make DynamoDB refuse the whole call.
      const byKey = new Map(deliveries.map((held) => [nameOf(held), held]));
      const items = [...byKey.values()].map((held) => {
        // With its event, whose payload it holds, however late it is held: an old one that is asked for again, too.
        const endMs = (eventIdMs(held.event_id) ?? held.held_ms) + retentionDays * DAY_MS;
        return toItem(held, Math.floor(endMs / 1000));
      });
      const left = await Promise.all(callsOf(items).map((call) => putAll(dynamoDb, table, call, { refused })));
      const missing = new Set(left.flat().map(nameOf));
      return deliveries.filter((held) => missing.has(nameOf(held)));
    },

    async oldest(subscription, limit, after) {
      const found: HeldDelivery[] = [];
      let next = after;
      do {
        const page = await pageOf(subscription, limit, next);
        found.push(...page.items);
        next = page.next;
      } while (next !== undefined && found.length < limit);
      return found.slice(0, limit);
    },

    page: pageOf,

    async read(subscription, eventIds) {
      const keys = eventIds.map((event_id) => ({ subscription, event_id }));
      const items = await readEvery(dynamoDb, table, { keys, consistent: true });
      return (items as unknown as HeldItem[]).filter(visible).map(fromItem);
    },

    async count(subscription, organization) {
      let count = 0;
      let start: Record<string, unknown> | undefined;
      for (let page = 0; page < COUNTED_PAGES; page++) {
        const { Count = 0, LastEvaluatedKey } = await dynamoDb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'subscription = :subscription',
            FilterExpression: 'organization = :organization AND expires_at > :now',
            ExpressionAttributeValues: {
              ':subscription': subscription,
              ':organization': organization,
              ':now': Math.floor(now() / 1000),
            },
            Select: 'COUNT',
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        count += Count;
        start = LastEvaluatedKey;
        if (!start) return { count };
      }
      return { count, at_least: true };
    },

    async among(subscription, eventIds) {
      const items = await readEvery(dynamoDb, table, {
        keys: eventIds.map((event_id) => ({ subscription, event_id })),
        consistent: true,
        attributes: 'event_id, expires_at',
      });
      return new Set((items as unknown as HeldItem[]).filter(visible).map(({ event_id }) => event_id));
    },

    async removeRead(deliveries) {
      await inParallel(deliveries, PARALLEL, ({ subscription, event_id, held_ms }) =>
        unlessConditionFails(
          dynamoDb.send(
            new DeleteCommand({
              TableName: table,
              Key: { subscription, event_id },
              ConditionExpression: 'held_ms = :held',
              ExpressionAttributeValues: { ':held': held_ms },
            }),
          ),
        ),
      );
    },

    async remove(deliveries) {
      await deleteAll(
        dynamoDb,
        table,
        deliveries.map(({ subscription, event_id }) => ({ subscription, event_id })),
      );
    },

    async forget(subscription, organization) {
      let deleted = 0;
      const pages = queryPages(dynamoDb, {
        TableName: table,
        KeyConditionExpression: 'subscription = :subscription',
        FilterExpression: 'organization = :organization',
        ProjectionExpression: 'subscription, event_id',
        ExpressionAttributeValues: { ':subscription': subscription, ':organization': organization },
      });
      for await (const keys of pages) {
        await deleteAll(dynamoDb, table, keys);
        deleted += keys.length;
      }
      return deleted;
    },
  };
}

/** Items in portions of one call each, by their size; `putAll` minds their number. */
function callsOf(items: readonly HeldItem[]): HeldItem[][] {
  const calls: HeldItem[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = Buffer.byteLength(item.message ?? item.parts?.data ?? '');
    if (bytes + size > CALL_BYTES) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)!.push(item);
    bytes += size;
  }
  return calls;
}

function nameOf({ subscription, event_id }: Pick<HeldDelivery, 'subscription' | 'event_id'>): string {
  return `${subscription}#${event_id}`;
}
