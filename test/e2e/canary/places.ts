import { ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { posthorn } from './world.ts';

// Where marks may lie.

export const DEAD_LETTERS = ['EventsDeadLetterQueueUrl', 'DeliveriesDeadLetterQueueUrl', 'RecoveryDeadLetterQueueUrl'];

export async function everyRow(TableName: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await posthorn.dynamoDb.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

export async function attributesOf(queue: string): Promise<string[]> {
  return (await receive(queue)).map(({ MessageAttributes }) => JSON.stringify(MessageAttributes ?? {}));
}

async function receive(queue: string): Promise<Message[]> {
  const { Messages = [] } = await posthorn.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: posthorn.output(queue),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}
