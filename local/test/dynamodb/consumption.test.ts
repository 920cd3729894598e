import { describe, expect, it } from 'vitest';
import { aDynamoDb, aTable, key, N, refusal, S, WITH_INDEX } from './support.ts';

const text = (bytes: number) => S('x'.repeat(bytes));

describe('consumed capacity of the local DynamoDB', () => {
  it('rounds writes up to 1 KB and reads up to 4 KB, half when eventually consistent', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client);
    const Item = { ...key('cc'), d: text(5000) };

    const put = await client.putItem({ TableName, Item, ReturnConsumedCapacity: 'TOTAL' });
    const reads = await Promise.all(
      [true, false].map((ConsistentRead) =>
        client.getItem({ TableName, Key: key('cc'), ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }),
      ),
    );

    expect(put.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 5 });
    expect(reads.map((read) => read.ConsumedCapacity?.CapacityUnits)).toEqual([2, 1]);
  });

  it('charges for each index entry that a write changes, twice when its key moves', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client, WITH_INDEX);
    const put = async (more: object) => {
      const Item = { ...key('v'), ...more };
      return (await client.putItem({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' })).ConsumedCapacity;
    };

    const used = [
      await put({ n: N(1) }),
      await put({ g: S('A'), gs: N(1) }),
      await put({ g: S('A'), gs: N(1) }),
      await put({ g: S('B'), gs: N(1) }),
    ];

    expect(used.map((one) => one?.CapacityUnits)).toEqual([1, 2, 1, 3]);
    expect(used[3]).toMatchObject({
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { gsi1: { CapacityUnits: 2 } },
    });
  });

  it('counts per table whatever the caller asked for, refused writes too, transactions double', async () => {
    const { client, server } = await aDynamoDb();
    const TableName = await aTable(client);
    await aTable(client, { TableName: 'shifts' });
    const puts = Array.from({ length: 3 }, (_, i) => ({ PutRequest: { Item: key(`b${i}`) } }));

    await client.batchWriteItem({ RequestItems: { [TableName]: puts, shifts: puts } });
    await refusal(
      client.putItem({ TableName, Item: key('b0'), ConditionExpression: 'attribute_not_exists(pk)' }),
      'ConditionalCheckFailedException',
    );
    await client.transactWriteItems({ TransactItems: [{ Put: { TableName, Item: key('t') } }] });
    await client.scan({ TableName: 'shifts' });
    await client.batchGetItem({ RequestItems: { shifts: { Keys: [key('b0'), key('nope')] } } });
    await client.transactGetItems({ TransactItems: [{ Get: { TableName: 'shifts', Key: key('b0') } }] });

    expect(Object.fromEntries(server.capacity)).toEqual({
      visits: { read: 0, write: 3 + 1 + 2 },
      shifts: { read: 0.5 + 2 * 0.5 + 2, write: 3 },
    });
  });
});
