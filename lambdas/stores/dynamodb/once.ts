import { GetCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { OnceStore } from '../once.ts';
import { putUnlessLive } from './conditional.ts';

/** A row that ends between two looks at it is tried for again. */
const TRIES = 3;

/** Rows of the table `Idempotency` whose ids no idempotency key has: those are hashes. @param now milliseconds. */
export function createOnceStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): OnceStore {
  return {
    async agree(name, value, seconds) {
      const id = `once#${name}`;
      for (let tries = 0; tries < TRIES; tries++) {
        const nowSeconds = Math.floor(now() / 1000);
        const row = { id, agreed: value, expires_at: nowSeconds + seconds };
        if (await putUnlessLive(dynamoDb, table, row, nowSeconds)) return value;
        const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
        if (typeof Item?.agreed === 'string') return Item.agreed;
      }
      throw new Error(`Expected a value that all agree on, got none ${TRIES} times.`);
    },
  };
}
