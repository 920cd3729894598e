import type { DynamoDB, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { aDynamoDb, aTable, key, N, refusal, S, WITH_INDEX } from './support.ts';

const sortKey = (i: number) => `k${String(i).padStart(3, '0')}`;

async function withRows(count = 25) {
  const { client } = await aDynamoDb();
  const TableName = await aTable(client);
  const puts = (n: number) => Array.from({ length: n }, (_, i) => ({ PutRequest: { Item: key('p', sortKey(i)) } }));
  await client.batchWriteItem({ RequestItems: { [TableName]: puts(count) } });
  return { client, TableName, puts };
}

async function withIndexRows(count: number, gs: (i: number) => number) {
  const { client } = await aDynamoDb();
  const TableName = await aTable(client, WITH_INDEX);
  for (let start = 0; start < count; start += 25) {
    const size = Math.min(25, count - start);
    const puts = Array.from({ length: size }, (_, i) => ({
      PutRequest: {
        Item: { ...key(`p${start + i}`), g: S('G'), gs: N(gs(start + i)), odd: { BOOL: (start + i) % 2 === 1 } },
      },
    }));
    await client.batchWriteItem({ RequestItems: { [TableName]: puts } });
  }
  return { client, TableName };
}

const allPages = async (client: DynamoDB, input: QueryCommandInput) => {
  const pages = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.query({ ...input, ExclusiveStartKey: start });
    pages.push(page.Items ?? []);
    start = page.LastEvaluatedKey;
  } while (start && pages.length < 100);
  return pages;
};

const ofG = { IndexName: 'gsi1', KeyConditionExpression: 'g = :g', ExpressionAttributeValues: { ':g': S('G') } };

describe('batches in the local DynamoDB', () => {
  it('writes 25 items in one call and refuses 26', async () => {
    const { client, TableName, puts } = await withRows();

    const again = await client.batchWriteItem({ RequestItems: { [TableName]: puts(25) } });

    expect(again.UnprocessedItems).toEqual({});
    await refusal(client.batchWriteItem({ RequestItems: { [TableName]: puts(26) } }), 'ValidationException');
  });

  it('refuses more than 25 writes even when no single table gets more', async () => {
    const { client, TableName, puts } = await withRows();
    await aTable(client, { TableName: 'shifts' });

    const call = client.batchWriteItem({ RequestItems: { [TableName]: puts(20), shifts: puts(20) } });

    await refusal(call, 'ValidationException');
  });

  it('reads the items that exist and leaves out the others', async () => {
    const { client, TableName } = await withRows();
    const Keys = [...Array.from({ length: 25 }, (_, i) => key('p', sortKey(i))), key('p', 'nope')];

    const { Responses } = await client.batchGetItem({ RequestItems: { [TableName]: { Keys } } });

    expect(Responses?.[TableName]).toHaveLength(25);
  });
});

describe('queries and scans in the local DynamoDB', () => {
  it('pages through a partition in key order', async () => {
    const { client, TableName } = await withRows();
    const p = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('p') } };

    const pages = await allPages(client, { TableName, ...p, Limit: 7 });

    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 4]);
    expect(pages.flat().map((item) => item['sk']?.S)).toEqual(Array.from({ length: 25 }, (_, i) => sortKey(i)));
  });

  it.each([
    ['sk BETWEEN :a AND :b', { ':a': S('k005'), ':b': S('k009') }, 5],
    ['begins_with(sk, :a)', { ':a': S('k01') }, 10],
    ['sk > :a', { ':a': S('k020') }, 4],
    ['sk <= :a', { ':a': S('k003') }, 4],
    ['sk = :a', { ':a': S('k003') }, 1],
  ])('finds by %s', async (condition, values, count) => {
    const { client, TableName } = await withRows();

    const page = await client.query({
      TableName,
      KeyConditionExpression: `pk = :p AND ${condition}`,
      ExpressionAttributeValues: { ':p': S('p'), ...values },
    });

    expect(page.Count).toBe(count);
  });

  it('gives the newest first with ScanIndexForward false', async () => {
    const { client, TableName } = await withRows();
    const p = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('p') } };

    const { Items } = await client.query({ TableName, ...p, ScanIndexForward: false, Limit: 1 });

    expect(Items?.[0]?.['sk']).toEqual(S('k024'));
  });

  it('sorts an index by number, also backwards over pages', async () => {
    const { client, TableName } = await withIndexRows(40, (i) => i * 10);

    const pages = await allPages(client, { TableName, ...ofG, ScanIndexForward: false, Limit: 9 });

    expect(pages.flat().map((item) => Number(item['gs']?.N))).toEqual(
      Array.from({ length: 40 }, (_, i) => 390 - i * 10),
    );
  });

  it('loses and repeats nothing when all index keys are equal', async () => {
    const { client, TableName } = await withIndexRows(30, () => 1);

    const pages = await allPages(client, { TableName, ...ofG, Limit: 4 });

    const seen = pages.flat().map((item) => item['pk']?.S);
    expect([seen.length, new Set(seen).size]).toEqual([30, 30]);
  });

  it('filters after the limit and counts without items', async () => {
    const { client, TableName } = await withIndexRows(20, (i) => i);

    const filtered = await client.query({
      TableName,
      ...ofG,
      Limit: 10,
      FilterExpression: 'odd = :t',
      ExpressionAttributeValues: { ':g': S('G'), ':t': { BOOL: true } },
    });
    const counted = await client.query({ TableName, ...ofG, Select: 'COUNT' });

    expect([filtered.ScannedCount, filtered.Count]).toEqual([10, 5]);
    expect(filtered.LastEvaluatedKey).toEqual({ ...key('p9'), g: S('G'), gs: N(9) });
    expect([counted.Count, counted.Items]).toEqual([20, undefined]);
  });

  it('moves an item within the index with its key, and out of it when the key goes', async () => {
    const { client, TableName } = await withIndexRows(1, () => 1);
    const count = async (g: string) =>
      (await client.query({ TableName, ...ofG, ExpressionAttributeValues: { ':g': S(g) } })).Count;
    const update = { TableName, Key: key('p0') };

    await client.updateItem({ ...update, UpdateExpression: 'SET g = :h', ExpressionAttributeValues: { ':h': S('H') } });
    expect([await count('G'), await count('H')]).toEqual([0, 1]);

    await client.updateItem({ ...update, UpdateExpression: 'REMOVE g' });
    expect(await count('H')).toBe(0);
  });

  it('refuses consistent reads of an index and wrongly typed index keys', async () => {
    const { client, TableName } = await withIndexRows(1, () => 1);

    await refusal(client.query({ TableName, ...ofG, ConsistentRead: true }), 'ValidationException');
    await refusal(client.putItem({ TableName, Item: { ...key('bad'), g: N(1), gs: N(1) } }), 'ValidationException');
  });

  it('scans every item once, in pages and in parallel segments', async () => {
    const { client, TableName } = await withIndexRows(60, (i) => i);
    const segments = await Promise.all(
      [0, 1, 2].map((Segment) => client.scan({ TableName, Segment, TotalSegments: 3, ProjectionExpression: 'pk' })),
    );
    const first = await client.scan({ TableName, Limit: 50 });
    const rest = await client.scan({ TableName, ExclusiveStartKey: first.LastEvaluatedKey });

    const seen = segments.flatMap((segment) => segment.Items ?? []).map((item) => item['pk']?.S);
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
    expect([first.Count, rest.Count]).toEqual([50, 10]);
  });

  it('ends a page at 1 MB', async () => {
    const { client, TableName } = await withRows(1);
    for (let i = 0; i < 5; i++) {
      await client.putItem({ TableName, Item: { ...key('big', sortKey(i)), d: S('x'.repeat(300_000)) } });
    }
    const big = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('big') } };

    const pages = await allPages(client, { TableName, ...big });

    expect(pages.map((page) => page.length)).toEqual([4, 1]);
  });
});
