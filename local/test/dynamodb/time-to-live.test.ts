import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../test/support/wait-for.ts';
import { aClock, aDynamoDb, aTable, key, N, recordsFrom, refusal, S, WITH_INDEX, WITH_STREAM } from './support.ts';

const HOUR_S = 60 * 60;

async function setUp() {
  const clock = aClock();
  const { client, streams } = await aDynamoDb({ clock });
  const TableName = await aTable(client, { ...WITH_INDEX, ...WITH_STREAM });
  const now = clock.now() / 1000;
  const put = (pk: string, expires: number) =>
    client.putItem({ TableName, Item: { ...key(pk), expires: N(expires), g: S('G'), gs: N(1) } });
  const enable = () =>
    client.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } });
  const left = async () => (await client.scan({ TableName })).Items?.map((item) => item['pk']?.S).toSorted();
  return { client, streams, clock, TableName, now, put, enable, left };
}

describe('time to live in the local DynamoDB', () => {
  it('deletes an item, its index entry included, once the clock has passed its time', async () => {
    const { client, clock, TableName, now, put, enable, left } = await setUp();
    await enable();
    await put('soon', now + HOUR_S);
    await put('later', now + 3 * HOUR_S);
    expect(await left()).toEqual(['later', 'soon']);

    clock.advance(2 * HOUR_S * 1000);

    await waitFor('the expired item to go', async () => (await left())?.length === 1);
    expect((await client.scan({ TableName, IndexName: 'gsi1' })).Items).toMatchObject([key('later')]);
  });

  it('also deletes items that were there before it was switched on', async () => {
    const { now, put, enable, left } = await setUp();
    await put('old', now - HOUR_S);
    await put('kept', now + HOUR_S);

    await enable();

    await waitFor('the expired item to go', async () => (await left())?.join() === 'kept');
  });

  it('tells the stream that DynamoDB itself deleted', async () => {
    const { client, streams, TableName, now, put, enable, left } = await setUp();
    const { Table } = await client.describeTable({ TableName });
    const { StreamDescription } = await streams.describeStream({ StreamArn: Table?.LatestStreamArn });
    await enable();
    await put('gone', now - HOUR_S);
    await waitFor('the expired item to go', async () => (await left())?.length === 0);

    const { ShardIterator } = await streams.getShardIterator({
      StreamArn: Table?.LatestStreamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });

    const records = await recordsFrom(streams, ShardIterator);
    expect(records.map((record) => [record.eventName, record.userIdentity])).toEqual([
      ['INSERT', undefined],
      ['REMOVE', { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' }],
    ]);
  });

  it('leaves items alone that have no number there, or one more than five years old', async () => {
    const { client, TableName, now, put, enable, left } = await setUp();
    await enable();
    await put('in milliseconds since 1970, divided twice', Math.floor(now / 1000));
    await client.putItem({ TableName, Item: { ...key('text'), expires: S(String(now - HOUR_S)) } });
    await put('expired', now - HOUR_S);

    await waitFor('the expired item to go', async () => !(await left())?.includes('expired'));

    expect(await left()).toHaveLength(2);
  });

  it('says whether and by which attribute it is on, and stops when switched off', async () => {
    const { client, TableName, now, put, enable, left } = await setUp();
    const describeTtl = async () => (await client.describeTimeToLive({ TableName })).TimeToLiveDescription;
    expect(await describeTtl()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await enable();
    expect(await describeTtl()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    await refusal(enable(), 'ValidationException');
    await aTable(client, { TableName: 'control' });
    await client.updateTimeToLive({
      TableName: 'control',
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });

    const off = { AttributeName: 'expires', Enabled: false };
    await client.updateTimeToLive({ TableName, TimeToLiveSpecification: off });
    await put('stays', now - HOUR_S);
    await client.putItem({ TableName: 'control', Item: { ...key('goes'), expires: N(now - HOUR_S) } });

    await waitFor('a sweep', async () => (await client.scan({ TableName: 'control' })).Count === 0);
    expect(await left()).toEqual(['stays']);
  });
});
