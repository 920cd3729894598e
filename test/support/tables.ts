import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb, type DynamoDbServer } from '../../local/dynamodb/server.ts';
import { shortenDynamoDb } from '../../lambdas/aws/fast-path/bypass-sdk.ts';
import { documentOptions } from '../../lambdas/aws/clients.ts';
import { postInProcess, requestsInProcess } from './post-in-process.ts';
import type { TableResource } from './stacks.ts';

/** All tables that there are; {@link startTables} sees to it. */
export const TABLE_NAMES = [
  'Subscriptions',
  'SigningSecrets',
  'EndpointHealth',
  'Events',
  'Attempts',
  'HeldDeliveries',
  'ApiKeys',
  'Idempotency',
  'Replays',
  'AuditTrail',
  'Statistics',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/** The local DynamoDB in memory, with the tables that the template describes. */
export interface Tables {
  dynamoDb: DynamoDBDocumentClient;
  endpoint: string;
  /** Undefined with another engine. */
  server: DynamoDbServer | undefined;
  /** As Lambda puts them into a function's environment. */
  credentials: { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };
  table(name: TableName): string;
  /** Read units used since the start, of all tables and their indexes; 0 with another engine, which does not say. */
  readUnits(): number;
  close(): Promise<void>;
}

let resources: Record<string, TableResource> | undefined;

const SECRET = 'test';
const CREATE_TABLE = 'DynamoDB_20120810.CreateTable';
/** Another engine to run the tests on, e.g. Amazon's DynamoDB Local; it keeps a database for each access key. */
const OTHER_ENGINE = process.env.POSTHORN_TEST_DYNAMODB;

/** Starts the local DynamoDB and makes every table from the synthesized template: keys are written once, in lib/. */
export async function startTables(): Promise<Tables> {
  const own = OTHER_ENGINE
    ? undefined
    : await startDynamoDb({ port: 0, region: 'us-east-1', accountId: '000000000000' });
  const endpoint = own?.endpoint ?? OTHER_ENGINE!;
  const accessKeyId = `test${randomBytes(8).toString('hex')}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: SECRET },
    ...(own && { requestHandler: requestsInProcess(own) }),
  });
  resources ??= await tablesOfTemplate();
  const inputs = Object.entries(resources).map(([logicalId, resource]) => tableInput(nameOf(logicalId), resource));
  for (const input of inputs) {
    if (own) await own.call({ target: CREATE_TABLE, accessKeyId, input: structuredClone({ ...input }) });
    else await client.send(new CreateTableCommand(input));
  }
  return {
    // As createDynamoDb makes it for the functions.
    dynamoDb: shortenDynamoDb(
      DynamoDBDocumentClient.from(client, documentOptions()),
      {
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: SECRET,
      },
      own && (() => postInProcess(own)),
    ),
    endpoint,
    server: own,
    credentials: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: SECRET },
    table: (name) => name,
    readUnits: () => [...(own?.capacity.values() ?? [])].reduce((sum, { read }) => sum + read, 0),
    close: async () => {
      client.destroy();
      await own?.close();
    },
  };
}

function tableInput(TableName: string, { Properties }: TableResource): CreateTableCommandInput {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification } = Properties;
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema,
    AttributeDefinitions,
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  } as CreateTableCommandInput;
}

/** @throws when {@link TABLE_NAMES} has others: what goes through all tables would leave some out. */
async function tablesOfTemplate(): Promise<Record<string, TableResource>> {
  const found = (await givenTables()) ?? (await import('./stacks.ts')).synthesizeTables();
  const differing = new Set(Object.keys(found).map(nameOf)).symmetricDifference(new Set(TABLE_NAMES));
  if (differing.size > 0)
    throw new Error(
      `Expected the tables of lib/tables.ts in TABLE_NAMES; they differ in ${[...differing].join(', ')}.`,
    );
  return found;
}

/** What tables-setup.ts synthesized for all files of a project; undefined where it does not, and outside of vitest. */
async function givenTables(): Promise<Record<string, TableResource> | undefined> {
  return process.env.VITEST ? (await import('vitest')).inject('tables') : undefined;
}

/** `SubscriptionsTable7A2B…` → `Subscriptions`. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/Table[0-9A-F]{8}$/, '');
}
