import { GetCommand, PutCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { ReconcilerPass, ReconcilerStore } from '../reconciler.ts';

/** No replay's id: those begin with `rpl_`. */
const ID = 'reconciler';

export function createReconcilerStore(dynamoDb: DynamoDBDocumentClient, table: string): ReconcilerStore {
  return {
    async load() {
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { id: ID }, ConsistentRead: true }));
      return (Item?.passes as ReconcilerPass[] | undefined) ?? [];
    },
    async save(passes) {
      await dynamoDb.send(new PutCommand({ TableName: table, Item: { id: ID, passes } }));
    },
  };
}
