import { DeleteCommand, GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { QuotaStore } from '../quotas.ts';
import { putUnlessLive, unlessConditionFails } from './conditional.ts';

/** A counter is kept this long, seconds: longer than any window, the longest of which is a day. */
const COUNTER_SECONDS = 2 * 86_400;

/** Rows of the table `Idempotency` whose ids no idempotency key has: those are hashes. @param now milliseconds. */
export function createQuotaStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): QuotaStore {
  const nowSeconds = (): number => Math.floor(now() / 1000);

  /** @param instead a holder whose place may be taken over. @returns false when another one has the place. */
  const put = (id: string, holder: string, seconds: number, instead?: string): Promise<boolean> => {
    const orOf = instead === undefined ? undefined : { holder: instead };
    return putUnlessLive(dynamoDb, table, { id, holder, expires_at: nowSeconds() + seconds }, nowSeconds(), orOf);
  };

  return {
    async count(name, window, n) {
      const { Attributes } = await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: `count#${name}#${window}` },
          UpdateExpression: 'ADD counted :n SET expires_at = :end',
          ExpressionAttributeValues: { ':n': n, ':end': nowSeconds() + COUNTER_SECONDS },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.['counted'] ?? n);
    },

    async take(name, holder, { places, seconds, isOver }) {
      for (let place = 0; place < places; place++) {
        if (await put(placeId(name, place), holder, seconds)) return true;
      }
      for (let place = 0; isOver && place < places; place++) {
        const id = placeId(name, place);
        const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
        const present = Item?.['holder'] as string | undefined;
        if (present !== undefined && !(await isOver(present))) continue;
        if (await put(id, holder, seconds, present)) return true;
      }
      return false;
    },

    async free(name, holder, places) {
      for (let place = 0; place < places; place++) {
        const written = dynamoDb.send(
          new DeleteCommand({
            TableName: table,
            Key: { id: placeId(name, place) },
            ConditionExpression: 'holder = :holder',
            ExpressionAttributeValues: { ':holder': holder },
          }),
        );
        if ((await unlessConditionFails(written)) !== undefined) return;
      }
    },
  };
}

function placeId(name: string, place: number): string {
  return `place#${name}#${place}`;
}
