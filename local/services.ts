import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { startDynamoDb } from './dynamodb/server.ts';
import type { DynamoDbOptions, DynamoDbServer } from './dynamodb/server.ts';
import { Access, OPERATOR, sdkCredentials } from './iam/access.ts';
import type { Decision } from './iam/evaluate.ts';
import { readQueuePolicies, readRoles } from './iam/read-roles.ts';
import type { Role } from './iam/read-roles.ts';
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
  close(): Promise<void>;
}

/** Lets proofs make SDK calls fail. */
export interface Faults {
  sqs?: NonNullable<SqsOptions['fault']>;
  dynamoDb?: NonNullable<DynamoDbOptions['fault']>;
}

interface ServicesOptions {
  folder: string;
  assembly: Assembly;
  clock: Clock;
  apiUrl: string;
  faults: Faults;
}

type Call = Parameters<Access['authorize']>[0];

/** Starts the services, binds the template to them, and creates or updates its queues and tables. */
export async function startServices({ folder, assembly, clock, apiUrl, faults }: ServicesOptions): Promise<Services> {
  const { account, region } = assembly;
  // Nobody but the operator calls before the template is bound.
  let authorize = (call: Call): Decision => operatorOnly(call);
  let app: App | undefined;
  const streams = new Map<string, string>();
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0)) await step();
  };
  try {
    const place = { port: 0, region, accountId: account, clock };
    const sqs = await startSqs({
      ...place,
      file: join(folder, 'sqs.sqlite'),
      authorize: ({ resource, ...call }) => authorize({ ...call, resources: [resource] }),
      ...(faults.sqs ? { fault: faults.sqs } : {}),
    });
    closers.push(() => sqs.close());
    const tables = join(folder, 'dynamodb');
    mkdirSync(tables, { recursive: true });
    const dynamoDb = await startDynamoDb({
      ...place,
      folder: tables,
      authorize: (call) => authorize(call),
      ...(faults.dynamoDb ? { fault: faults.dynamoDb } : {}),
    });
    closers.push(() => dynamoDb.close());
    const notices = await startNotices({
      file: join(folder, 'notices.jsonl'),
      account,
      region,
      topics: () => new Set(app?.ofType('AWS::SNS::Topic').map((t) => t.identity.arn)),
      authorize: (call) => authorize(call),
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
    await provision(app, region, sqs.endpoint, dynamoDb.endpoint, streams);
    const partitionKeys = readPartitionKeys(app);
    const access = new Access({
      account,
      queuePolicies: readQueuePolicies(app),
      partitionKeyOf: (table) => partitionKeys.get(table),
    });
    authorize = (call) => access.authorize(call);
    const endpoints = {
      SQS: sqs.endpoint,
      DYNAMODB: dynamoDb.endpoint,
      DYNAMODB_STREAMS: dynamoDb.endpoint,
      SNS: notices.endpoint,
      EVENTBRIDGE: notices.endpoint,
    };
    return { app, access, roles: readRoles(app), sqs, dynamoDb, notices, endpoints, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function provision(
  app: App,
  region: string,
  sqsEndpoint: string,
  dynamoDbEndpoint: string,
  streams: Map<string, string>,
): Promise<void> {
  const sqs = new SQSClient({ region, endpoint: sqsEndpoint, credentials: sdkCredentials(OPERATOR) });
  const dynamoDb = new DynamoDBClient({ region, endpoint: dynamoDbEndpoint, credentials: sdkCredentials(OPERATOR) });
  try {
    await provisionQueues(app, sqs);
    for (const [table, arn] of await provisionTables(app, dynamoDb)) streams.set(table, arn);
  } finally {
    sqs.destroy();
    dynamoDb.destroy();
  }
}

function operatorOnly({ accessKeyId }: Call): Decision {
  if (accessKeyId === OPERATOR.accessKeyId) return { allowed: true };
  return { allowed: false, message: 'The local run is starting; only its operator may call now.' };
}

function missingStream(table: string): never {
  throw new Error(`The template uses the stream of table ${table}, which has none: give the table a stream.`);
}
