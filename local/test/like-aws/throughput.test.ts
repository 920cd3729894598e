import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbLikeAws } from '../../like-aws/engines.ts';
import { NOTHING_OF_AWS, type LikeAws } from '../../like-aws/numbers.ts';
import { afterThisTest, aClock, aDynamoDb, aTable, clientConfig, key, N, refusal, S } from '../dynamodb/support.ts';
import { WITH_INDEX, type TestDynamoDb } from '../dynamodb/support.ts';

/** A DynamoDB with these limits alone, on a clock that stands still. */
async function limited(limits: Partial<LikeAws>, more = {}) {
  const clock = aClock();
  const { throughput } = dynamoDbLikeAws({ ...NOTHING_OF_AWS, ...limits });
  const dynamoDb = await aDynamoDb({ clock, throughput });
  return { ...dynamoDb, clock, TableName: await aTable(dynamoDb.client, more) };
}

/** How many of so many calls, one after the other, are let through before the first that is not. */
async function letThrough(most: number, call: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 0; n < most; n++) {
    const isRefused = await call(n).then(
      () => false,
      (error: Error) => {
        expect(error.name).toBe('ThrottlingException');
        return true;
      },
    );
    if (isRefused) return n;
  }
  return most;
}

const put = (client: DynamoDB, TableName: string, pk: string, more = {}) =>
  client.putItem({ TableName, Item: { ...key(pk, String(Math.random())), ...more } });

describe('writes of one partition key', () => {
  it('are throttled beyond its units, those of other keys are not, and go on a second later', async () => {
    const { client, clock, TableName } = await limited({ keyWrites: 20 });

    expect(await letThrough(40, () => put(client, TableName, 'hot'))).toBe(20);
    expect(await letThrough(20, (n) => put(client, TableName, `cool${n}`))).toBe(20);
    clock.advance(500);
    expect(await letThrough(40, () => put(client, TableName, 'hot'))).toBe(10);
    clock.advance(60_000);
    expect(await letThrough(40, () => put(client, TableName, 'hot'))).toBe(20);
  });

  it('count by their size, and a refused condition counts too', async () => {
    const { client, clock, TableName } = await limited({ keyWrites: 20 });

    expect(await letThrough(40, () => put(client, TableName, 'big', { d: S('x'.repeat(4_500)) }))).toBe(4);
    clock.advance(1000);
    await client.putItem({ TableName, Item: key('there') });
    const again = { TableName, Item: key('there'), ConditionExpression: 'attribute_not_exists(pk)' };
    for (let n = 1; n < 20; n++) await refusal(client.putItem(again), 'ConditionalCheckFailedException');
    await refusal(client.putItem(again), 'ThrottlingException');
  });

  it('are refused in the words of AWS, and counted', async () => {
    const { client, server, TableName } = await limited({ keyWrites: 1 });
    await put(client, TableName, 'hot');

    const error = await refusal(put(client, TableName, 'hot'), 'ThrottlingException');

    expect(error['message']).toMatch(/^Throughput exceeds the current capacity of your table or index\. /);
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 400 });
    expect(error['throttlingReasons']).toEqual([
      {
        reason: 'TableWriteKeyRangeThroughputExceeded',
        resource: `arn:aws:dynamodb:eu-west-1:123456789012:table/${TableName}`,
      },
    ]);
    expect([...server.throttled]).toEqual([[`${TableName} Write`, 1]]);
  });

  it('are an error that the SDK tries again', async () => {
    const { server, TableName, client } = await limited({ keyWrites: 1 });
    await put(client, TableName, 'hot');
    const patient = new DynamoDB({ ...clientConfig(server.endpoint), maxAttempts: 3 });
    afterThisTest(() => patient.destroy());

    await refusal(put(patient, TableName, 'hot'), 'ThrottlingException');

    expect(server.calls.get('dynamodb:PutItem')).toBe(1 + 3);
  });

  it('in a batch come back as unprocessed, and all of them fail as one call does', async () => {
    const { client, TableName } = await limited({ keyWrites: 3 });
    const writes = ['a', 'b', 'c', 'd', 'e'].map((sk) => ({ PutRequest: { Item: key('hot', sk) } }));

    const { UnprocessedItems } = await client.batchWriteItem({ RequestItems: { [TableName]: writes } });

    expect(UnprocessedItems).toEqual({ [TableName]: writes.slice(3) });
    await refusal(client.batchWriteItem({ RequestItems: UnprocessedItems! }), 'ThrottlingException');
    expect((await client.scan({ TableName })).Count).toBe(3);
  });

  it('cancel a transaction, of which nothing is done', async () => {
    const { client, TableName } = await limited({ keyWrites: 1 });
    await put(client, TableName, 'hot');

    const error = await refusal(
      client.transactWriteItems({
        TransactItems: ['cool', 'hot'].map((pk) => ({ Put: { TableName, Item: key(pk, 'new') } })),
      }),
      'TransactionCanceledException',
    );

    expect(error['CancellationReasons']).toMatchObject([{ Code: 'None' }, { Code: 'ThrottlingError' }]);
    expect((await client.getItem({ TableName, Key: key('cool', 'new') })).Item).toBeUndefined();
  });
});

describe('an index that cannot follow', () => {
  it('has the writes of its table refused, by its own name', async () => {
    const { client, server, TableName } = await limited({ keyWrites: 5 }, WITH_INDEX);

    const written = await letThrough(20, (n) => put(client, TableName, `cool${n}`, { g: S('today'), gs: N(n) }));

    expect(written).toBe(5);
    expect((await client.scan({ TableName })).Count).toBe(5);
    expect([...server.throttled]).toEqual([[`${TableName}/gsi1 Write`, 1]]);
    expect(await letThrough(3, (n) => put(client, TableName, `other${n}`))).toBe(3);
  });
});

describe('a new table', () => {
  it('takes so many units altogether, whatever the keys', async () => {
    const { client, clock, TableName } = await limited({ tableWrites: 10, tableReads: 2 });

    expect(await letThrough(20, (n) => put(client, TableName, `k${n}`))).toBe(10);
    expect(await letThrough(20, (n) => client.getItem({ TableName, Key: key(`k${n}`) }))).toBe(4);
    clock.advance(1000);
    expect(await letThrough(20, () => client.scan({ TableName }))).toBe(4);
  });
});

describe('reads of one partition key', () => {
  const reads: [string, (on: TestDynamoDb & { TableName: string }, pk: string) => Promise<unknown>][] = [
    ['one by one', ({ client, TableName }, pk) => client.getItem({ TableName, Key: key(pk), ConsistentRead: true })],
    [
      'as a query',
      ({ client, TableName }, pk) =>
        client.query({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': S(pk) },
          ConsistentRead: true,
        }),
    ],
    [
      'as a query of an index',
      ({ client, TableName }, pk) =>
        client.query({
          TableName,
          IndexName: 'gsi1',
          KeyConditionExpression: 'g = :g',
          ExpressionAttributeValues: { ':g': S(pk) },
        }),
    ],
    [
      'in a batch',
      async ({ client, TableName }, pk) =>
        client.batchGetItem({ RequestItems: { [TableName]: { Keys: [key(pk)], ConsistentRead: true } } }),
    ],
  ];

  it.each(reads)('are throttled beyond its units, %s', async (how, read) => {
    const on = await limited({ keyReads: 5 }, WITH_INDEX);

    expect(await letThrough(30, () => read(on, 'hot'))).toBe(how.includes('index') ? 10 : 5);
    expect(await letThrough(1, () => read(on, 'cool'))).toBe(1);
  });

  it('in a batch come back as unprocessed', async () => {
    const { client, TableName } = await limited({ keyReads: 2 });
    const Keys = ['a', 'b', 'c'].map((sk) => key('hot', sk));

    const { UnprocessedKeys } = await client.batchGetItem({
      RequestItems: { [TableName]: { Keys, ConsistentRead: true } },
    });

    expect(UnprocessedKeys).toEqual({ [TableName]: { Keys: [Keys[2]], ConsistentRead: true } });
  });
});

describe('without limits', () => {
  it('nothing is throttled', async () => {
    const { client, server, TableName } = await limited({});

    expect(await letThrough(50, () => put(client, TableName, 'hot'))).toBe(50);
    expect(server.throttled.size).toBe(0);
  });
});
