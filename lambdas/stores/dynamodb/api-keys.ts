import { GetCommand, PutCommand, QueryCommand, ScanCommand, UpdateCommand } from '#aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { SCOPES } from '../../domain/api-key.ts';
import type { ApiKey, ApiKeyStore } from '../api-keys.ts';

export function createApiKeyStore(dynamoDb: DynamoDBDocumentClient, table: string): ApiKeyStore {
  return {
    async byHash(hash) {
      // Consistent: a key that was just made works at once.
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: { hash }, ConsistentRead: true }));
      return Item && toApiKey(Item);
    },

    async create(key) {
      await dynamoDb.send(
        new PutCommand({
          TableName: table,
          Item: key,
          ConditionExpression: 'attribute_not_exists(#hash)',
          ExpressionAttributeNames: { '#hash': 'hash' },
        }),
      );
    },

    /** A platform has a few dozen keys, so they are scanned, in no particular order. */
    async list({ limit, cursor }) {
      const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
        new ScanCommand({
          TableName: table,
          Limit: limit,
          ...(cursor === undefined ? {} : { ExclusiveStartKey: { hash: cursor } }),
        }),
      );
      const next = LastEvaluatedKey?.hash as string | undefined;
      return { items: Items.map(toApiKey), next };
    },

    async revoke(id, revokedAt) {
      const { Items = [] } = await dynamoDb.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by-id',
          KeyConditionExpression: 'id = :id',
          ExpressionAttributeValues: { ':id': id },
        }),
      );
      const hash: unknown = Items[0]?.hash;
      if (hash === undefined) return false;
      await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { hash },
          UpdateExpression: 'SET revoked_at = if_not_exists(revoked_at, :at)',
          ExpressionAttributeValues: { ':at': revokedAt },
        }),
      );
      return true;
    },
  };
}

/** Scopes that this version does not know give no rights; they may also come as a string set. */
function toApiKey(item: Record<string, unknown>): ApiKey {
  const scopes = new Set(item.scopes as Iterable<string>);
  return { ...(item as unknown as ApiKey), scopes: SCOPES.filter((scope) => scopes.has(scope)) };
}
