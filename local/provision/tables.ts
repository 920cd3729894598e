import type {
  DynamoDBClient,
  GlobalSecondaryIndex,
  StreamSpecification,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { App, Resource } from '../template/app.ts';
import { booleanLike, ignored } from '../template/scalars.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
// Capacity is on demand here whatever the template says: nothing throttles.
const capacity = {
  ProvisionedThroughput: ignored,
  OnDemandThroughput: ignored,
  WarmThroughput: ignored,
  ContributorInsightsSpecification: ignored,
};
const globalCapacity = { WriteProvisionedThroughputSettings: ignored, WriteOnDemandThroughputSettings: ignored };
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: projection,
  ...capacity,
  ...globalCapacity,
});

const tableSchema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: ignored,
  GlobalSecondaryIndexes: z.array(index).default([]),
  LocalSecondaryIndexes: z.array(index).optional(),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']) })
    .optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string().optional(), Enabled: booleanLike }).optional(),
  DeletionProtectionEnabled: ignored,
  PointInTimeRecoverySpecification: ignored,
  SSESpecification: ignored,
  Replicas: z.array(z.unknown()).max(1).optional(),
  TableClass: ignored,
  Tags: ignored,
  ...capacity,
  ...globalCapacity,
});
type TableProperties = z.infer<typeof tableSchema>;

const TABLE_TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** The name of each table's partition key, by table name. */
export function readPartitionKeys(app: App): Map<string, string> {
  return new Map(
    app.ofType(...TABLE_TYPES).map((t) => {
      const key = t.properties(tableSchema).KeySchema.find((k) => k.KeyType === 'HASH');
      return [t.identity.name, key?.AttributeName ?? ''];
    }),
  );
}

/**
 * Creates the tables of the template that are missing and brings indexes, stream and TTL of the others up to date.
 * Items stay.
 * @returns the ARN of each table's stream, by table name.
 * @throws when the keys of a table that holds data have changed.
 */
export async function provisionTables(app: App, dynamoDb: DynamoDBClient): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const resource of app.ofType(...TABLE_TYPES)) {
    const arn = await provisionTable(resource, dynamoDb);
    if (arn) streams.set(resource.identity.name, arn);
  }
  return streams;
}

/** The ARN of each table's stream, by table name, of those that exist. */
export async function readStreams(app: App, dynamoDb: DynamoDBClient): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const { identity } of app.ofType(...TABLE_TYPES)) {
    const arn = (await describe(dynamoDb, identity.name))?.LatestStreamArn;
    if (arn) streams.set(identity.name, arn);
  }
  return streams;
}

async function provisionTable(resource: Resource, dynamoDb: DynamoDBClient): Promise<string | undefined> {
  const TableName = resource.identity.name;
  const wanted = resource.properties(tableSchema);
  const existing = await describe(dynamoDb, TableName);
  if (!existing) await create(dynamoDb, TableName, wanted);
  else await update(dynamoDb, TableName, wanted, existing);
  await provisionTimeToLive(dynamoDb, TableName, wanted);
  return (await describe(dynamoDb, TableName))?.LatestStreamArn;
}

async function describe(dynamoDb: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(dynamoDb: DynamoDBClient, TableName: string, p: TableProperties): Promise<void> {
  await dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: p.AttributeDefinitions,
      KeySchema: p.KeySchema,
      ...(p.GlobalSecondaryIndexes.length > 0
        ? { GlobalSecondaryIndexes: p.GlobalSecondaryIndexes.map(plainIndex) }
        : {}),
      ...(p.LocalSecondaryIndexes ? { LocalSecondaryIndexes: p.LocalSecondaryIndexes.map(plainIndex) } : {}),
      ...(p.StreamSpecification ? { StreamSpecification: streamOf(p) } : {}),
    }),
  );
}

async function update(
  dynamoDb: DynamoDBClient,
  TableName: string,
  wanted: TableProperties,
  existing: TableDescription,
): Promise<void> {
  const [before, after] = [keyText(existing.KeySchema, existing), keyText(wanted.KeySchema, wanted)];
  if (before !== after) {
    throw new Error(
      `The keys of table ${TableName} changed from "${before}" to "${after}", which no table can follow. ` +
        'Run "npm start -- --reset" to begin with empty tables and queues, or give the table a new name.',
    );
  }
  const stream = existing.StreamSpecification?.StreamEnabled ? existing.StreamSpecification.StreamViewType : undefined;
  if (stream !== wanted.StreamSpecification?.StreamViewType) {
    if (stream)
      await dynamoDb.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
    if (wanted.StreamSpecification)
      await dynamoDb.send(new UpdateTableCommand({ TableName, StreamSpecification: streamOf(wanted) }));
  }
  await updateIndexes(dynamoDb, TableName, wanted, existing);
}

async function updateIndexes(
  dynamoDb: DynamoDBClient,
  TableName: string,
  wanted: TableProperties,
  existing: TableDescription,
): Promise<void> {
  const have = new Map((existing.GlobalSecondaryIndexes ?? []).map((i) => [i.IndexName, indexText(i, existing)]));
  const want = new Map(wanted.GlobalSecondaryIndexes.map((i) => [i.IndexName, indexText(i, wanted)]));
  for (const [IndexName, text] of have) {
    if (want.get(IndexName ?? '') === text) continue;
    await dynamoDb.send(
      new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] }),
    );
  }
  for (const i of wanted.GlobalSecondaryIndexes) {
    if (have.get(i.IndexName) === want.get(i.IndexName)) continue;
    const { AttributeDefinitions } = wanted;
    await dynamoDb.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: plainIndex(i) }],
      }),
    );
  }
}

async function provisionTimeToLive(
  dynamoDb: DynamoDBClient,
  TableName: string,
  { TimeToLiveSpecification: wanted }: TableProperties,
): Promise<void> {
  const { TimeToLiveDescription: have } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
  const current = have?.TimeToLiveStatus === 'ENABLED' ? have.AttributeName : undefined;
  const next = wanted?.Enabled ? wanted.AttributeName : undefined;
  if (current === next) return;
  const set = (AttributeName: string, Enabled: boolean): Promise<unknown> =>
    dynamoDb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }));
  if (current) await set(current, false);
  if (next) await set(next, true);
}

const streamOf = ({ StreamSpecification }: TableProperties): StreamSpecification => ({
  StreamEnabled: true,
  ...StreamSpecification,
});

function plainIndex({ IndexName, KeySchema, Projection }: z.infer<typeof index>): GlobalSecondaryIndex {
  return { IndexName, KeySchema, Projection };
}

interface Keys {
  AttributeDefinitions?: { AttributeName?: string | undefined; AttributeType?: string | undefined }[] | undefined;
}

/** Keys as one comparable text: `organization S, id S`. */
function keyText(schema: TableDescription['KeySchema'], { AttributeDefinitions = [] }: Keys = {}): string {
  const typeOf = (name = ''): string => AttributeDefinitions.find((a) => a.AttributeName === name)?.AttributeType ?? '';
  return (schema ?? []).map((k) => `${k.AttributeName} ${typeOf(k.AttributeName)}`).join(', ');
}

function indexText(i: Partial<Pick<GlobalSecondaryIndex, 'KeySchema' | 'Projection'>>, table: Keys): string {
  const { ProjectionType, NonKeyAttributes = [] } = i.Projection ?? {};
  return `${keyText(i.KeySchema, table)}; ${ProjectionType} ${NonKeyAttributes.toSorted().join(' ')}`;
}
