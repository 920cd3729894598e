import { describe, expect, it } from 'vitest';
import { aClock, aDynamoDb, aTable, key, N, refusal, S, WITH_INDEX, WITH_STREAM } from './support.ts';

describe('point-in-time recovery of the local DynamoDB', () => {
  /** A table whose item has changed: `a` at the start, `b` a second later, gone another second later. */
  async function aHistory() {
    const clock = aClock();
    const { client } = await aDynamoDb({ clock });
    const TableName = await aTable(client, { ...WITH_INDEX, ...WITH_STREAM });
    await client.putItem({ TableName, Item: { ...key('before'), g: S('x'), gs: N(1) } });
    await client.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    const start = clock.now();
    await client.putItem({ TableName, Item: { ...key('it'), value: S('a') } });
    clock.advance(1000);
    await client.putItem({ TableName, Item: { ...key('it'), value: S('b') } });
    clock.advance(1000);
    await client.deleteItem({ TableName, Key: key('it') });
    clock.advance(1000);
    const restored = async (atMs: number, name = `restored-${atMs}`) => {
      await client.restoreTableToPointInTime({
        SourceTableName: TableName,
        TargetTableName: name,
        RestoreDateTime: new Date(atMs),
      });
      return (await client.scan({ TableName: name })).Items ?? [];
    };
    return { client, clock, TableName, start, restored };
  }

  it('restores what was there at a time, into a new table', async () => {
    const { start, restored } = await aHistory();

    expect((await restored(start)).find(({ value }) => value)?.value).toEqual(S('a'));
    expect((await restored(start + 1500)).find(({ value }) => value)?.value).toEqual(S('b'));
    expect(await restored(start + 2500)).toHaveLength(1);
  });

  it('restores indexes, but neither stream nor protection nor recovery', async () => {
    const { client, start, restored } = await aHistory();

    await restored(start, 'new');

    const { Table } = await client.describeTable({ TableName: 'new' });
    const { Items } = await client.query({
      TableName: 'new',
      IndexName: 'gsi1',
      KeyConditionExpression: 'g = :x',
      ExpressionAttributeValues: { ':x': S('x') },
    });
    expect(Items).toHaveLength(1);
    expect(Table).not.toHaveProperty('StreamSpecification');
    expect(Table).not.toHaveProperty('LatestStreamArn');
    const { ContinuousBackupsDescription } = await client.describeContinuousBackups({ TableName: 'new' });
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('DISABLED');
  });

  it('says from when to when it can', async () => {
    const { client, clock, TableName, start } = await aHistory();

    const { ContinuousBackupsDescription } = await client.describeContinuousBackups({ TableName });

    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      EarliestRestorableDateTime: new Date(start),
      LatestRestorableDateTime: new Date(clock.now()),
    });
  });

  it('refuses what AWS refuses', async () => {
    const { client, TableName, start, restored } = await aHistory();

    await refusal(restored(start - 1000), 'InvalidRestoreTimeException');
    await refusal(restored(start, TableName), 'TableAlreadyExistsException');
    await client.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    });
    await refusal(restored(start), 'PointInTimeRecoveryUnavailableException');
  });
});
