import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KeyRights, Scope } from '../lambdas/domain/api-key.ts';
import { createIds } from '../lambdas/domain/ids.ts';
import { createApiKey } from '../lambdas/runtime/api-key.ts';
import { randomFraction } from '../lambdas/runtime/random.ts';
import { createApiKeyStore } from '../lambdas/stores/dynamodb/api-keys.ts';

/** What a new key may do. */
export interface NewKey extends KeyRights {
  scopes: Scope[];
  description?: string;
}

/** Makes an API key straight in the table: how the first admin key comes into being. @returns the key, this once. */
export async function makeApiKey(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  wanted: NewKey,
): Promise<{ id: string; key: string }> {
  const id = createIds({ now: Date.now, random: randomFraction }).apiKey();
  const { key, hash } = createApiKey();
  await createApiKeyStore(dynamoDb, table).create({ id, hash, ...wanted, created_at: new Date().toISOString() });
  return { id, key };
}
