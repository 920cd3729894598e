import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// Made in one place, passed to whoever needs them; region, credentials and endpoints come from the environment.

/** For DynamoDB with plain objects. Undefined members are left out; numbers beyond 2^53 come back as BigInt. */
export function createDynamoDb(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
}

export function createSqs(): SQSClient {
  return new SQSClient({});
}
