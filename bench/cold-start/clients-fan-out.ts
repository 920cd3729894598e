import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { VISIT } from '../support/sample.ts';

// The AWS clients of fan-out and the calls of its first invocation, nothing else.

const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sqs = new SQSClient({});
/** Loaded, not called: a ping and a second run need it. */
export const LOADED = [GetCommand];

export const handler = async (): Promise<object> => {
  const query = {
    TableName: 'subscriptionsTable',
    KeyConditionExpression: 'organization = :organization',
    ExpressionAttributeValues: { ':organization': 'org_1' },
  };
  const Item = { organization: 'org_1', id: 'evt_1', data: JSON.stringify(VISIT) };
  await Promise.all([
    dynamoDb.send(new QueryCommand(query)),
    dynamoDb.send(new ScanCommand({ TableName: 'endpointHealthTable' })),
  ]);
  await dynamoDb.send(new PutCommand({ TableName: 'eventsTable', Item }));
  const Entries = [{ Id: '0', MessageBody: Item.data }];
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.DELIVERIES_QUEUE_URL, Entries }));
  return {};
};
