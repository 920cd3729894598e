import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Access } from './iam/access.ts';
import { sdkCredentials } from './iam/credentials.ts';
import { operatorOf } from './iam/operator.ts';
import { readRoles } from './iam/read-roles.ts';
import type { FunctionsOptions } from './lambda/functions.ts';
import type { Outputs } from './outputs-file.ts';
import { readStreams } from './provision/tables.ts';
import { bindApp } from './template/app.ts';
import type { Assembly } from './template/assembly.ts';
import { UNDERSTOOD_TYPES } from './understood-types.ts';

/** What a function needs to run beside a platform. */
export type Surroundings = Pick<FunctionsOptions, 'app' | 'access' | 'roles' | 'endpoints' | 'otherServices'>;

/**
 * Binds an app to the queues and tables of a platform that runs in another process. What the platform does not know, it
 * refuses: a function, queue or table that is newer than its start.
 * @param folder data folder of both.
 */
export async function connectServices(folder: string, assembly: Assembly, { local }: Outputs): Promise<Surroundings> {
  const { SqsEndpoint = '', DynamoDbEndpoint = '', NoticesEndpoint = '', ApiEndpoint = '' } = local ?? {};
  const operator = operatorOf(folder);
  let streams = new Map<string, string>();
  const { account, region } = assembly;
  const app = bindApp(
    assembly,
    {
      account,
      region,
      sqsEndpoint: () => SqsEndpoint,
      apiEndpoint: () => ApiEndpoint,
      // A policy may name the stream of a table that is not there yet: nobody can read it either.
      streamArn: (table) => streams.get(table) ?? `arn:aws:dynamodb:${region}:${account}:table/${table}/stream/none`,
    },
    UNDERSTOOD_TYPES,
  );
  const dynamoDb = new DynamoDBClient({ region, endpoint: DynamoDbEndpoint, credentials: sdkCredentials(operator) });
  streams = await readStreams(app, dynamoDb).finally(() => dynamoDb.destroy());
  return {
    app,
    // Only for the credentials of the functions: the platform decides what they may do.
    access: new Access({ account, operator, queuePolicies: new Map(), partitionKeyOf: () => undefined }),
    roles: readRoles(app),
    endpoints: {
      SQS: SqsEndpoint,
      DYNAMODB: DynamoDbEndpoint,
      DYNAMODB_STREAMS: DynamoDbEndpoint,
      SNS: NoticesEndpoint,
      EVENTBRIDGE: NoticesEndpoint,
    },
    otherServices: NoticesEndpoint,
  };
}
