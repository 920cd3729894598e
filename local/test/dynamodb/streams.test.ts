import type { ShardIteratorType } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../dynamodb/server.ts';
import {
  aClock,
  aDynamoDb,
  aTable,
  afterThisTest,
  key,
  N,
  recordsFrom,
  refusal,
  REGION,
  WITH_STREAM,
} from './support.ts';

const HOUR_MS = 60 * 60 * 1000;

async function setUp(more = {}) {
  const clock = aClock();
  const { client, streams, server } = await aDynamoDb({ clock });
  const TableName = await aTable(client, { ...WITH_STREAM, ...more });
  const StreamArn = (await client.describeTable({ TableName })).Table?.LatestStreamArn;
  const describeStream = async () => (await streams.describeStream({ StreamArn })).StreamDescription;
  const ShardId = (await describeStream())?.Shards?.[0]?.ShardId;
  const iteratorAt = async (ShardIteratorType: ShardIteratorType, SequenceNumber?: string) =>
    (await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType, SequenceNumber })).ShardIterator;
  const put = (pk: string, v = 1) => client.putItem({ TableName, Item: { ...key(pk), v: N(v) } });
  return { client, streams, server, clock, TableName, StreamArn, ShardId, describeStream, iteratorAt, put };
}

describe('DynamoDB Streams, local', () => {
  it('records insert, change and removal with both images, in order', async () => {
    const { client, streams, clock, TableName, iteratorAt, put } = await setUp();
    await put('s', 1);
    await put('s', 2);
    await client.deleteItem({ TableName, Key: key('s') });

    const records = await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'));

    const [one, two] = [1, 2].map((v) => ({ ...key('s'), v: N(v) }));
    expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.OldImage, dynamodb?.NewImage])).toEqual([
      ['INSERT', undefined, one],
      ['MODIFY', one, two],
      ['REMOVE', two, undefined],
    ]);
    expect(records[0]).toMatchObject({
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      dynamodb: {
        Keys: key('s'),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        ApproximateCreationDateTime: new Date(clock.now()),
      },
    });
    const numbers = records.map((record) => record.dynamodb?.SequenceNumber ?? '');
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(records.map((record) => record.eventID)).size).toBe(3);
  });

  it('records nothing for writes that change nothing', async () => {
    const { client, streams, TableName, iteratorAt } = await setUp();
    const item = (tags: string[]) => ({ ...key('s'), tags: { SS: tags }, map: { M: { a: N(1), b: N(2) } } });
    await client.putItem({ TableName, Item: item(['x', 'y']) });

    await client.putItem({ TableName, Item: { ...item(['y', 'x']), map: { M: { b: N(2), a: N(1) } } } });
    await client.updateItem({
      TableName,
      Key: key('s'),
      UpdateExpression: 'SET #map.a = :one',
      ExpressionAttributeNames: { '#map': 'map' },
      ExpressionAttributeValues: { ':one': N(1) },
    });
    await client.deleteItem({ TableName, Key: key('never') });
    const refused = { TableName, Item: key('s'), ConditionExpression: 'attribute_not_exists(pk)' };
    await refusal(client.putItem(refused), 'ConditionalCheckFailedException');

    expect(await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'))).toHaveLength(1);
  });

  it('reads from LATEST and after a sequence number, batches and transactions included', async () => {
    const { client, streams, TableName, iteratorAt, put } = await setUp();
    await put('before');
    const latest = await iteratorAt('LATEST');
    for (let batch = 0; batch < 4; batch++) {
      const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: key(`b${batch}`, `i${i}`) } }));
      await client.batchWriteItem({ RequestItems: { [TableName]: puts } });
    }
    const two = ['t1', 't2'].map((pk) => ({ Put: { TableName, Item: key(pk) } }));
    await client.transactWriteItems({ TransactItems: two });

    const records = await recordsFrom(streams, latest);
    const fiftieth = records[49]?.dynamodb?.SequenceNumber;

    expect(records).toHaveLength(102);
    expect(await recordsFrom(streams, await iteratorAt('AFTER_SEQUENCE_NUMBER', fiftieth))).toEqual(records.slice(50));
    expect(await recordsFrom(streams, await iteratorAt('AT_SEQUENCE_NUMBER', fiftieth))).toEqual(records.slice(49));
  });

  it('records nothing of a transaction that was rolled back', async () => {
    const { client, streams, TableName, iteratorAt } = await setUp();
    const TransactItems = [
      { Put: { TableName, Item: key('t1') } },
      { Put: { TableName, Item: key('t2'), ConditionExpression: 'attribute_exists(pk)' } },
    ];

    await refusal(client.transactWriteItems({ TransactItems }), 'TransactionCanceledException');

    expect(await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'))).toEqual([]);
  });

  it('keeps the images that the view type names', async () => {
    const { streams, iteratorAt, put } = await setUp({
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    await put('s');

    const [record] = await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'));

    expect([record?.dynamodb?.Keys, record?.dynamodb?.NewImage]).toEqual([key('s'), undefined]);
  });

  it('goes page by page and gives an iterator for what comes next', async () => {
    const { streams, iteratorAt, put } = await setUp();
    for (const pk of ['a', 'b', 'c']) await put(pk);

    const first = await streams.getRecords({ ShardIterator: await iteratorAt('TRIM_HORIZON'), Limit: 2 });
    const second = await streams.getRecords({ ShardIterator: first.NextShardIterator, Limit: 2 });
    const third = await streams.getRecords({ ShardIterator: second.NextShardIterator });
    await put('d');
    const fourth = await streams.getRecords({ ShardIterator: third.NextShardIterator });

    const sizes = [first, second, third, fourth].map((page) => page.Records?.length);
    expect(sizes).toEqual([2, 1, 0, 1]);
  });

  it('forgets records after 24 hours and says so to whoever wants to go on from one', async () => {
    const { streams, clock, iteratorAt, put } = await setUp();
    await put('old');
    const [old] = await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'));
    clock.advance(24 * HOUR_MS + 1);
    await put('new');

    const records = await recordsFrom(streams, await iteratorAt('TRIM_HORIZON'));

    expect(records.map((record) => record.dynamodb?.Keys)).toEqual([key('new')]);
    const trimmed = iteratorAt('AFTER_SEQUENCE_NUMBER', old?.dynamodb?.SequenceNumber);
    await refusal(trimmed, 'TrimmedDataAccessException');
  });

  it('refuses iterators after 15 minutes, invented ones, and unknown shards and streams', async () => {
    const { streams, clock, StreamArn, iteratorAt } = await setUp();
    const iterator = await iteratorAt('LATEST');
    clock.advance(15 * 60_000 + 1);

    await refusal(streams.getRecords({ ShardIterator: iterator }), 'ExpiredIteratorException');
    await refusal(streams.getRecords({ ShardIterator: 'invented' }), 'ValidationException');
    const shard = { StreamArn, ShardId: 'shardId-00000000000000000000-00000000', ShardIteratorType: 'LATEST' as const };
    await refusal(streams.getShardIterator(shard), 'ResourceNotFoundException');
    await refusal(streams.describeStream({ StreamArn: `${StreamArn}x` }), 'ResourceNotFoundException');
  });

  it('ends the shard when the stream is switched off, still readable, and starts another one', async () => {
    const { client, streams, TableName, StreamArn, describeStream, iteratorAt, put } = await setUp();
    await put('a');
    const start = await iteratorAt('TRIM_HORIZON');

    await client.updateTable({ TableName, StreamSpecification: { StreamEnabled: false } });
    await put('unrecorded');
    await client.updateTable({ TableName, ...WITH_STREAM });

    const page = await streams.getRecords({ ShardIterator: start });
    expect([page.Records?.length, page.NextShardIterator]).toEqual([1, undefined]);
    expect(await describeStream()).toMatchObject({ StreamStatus: 'DISABLED', TableName });
    const { Streams } = await streams.listStreams({ TableName });
    expect(Streams?.map((stream) => stream.StreamArn === StreamArn)).toEqual([true, false]);
  });

  it('tells subscribers in the process, in order, after the write is stored', async () => {
    const { client, server, TableName, put } = await setUp();
    const heard: StreamRecord[] = [];
    const stop = server.subscribe(TableName, (records) => heard.push(...records));
    afterThisTest(stop);

    await put('a');
    const two = ['b', 'c'].map((pk) => ({ Put: { TableName, Item: key(pk) } }));
    await client.transactWriteItems({ TransactItems: two });
    stop();
    await put('d');

    expect(heard.map((record) => record.dynamodb.Keys['pk']?.S)).toEqual(['a', 'b', 'c']);
    expect(heard.every((record) => /^\d{21}$/.test(record.dynamodb.SequenceNumber))).toBe(true);
  });
});
