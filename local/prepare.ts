import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeApiKey } from '../scripts/make-api-key.ts';
import type { Platform } from './platform.ts';
import { readPrivate, writePrivate } from './private-file.ts';

/**
 * Runs once everything is up and before the outputs are written, for what a person otherwise does after a deployment:
 * makes the first API keys. They are kept beside the data they belong to, so that they stay the same over restarts.
 * @param folder the platform's data folder.
 * @returns members for `local` in outputs.json.
 */
export async function prepare(platform: Platform, folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'keys.json');
  const kept = readPrivate(file);
  if (kept !== undefined) return JSON.parse(kept) as Record<string, string>;
  const { accessKeyId, secretAccessKey } = platform.operator;
  const client = new DynamoDBClient({
    region: platform.region,
    endpoint: platform.dynamoDb.endpoint,
    credentials: { accessKeyId, secretAccessKey },
  });
  const keys = await makeKeys(client, platform.outputs);
  client.destroy();
  writePrivate(file, JSON.stringify(keys));
  return keys;
}

/** The first keys of a Posthorn. @param outputs of its stacks. */
export async function makeKeys(
  client: DynamoDBClient,
  outputs: Platform['outputs'],
): Promise<Record<'AdminApiKey' | 'ProducerApiKey', string>> {
  const table = Object.assign({}, ...Object.values(outputs)) as Record<string, string>;
  const make = async (scope: 'admin' | 'events:write', description: string): Promise<string> =>
    (
      await makeApiKey(DynamoDBDocumentClient.from(client), table.ApiKeysTableName!, {
        scopes: [scope],
        description,
      })
    ).key;
  return {
    AdminApiKey: await make('admin', 'local administrator'),
    ProducerApiKey: await make('events:write', 'local producer'),
  };
}
