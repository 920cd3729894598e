import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { BatchGetCommandInput, BatchGetCommandOutput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';

/** What DynamoDB leaves out of its answer is asked for so often. */
const TRIES = 3;

/**
 * Health rows of up to 100 subscriptions, in one call.
 * @returns by subscription; one without a row is healthy.
 * @throws Error when DynamoDB leaves rows out every time.
 */
export async function loadHealth(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  subscriptions: readonly string[],
): Promise<Map<string, EndpointHealth>> {
  const found = new Map<string, EndpointHealth>();
  const keys = [...new Set(subscriptions)].map((subscription) => ({ subscription }));
  let requests: BatchGetCommandInput['RequestItems'] = keys.length > 0 ? { [table]: { Keys: keys } } : {};
  for (let round = 0; round < TRIES && Object.keys(requests ?? {}).length > 0; round++) {
    const answer: BatchGetCommandOutput = await dynamoDb.send(new BatchGetCommand({ RequestItems: requests }));
    for (const row of (answer.Responses?.[table] ?? []) as EndpointHealth[]) found.set(row.subscription, row);
    requests = answer.UnprocessedKeys;
  }
  if (Object.keys(requests ?? {}).length > 0) throw new Error('DynamoDB left endpoint health unread after all tries.');
  return found;
}
