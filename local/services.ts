import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { startDynamoDb } from './dynamodb/server.ts';
import type { DynamoDbOptions, DynamoDbServer } from './dynamodb/server.ts';
import { Access } from './iam/access.ts';
import { sdkCredentials, type Credentials } from './iam/credentials.ts';
import type { Decision } from './iam/evaluate.ts';
import { operatorOf } from './iam/operator.ts';
import { readQueuePolicies, readRoles } from './iam/read-roles.ts';
import type { Role } from './iam/read-roles.ts';
import { dynamoDbLikeAws, sqsLikeAws } from './like-aws/engines.ts';
import type { LikeAws } from './like-aws/numbers.ts';
import type { Endpoints } from './lambda/variables.ts';
import { startNotices } from './notices/server.ts';
import type { NoticeServer } from './notices/server.ts';
import { provisionQueues } from './provision/queues.ts';
import { provisionTables, readPartitionKeys } from './provision/tables.ts';
import { startSqs } from './sqs/server.ts';
import type { SqsOptions, SqsServer } from './sqs/server.ts';
import { bindApp } from './template/app.ts';
import type { App } from './template/app.ts';
import type { Assembly } from './template/assembly.ts';
import { UNDERSTOOD_TYPES } from './understood-types.ts';

/** The local AWS services, with everything in them that the template asks for. */
export interface Services {
  app: App;
  access: Access;
  roles: Map<string, Role>;
  sqs: SqsServer;
  dynamoDb: DynamoDbServer;
  notices: NoticeServer;
  endpoints: Endpoints;
  /** Credentials that may do everything. */
  operator: Credentials;
  close(): Promise<void>;
}

/** Lets proofs make SDK calls fail. */
export interface Faults {
  sqs?: NonNullable<SqsOptions['fault']>;
  dynamoDb?: NonNullable<DynamoDbOptions['fault']>;
  /** How far the clocks of functions may differ from the services', milliseconds: a proof moves some. @default 5 minutes */
  skewMs?: number;
}

interface ServicesOptions {
  folder: string;
  assembly: Assembly;
  clock: Clock;
  apiUrl: string;
  faults: Faults;
  /** @default none */
  likeAws?: LikeAws | undefined;
}

type Call = Parameters<Access['authorize']>[0];

/** Starts the services, binds the template to them, and creates or updates its queues and tables. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { folder, assembly, clock, apiUrl, faults, likeAws } = options;
  const { account, region } = assembly;
  const operator = operatorOf(folder);
  // Nobody but the operator calls before the template is bound.
  let authorize = (call: Call): Decision => operatorOnly(call, operator);
  let credentialsOf = (id: string): Credentials | undefined => (id === operator.accessKeyId ? operator : undefined);
  let app: App | undefined;
  const streams = new Map<string, string>();
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0)) await step();
  };
  try {
    const { skewMs } = faults;
    const place = {
      port: 0,
      region,
      accountId: account,
      clock,
      credentialsOf: (id: string) => credentialsOf(id),
      skewMs,
    };
    const sqs = await startSqs({
      ...place,
      file: join(folder, 'sqs.sqlite'),
      authorize: ({ resource, ...call }) => authorize({ ...call, resources: [resource] }),
      ...(faults.sqs ? { fault: faults.sqs } : {}),
      ...(likeAws ? sqsLikeAws(likeAws) : {}),
    });
    closers.push(() => sqs.close());
    const dynamoDb = await startDynamoDb({
      ...place,
      folder: join(folder, 'dynamodb'),
      authorize: (call) => authorize(call),
      ...(faults.dynamoDb ? { fault: faults.dynamoDb } : {}),
      ...(likeAws ? dynamoDbLikeAws(likeAws) : {}),
    });
    closers.push(() => dynamoDb.close());
    const notices = await startNotices({
      file: join(folder, 'notices.jsonl'),
      account,
      region,
      topics: () => new Set(app?.ofType('AWS::SNS::Topic').map((t) => t.identity.arn)),
      authorize: (call) => authorize(call),
      credentialsOf: (id) => credentialsOf(id),
      skewMs,
      now: () => clock.now(),
    });
    closers.push(() => notices.close());

    app = bindApp(
      assembly,
      {
        account,
        region,
        sqsEndpoint: () => sqs.endpoint,
        apiEndpoint: () => apiUrl,
        streamArn: (table) => streams.get(table) ?? missingStream(table),
      },
      UNDERSTOOD_TYPES,
    );
    await provision(app, operator, { sqs: sqs.endpoint, dynamoDb: dynamoDb.endpoint }, streams);
    const partitionKeys = readPartitionKeys(app);
    const access = new Access({
      account,
      operator,
      queuePolicies: readQueuePolicies(app),
      partitionKeyOf: (table) => partitionKeys.get(table),
    });
    authorize = (call) => access.authorize(call);
    credentialsOf = (id) => access.credentialsOf(id);
    const endpoints = {
      SQS: sqs.endpoint,
      DYNAMODB: dynamoDb.endpoint,
      DYNAMODB_STREAMS: dynamoDb.endpoint,
      SNS: notices.endpoint,
      EVENTBRIDGE: notices.endpoint,
    };
    return { app, access, roles: readRoles(app), sqs, dynamoDb, notices, endpoints, operator, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function provision(
  app: App,
  operator: Credentials,
  endpoints: { sqs: string; dynamoDb: string },
  streams: Map<string, string>,
): Promise<void> {
  const common = { region: app.region, credentials: sdkCredentials(operator) };
  const sqs = new SQSClient({ ...common, endpoint: endpoints.sqs });
  const dynamoDb = new DynamoDBClient({ ...common, endpoint: endpoints.dynamoDb });
  try {
    await provisionQueues(app, sqs);
    for (const [table, arn] of await provisionTables(app, dynamoDb)) streams.set(table, arn);
  } finally {
    sqs.destroy();
    dynamoDb.destroy();
  }
}

function operatorOnly({ accessKeyId }: Call, operator: Credentials): Decision {
  if (accessKeyId === operator.accessKeyId) return { allowed: true };
  return { allowed: false, message: 'The local run is starting; only its operator may call now.' };
}

function missingStream(table: string): never {
  throw new Error(`The template uses the stream of table ${table}, which has none: give the table a stream.`);
}
