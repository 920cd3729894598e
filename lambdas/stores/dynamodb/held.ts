import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HeldDelivery, HeldStore } from '../held.ts';
import { putAll } from './batch-write.ts';

/** The table `HeldDeliveries` (subscription / event_id). */
export function createHeldStore(dynamoDb: DynamoDBDocumentClient, table: string): HeldStore {
  return {
    async put(deliveries) {
      // Two copies of one delivery in a batch would make DynamoDB refuse the whole call.
      const byKey = new Map(deliveries.map((held) => [nameOf(held), held]));
      const left = await putAll(
        dynamoDb,
        table,
        [...byKey.values()].map((held) => ({ ...held })),
      );
      const missing = new Set(left.map(nameOf));
      return deliveries.filter((held) => missing.has(nameOf(held)));
    },
  };
}

function nameOf({ subscription, event_id }: Pick<HeldDelivery, 'subscription' | 'event_id'>): string {
  return `${subscription}#${event_id}`;
}
