import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { createLaneStore } from '../../lambdas/stores/dynamodb/endpoint-health/lanes.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_800_000_000_000;
let tables: Tables;
let clock = NOW;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  clock = NOW;
});

const store = () => createLaneStore(tables.dynamoDb, tables.table('EndpointHealth'), { now: () => clock });
const LONG_NAME = 'x'.repeat(300_000);
const aKey = (subscription: string) => ({ organization: 'acme', subscription });
const put = (health: Partial<EndpointHealth>) =>
  tables.dynamoDb.send(
    new PutCommand({
      TableName: tables.table('EndpointHealth'),
      Item: { organization: 'acme', failures: 0, ...health },
    }),
  );

describe('the lanes', () => {
  it('are fast for endpoints without a row, or with one that says nothing of slowness', async () => {
    await put({ subscription: 'sub_failing', failures: 3 });
    const lanes = await store().load();
    expect([lanes.isSlow(aKey('sub_unknown')), lanes.isSlow(aKey('sub_failing'))]).toEqual([false, false]);
  });

  it('are slow until the time in the row', async () => {
    await put({ subscription: 'sub_slow', slow_until_ms: NOW + 1_000 });
    const lanes = await store().load();
    expect(lanes.isSlow(aKey('sub_slow'))).toBe(true);
    clock = NOW + 1_000;
    expect(lanes.isSlow(aKey('sub_slow'))).toBe(false);
  });

  it('are fast for another organization that has the same id', async () => {
    await put({ subscription: 'sub_shared', slow_until_ms: NOW + 1_000 });
    const lanes = await store().load();
    const both = [aKey('sub_shared'), { organization: 'other', subscription: 'sub_shared' }];
    expect(both.map((key) => lanes.isSlow(key))).toEqual([true, false]);
  });

  it('are read again after five seconds, not before', async () => {
    const lanes = store();
    await lanes.load();
    await put({ subscription: 'sub_new', slow_until_ms: NOW + 60_000 });
    clock = NOW + 4_999;
    expect((await lanes.load()).isSlow(aKey('sub_new'))).toBe(false);
    clock = NOW + 5_000;
    expect((await lanes.load()).isSlow(aKey('sub_new'))).toBe(true);
  });

  it('are found over several pages of DynamoDB', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `sub_page${i}`);
    for (const subscription of names) {
      await put({ subscription, slow_until_ms: NOW + 60_000, organization: LONG_NAME });
    }
    const lanes = await store().load();
    expect(names.filter((name) => !lanes.isSlow({ organization: LONG_NAME, subscription: name }))).toEqual([]);
  });
});
