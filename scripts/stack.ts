import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readOutputs, type StackOutputs } from './outputs.ts';

/** A running Posthorn, local or deployed, as the operators' commands see it. */
export interface StackAccess extends StackOutputs {
  dynamoDb: DynamoDBDocumentClient;
  sqs: SQSClient;
}

/**
 * Opens the stack of an outputs file. For a deployed one the caller's own AWS credentials and region count.
 * @throws saying how to get the file.
 */
export function openStack(path: string): StackAccess {
  const outputs = readOutputs(path);
  const { local } = outputs;
  const region = local('Region');
  const configuration = region !== undefined && {
    region,
    credentials: { accessKeyId: local('AccessKeyId')!, secretAccessKey: local('SecretAccessKey')! },
  };
  return {
    ...outputs,
    dynamoDb: DynamoDBDocumentClient.from(
      new DynamoDBClient(configuration ? { ...configuration, endpoint: local('DynamoDbEndpoint')! } : {}),
      { marshallOptions: { removeUndefinedValues: true } },
    ),
    sqs: new SQSClient(configuration ? { ...configuration, endpoint: local('SqsEndpoint')! } : {}),
  };
}
