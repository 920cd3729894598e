import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';

const dynamoDb = new DynamoDBClient();

type Event = DynamoDBStreamEvent | { tick: true } | { 'detail-type': string };

/** Copies the ids of changed items, and counts scheduled runs, into items of its own. */
export async function handler(event: Event): Promise<DynamoDBBatchResponse | undefined> {
  if ('tick' in event) return count('tick');
  if ('detail-type' in event) return count(event['detail-type']);
  for (const record of event.Records) await count(`seen ${record.dynamodb?.Keys?.['id']?.S}`);
  return { batchItemFailures: [] };
}

async function count(id: string): Promise<undefined> {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: process.env['TABLE_NAME'],
      Key: { owner: { S: 'watcher' }, id: { S: id } },
      UpdateExpression: 'ADD times :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
}
