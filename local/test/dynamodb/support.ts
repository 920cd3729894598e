import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB, type AttributeValue, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams, type _Record } from '@aws-sdk/client-dynamodb-streams';
import { afterEach, expect } from 'vitest';
import { startDynamoDb, type DynamoDbOptions, type DynamoDbServer } from '../../dynamodb/server.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT_ID = '123456789012';
export const ACCESS_KEY_ID = 'AKIAEXAMPLE';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Runs after the test, last registered first. */
export function afterThisTest(close: () => Promise<unknown> | void): void {
  closers.push(close);
}

/** A local DynamoDB with clients, all closed after the test. */
export interface TestDynamoDb {
  server: DynamoDbServer;
  client: DynamoDB;
  streams: DynamoDBStreams;
}

/** Starts a DynamoDB in memory unless told otherwise. */
export async function aDynamoDb(options: Partial<DynamoDbOptions> = {}): Promise<TestDynamoDb> {
  const server = await startDynamoDb({ port: 0, region: REGION, accountId: ACCOUNT_ID, ...options });
  const config = clientConfig(server.endpoint);
  const client = new DynamoDB(config);
  const streams = new DynamoDBStreams(config);
  afterThisTest(async () => {
    client.destroy();
    streams.destroy();
    await server.close();
  });
  return { server, client, streams };
}

/** Settings of an unmodified SDK client for an endpoint; no retries, so that a fault is seen once. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'not-checked' },
    maxAttempts: 1,
  };
}

/** A folder that is gone after the test. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-dynamodb-'));
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that stands still until it is moved. */
export function aClock(start = Date.parse('2026-11-21T09:00:00Z')) {
  let now = start;
  return { now: () => now, advance: (milliseconds: number) => (now += milliseconds) };
}

/** Creates a table with string keys `pk` and `sk` and returns its name. */
export async function aTable(client: DynamoDB, more: Partial<CreateTableCommandInput> = {}): Promise<string> {
  const TableName = more.TableName ?? 'visits';
  await client.createTable({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    ...more,
    TableName,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      ...(more.AttributeDefinitions ?? []),
    ],
  });
  return TableName;
}

/** A table with the index `gsi1` on `g` (string) and `gs` (number), everything projected. */
export const WITH_INDEX: Partial<CreateTableCommandInput> = {
  AttributeDefinitions: [
    { AttributeName: 'g', AttributeType: 'S' },
    { AttributeName: 'gs', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'gsi1',
      KeySchema: [
        { AttributeName: 'g', KeyType: 'HASH' },
        { AttributeName: 'gs', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

/** A table with a stream of old and new images. */
export const WITH_STREAM: Partial<CreateTableCommandInput> = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

export const S = (value: string): AttributeValue => ({ S: value });
export const N = (value: number): AttributeValue => ({ N: String(value) });
export const key = (pk: string, sk = 'a') => ({ pk: S(pk), sk: S(sk) });

/** Reads a shard from an iterator until a page comes back empty (at most 20 pages). */
export async function recordsFrom(streams: DynamoDBStreams, iterator: string | undefined): Promise<_Record[]> {
  const records: _Record[] = [];
  let next = iterator;
  for (let page = 0; next && page < 20; page++) {
    const answer = await streams.getRecords({ ShardIterator: next });
    if (!answer.Records?.length) break;
    records.push(...answer.Records);
    next = answer.NextShardIterator;
  }
  return records;
}

/** Asserts that a call is refused with that error and returns it for a closer look. */
export async function refusal(call: Promise<unknown>, name: string): Promise<Record<string, unknown>> {
  const outcome: unknown = await call.catch((error: unknown) => error);
  if (!(outcome instanceof Error)) throw new Error(`Expected ${name}, got success`);
  expect(outcome.name, outcome.message).toBe(name);
  return outcome as unknown as Record<string, unknown>;
}
