import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';

const dynamoDb = new DynamoDBClient();

interface Work {
  id: string;
  /** What the worker does with its first receive; later ones succeed, but for `fail`. */
  first?: 'hang' | 'exit';
  fail?: boolean;
}

/** Writes one item per message, or does what the message asks for. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    const work = JSON.parse(record.body) as Work;
    const isFirst = record.attributes.ApproximateReceiveCount === '1';
    if (isFirst)
      console.log(
        JSON.stringify({ level: 'INFO', message: 'first receive', id: work.id, attributes: record.attributes }),
      );
    if (isFirst && work.first === 'hang') await sleep(60_000);
    if (isFirst && work.first === 'exit') process.exit(1);
    if (work.fail) batchItemFailures.push({ itemIdentifier: record.messageId });
    else await store(work.id, record.attributes.ApproximateReceiveCount);
  }
  return { batchItemFailures };
}

async function store(id: string, receives: string): Promise<void> {
  const Item = { owner: { S: 'worker' }, id: { S: id }, kind: { S: 'work' }, receives: { N: receives } };
  await dynamoDb.send(new PutItemCommand({ TableName: process.env['TABLE_NAME'], Item }));
}
