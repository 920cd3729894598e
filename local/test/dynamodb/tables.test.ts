import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, aDynamoDb, aTable, key, N, refusal, REGION, S, WITH_INDEX, WITH_STREAM } from './support.ts';

const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/visits`;

describe('tables of the local DynamoDB', () => {
  it('makes an on-demand table with an index that is active when the answer arrives', async () => {
    const { client } = await aDynamoDb();

    await aTable(client, WITH_INDEX);

    const { Table } = await client.describeTable({ TableName: 'visits' });
    expect(Table).toMatchObject({
      TableArn: ARN,
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'gsi1', IndexStatus: 'ACTIVE', IndexArn: `${ARN}/index/gsi1` }],
    });
  });

  it('keeps the properties that the CDK emits: stream, encryption, class, protection, limits, tags', async () => {
    const { client } = await aDynamoDb();

    await aTable(client, {
      ...WITH_STREAM,
      SSESpecification: { Enabled: true },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      DeletionProtectionEnabled: true,
      OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 20 },
      Tags: [{ Key: 'stage', Value: 'local' }],
    });

    const { Table } = await client.describeTable({ TableName: 'visits' });
    expect(Table).toMatchObject({
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: `${ARN}/stream/${Table?.LatestStreamLabel}`,
      SSEDescription: { Status: 'ENABLED' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
      OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 20 },
    });
    expect((await client.listTagsOfResource({ ResourceArn: ARN })).Tags).toEqual([{ Key: 'stage', Value: 'local' }]);
  });

  it('switches point-in-time recovery on and off', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client);
    const status = async () =>
      (await client.describeContinuousBackups({ TableName })).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    expect(await status()).toBe('DISABLED');

    await client.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });

    expect(await status()).toBe('ENABLED');
  });

  it('refuses to delete a protected table until the protection is lifted', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client, { DeletionProtectionEnabled: true });
    await refusal(client.deleteTable({ TableName }), 'ValidationException');

    await client.updateTable({ TableName, DeletionProtectionEnabled: false });
    await client.deleteTable({ TableName });

    await refusal(client.describeTable({ TableName }), 'ResourceNotFoundException');
  });

  it('starts empty when a table is made again under the same name', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client, WITH_INDEX);
    await client.putItem({ TableName, Item: { ...key('v1'), g: S('G'), gs: N(1) } });
    await client.deleteTable({ TableName });

    await aTable(client, WITH_INDEX);

    expect((await client.scan({ TableName })).Count).toBe(0);
    expect((await client.scan({ TableName, IndexName: 'gsi1' })).Count).toBe(0);
  });

  it('refuses a second table of the same name and calls to a table that does not exist', async () => {
    const { client } = await aDynamoDb();
    await aTable(client);

    await refusal(aTable(client), 'ResourceInUseException');
    await refusal(client.getItem({ TableName: 'shifts', Key: key('a') }), 'ResourceNotFoundException');
    await refusal(client.deleteTable({ TableName: 'shifts' }), 'ResourceNotFoundException');
  });

  it('fills an index that is added later from the items already there, and drops it again', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client);
    await client.putItem({ TableName, Item: { ...key('v1'), g: S('G'), note: S('not projected') } });
    const query = () =>
      client.query({
        TableName,
        IndexName: 'late',
        KeyConditionExpression: 'g = :g',
        ExpressionAttributeValues: { ':g': S('G') },
      });

    await client.updateTable({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'g', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'late',
            KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    });

    expect((await query()).Items).toEqual([{ ...key('v1'), g: S('G') }]);
    await client.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'late' } }] });
    await refusal(query(), 'ValidationException');
  });

  it('lists tables page by page and changes tags', async () => {
    const { client } = await aDynamoDb();
    for (const TableName of ['visits', 'attempts', 'events']) await aTable(client, { TableName });

    const first = await client.listTables({ Limit: 2 });
    const second = await client.listTables({ ExclusiveStartTableName: first.LastEvaluatedTableName });
    await client.tagResource({
      ResourceArn: ARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await client.untagResource({ ResourceArn: ARN, TagKeys: ['a'] });

    expect([first.TableNames, second.TableNames]).toEqual([['attempts', 'events'], ['visits']]);
    expect(second.LastEvaluatedTableName).toBeUndefined();
    expect((await client.listTagsOfResource({ ResourceArn: ARN })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });
});
