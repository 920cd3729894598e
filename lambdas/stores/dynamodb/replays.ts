import { GetCommand, PutCommand, QueryCommand, ScanCommand, UpdateCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { Replay } from '../../domain/delivery/replay.ts';
import type { ReplayStore } from '../replays.ts';
import { unlessConditionFails } from './conditional.ts';
import { readCursor, writeCursor } from './cursor.ts';

/** Days that a replay can be looked up. */
const KEPT_DAYS = 30;

type ReplayItem = Replay & { expires_at: number };

/** @param now milliseconds since the epoch. */
export function createReplayStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): ReplayStore {
  const toReplay = ({ expires_at: _, ...replay }: ReplayItem): Replay => replay;
  const visible = (item: Partial<ReplayItem> | undefined): item is ReplayItem =>
    item?.expires_at !== undefined && item.expires_at > now() / 1000 && item.subscription !== undefined;

  return {
    async create(replay, chosen) {
      const expires_at = Math.floor(replay.created_ms / 1000) + KEPT_DAYS * 86_400;
      // A row of its own, and first: the job's is written with every step and count.
      if (chosen)
        await dynamoDb.send(
          new PutCommand({ TableName: table, Item: { id: chosenId(replay.id), chosen, expires_at } }),
        );
      const written = dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item: { ...replay, expires_at },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      // Its id is nobody else's. That it is there is no error: who did not hear that it was written would give it up.
      return (await unlessConditionFails(written)) !== undefined;
    },

    async chosen(id) {
      const { Item } = await dynamoDb.send(
        new GetCommand({ TableName: table, Key: { id: chosenId(id) }, ConsistentRead: true }),
      );
      return (Item?.chosen ?? []) as string[];
    },

    async get(id) {
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
      return visible(Item) ? toReplay(Item) : undefined;
    },

    /**
     * An organization's replays by its index, never by a filtered scan: that one's next key is anybody's row. For all
     * organizations a Scan: people start replays, a few a day at most.
     */
    async list({ organization, account, subscription }, { limit, cursor }) {
      const start = cursor === undefined ? undefined : readCursor(cursor, ['id']);
      const input = {
        TableName: table,
        Limit: limit,
        FilterExpression: [
          'attribute_exists(subscription)',
          'expires_at > :now',
          ...(account === undefined ? [] : ['#account = :account']),
          ...(subscription === undefined ? [] : ['subscription = :subscription']),
        ].join(' AND '),
        ...(account === undefined ? {} : { ExpressionAttributeNames: { '#account': 'account' } }),
      };
      const values = { ':now': now() / 1000, ':account': account, ':subscription': subscription };
      const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
        organization === undefined
          ? new ScanCommand({ ...input, ExpressionAttributeValues: values, ...(start && { ExclusiveStartKey: start }) })
          : new QueryCommand({
              ...input,
              IndexName: 'by-organization',
              KeyConditionExpression: 'organization = :organization',
              ExpressionAttributeValues: { ...values, ':organization': organization },
              ScanIndexForward: false,
              ...(start && { ExclusiveStartKey: { organization, ...start } }),
            }),
      );
      return {
        items: (Items as ReplayItem[]).map(toReplay),
        ...(LastEvaluatedKey && { next: writeCursor({ id: String(LastEvaluatedKey.id) }) }),
      };
    },

    async advance(id, { step, nowMs, queued, cursor }) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression: `SET step = :step, stepped_ms = :now, ${cursor === undefined ? 'listed = :yes' : '#cursor = :cursor'} ADD queued :queued`,
          ConditionExpression: '#state = :running AND step < :step',
          ExpressionAttributeNames: { '#state': 'state', ...(cursor === undefined ? {} : { '#cursor': 'cursor' }) },
          ExpressionAttributeValues: {
            ':step': step,
            ':now': nowMs,
            ':queued': queued,
            ':running': 'running',
            ...(cursor === undefined ? { ':yes': true } : { ':cursor': cursor }),
          },
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },

    async end(id, state) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression: 'SET #state = :state',
          ConditionExpression: '#state = :running',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':state': state, ':running': 'running' },
          ReturnValues: 'ALL_NEW',
        }),
      );
      const row = (await unlessConditionFails(written))?.Attributes;
      return row && toReplay(row as ReplayItem);
    },

    async count(id, { done, failed }) {
      const written = dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression: 'ADD done :done, failed :failed',
          // A row that has expired must not come back as a fragment.
          ConditionExpression: 'attribute_exists(subscription)',
          ExpressionAttributeValues: { ':done': done, ':failed': failed },
        }),
      );
      await unlessConditionFails(written);
    },
  };
}

/** Lists leave it out: it has no subscription. */
function chosenId(id: string): string {
  return `${id}#chosen`;
}
