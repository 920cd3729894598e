import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { IdempotencyRecord, IdempotencyStore } from '../idempotency.ts';
import { putUnlessLive } from './conditional.ts';

/** How long a key is remembered, seconds: 24 h (docs/design.md §5). */
const KEPT_SECONDS = 86_400;
/** A claim that loses against a record which expires that very moment is tried again. */
const CLAIM_TRIES = 3;

/** @param options.now milliseconds since the epoch. @default the clock */
export function createIdempotencyStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { now = Date.now }: { now?: () => number } = {},
): IdempotencyStore {
  const nowSeconds = (): number => Math.floor(now() / 1000);

  /** @returns false when a record that has not expired holds the key. */
  const put = (id: string, record: IdempotencyRecord): Promise<boolean> =>
    putUnlessLive(dynamoDb, table, { id, ...record, expires_at: nowSeconds() + KEPT_SECONDS }, nowSeconds());

  const get = async (id: string): Promise<IdempotencyRecord | undefined> => {
    const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
    if (!Item || (Item.expires_at as number) <= nowSeconds()) return undefined;
    const { body_hash, ids, done } = Item as IdempotencyRecord;
    return { body_hash, ids, done };
  };

  return {
    async claim(key, record) {
      for (let tries = 0; tries < CLAIM_TRIES; tries++) {
        if (await put(key, record)) return undefined;
        const first = await get(key);
        if (first) return first;
      }
      throw new Error(`Expected to claim an idempotency key or to read who has it, got neither ${CLAIM_TRIES} times.`);
    },
    get,
    async finish(key) {
      await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: key },
          UpdateExpression: 'SET done = :true',
          ConditionExpression: 'attribute_exists(id)',
          ExpressionAttributeValues: { ':true': true },
        }),
      );
    },
  };
}
