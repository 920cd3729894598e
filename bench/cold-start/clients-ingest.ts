import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

// The AWS clients of ingest and the calls of its first invocation, nothing else.

const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sqs = new SQSClient({});
/** Commands that an event with an idempotency key needs: loaded, not called. */
export const LOADED = [PutCommand, UpdateCommand];

export const handler = async ({ body }: { body: string }): Promise<object> => {
  await dynamoDb.send(new GetCommand({ TableName: 'apiKeysTable', Key: { hash: 'abc' }, ConsistentRead: true }));
  const Entries = [{ Id: '0', MessageBody: body }];
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.EVENTS_QUEUE_URL, Entries }));
  return {};
};
