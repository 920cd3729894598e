import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

// The AWS clients of the sender and the calls of its first invocation, nothing else.

const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
/** Loaded, not called: only failures need them. */
export const LOADED = [
  new SQSClient({}),
  QueryCommand,
  UpdateCommand,
  SendMessageBatchCommand,
  ChangeMessageVisibilityBatchCommand,
];

export const handler = async (): Promise<object> => {
  const RequestItems = {
    subscriptionsTable: { Keys: [{ organization: 'org_bench', id: 'sub_1' }], ConsistentRead: true },
    endpointHealthTable: { Keys: [{ subscription: 'sub_1' }] },
    signingSecretsTable: { Keys: [{ subscription: 'sub_1' }], ConsistentRead: true },
  };
  await dynamoDb.send(new BatchGetCommand({ RequestItems }));
  const Item = { subscription: 'sub_1', event_attempt: 'evt_1#1', outcome: 'delivered', attempted_ms: 1 };
  await dynamoDb.send(new BatchWriteCommand({ RequestItems: { attemptsTable: [{ PutRequest: { Item } }] } }));
  return {};
};
