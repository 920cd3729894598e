import { DeleteCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { eventIdMs } from '../../domain/ulid-time.ts';
import type { HeldDelivery, HeldStore } from '../held.ts';
import { readEvery } from './batch-get.ts';
import { deleteAll, putAll } from './batch-write.ts';
import { unlessConditionFails } from './conditional.ts';

/** Conditional deletes under way at once: a batch cannot have conditions. */
const PARALLEL = 25;

export interface HeldStoreOptions {
  /** Days until an event, and with it a held delivery, disappears; needed by `put` only. @default 30 */
  retentionDays?: number;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

type HeldItem = HeldDelivery & { expires_at: number };

/** The table `HeldDeliveries` (subscription / event_id). */
export function createHeldStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { retentionDays = 30, now = Date.now }: HeldStoreOptions = {},
): HeldStore {
  const visible = ({ expires_at }: HeldItem): boolean => expires_at > now() / 1000;
  return {
    async put(deliveries) {
      // Two copies of one delivery in a batch would make DynamoDB refuse the whole call.
      const byKey = new Map(deliveries.map((held) => [nameOf(held), held]));
      const left = await putAll(
        dynamoDb,
        table,
        [...byKey.values()].map((held) => ({
          ...held,
          // With its event, whose payload it holds, however late it is held: an old one that is asked for again, too.
          expires_at: Math.floor((eventIdMs(held.event_id) ?? held.held_ms) / 1000) + retentionDays * 86_400,
        })),
      );
      const missing = new Set(left.map(nameOf));
      return deliveries.filter((held) => missing.has(nameOf(held)));
    },

    async oldest(subscription, limit, after) {
      const found: HeldDelivery[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await dynamoDb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: `subscription = :subscription${after === undefined ? '' : ' AND event_id > :after'}`,
            ExpressionAttributeValues: {
              ':subscription': subscription,
              ...(after === undefined ? {} : { ':after': after }),
            },
            ConsistentRead: true,
            Limit: limit,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        for (const { expires_at, ...held } of (page.Items ?? []) as HeldItem[]) {
          if (visible({ ...held, expires_at })) found.push(held);
        }
        start = page.LastEvaluatedKey;
      } while (start && found.length < limit);
      return found.slice(0, limit);
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
      for (let i = 0; i < deliveries.length; i += PARALLEL) {
        const deletes = deliveries.slice(i, i + PARALLEL).map(({ subscription, event_id, held_ms }) =>
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
        await Promise.all(deletes);
      }
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
      let start: Record<string, unknown> | undefined;
      do {
        const page = await dynamoDb.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'subscription = :subscription',
            FilterExpression: 'organization = :organization',
            ProjectionExpression: 'subscription, event_id',
            ExpressionAttributeValues: { ':subscription': subscription, ':organization': organization },
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        const keys = page.Items ?? [];
        await deleteAll(dynamoDb, table, keys);
        deleted += keys.length;
        start = page.LastEvaluatedKey;
      } while (start);
      return deleted;
    },
  };
}

function nameOf({ subscription, event_id }: Pick<HeldDelivery, 'subscription' | 'event_id'>): string {
  return `${subscription}#${event_id}`;
}
