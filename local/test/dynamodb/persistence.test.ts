import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../dynamodb/server.ts';
import {
  ACCOUNT_ID,
  aDynamoDb,
  aFolder,
  aTable,
  afterThisTest,
  clientConfig,
  key,
  N,
  recordsFrom,
  REGION,
  S,
  WITH_INDEX,
  WITH_STREAM,
} from './support.ts';

/** Starts a DynamoDB on the folder in a process of its own. */
async function inAnotherProcess(folder: string) {
  const server = fileURLToPath(new URL('../../dynamodb/server.ts', import.meta.url));
  const options = { folder, port: 0, region: REGION, accountId: ACCOUNT_ID };
  const script = `import { startDynamoDb } from ${JSON.stringify(server)}; console.log((await startDynamoDb(${JSON.stringify(options)})).endpoint);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  afterThisTest(() => void child.kill('SIGKILL'));
  const [endpoint] = (await once(createInterface(child.stdout), 'line')) as [string];
  const client = new DynamoDB(clientConfig(endpoint));
  afterThisTest(() => client.destroy());
  return { client, kill: () => (child.kill('SIGKILL'), exited) };
}

/** All records of a table's stream. */
async function streamOf({ client, streams }: Awaited<ReturnType<typeof aDynamoDb>>, TableName: string) {
  const StreamArn = (await client.describeTable({ TableName })).Table?.LatestStreamArn;
  const ShardId = (await streams.describeStream({ StreamArn })).StreamDescription?.Shards?.[0]?.ShardId;
  const start = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  return recordsFrom(streams, start.ShardIterator);
}

describe('data of the local DynamoDB', () => {
  it('survives closing and opening again: items, index, stream, TTL, tags, settings', async () => {
    const folder = aFolder();
    const first = await startDynamoDb({ folder, port: 0, region: REGION, accountId: ACCOUNT_ID });
    const client = new DynamoDB(clientConfig(first.endpoint));
    afterThisTest(() => client.destroy());
    const TableName = await aTable(client, { ...WITH_INDEX, ...WITH_STREAM, Tags: [{ Key: 'a', Value: 'b' }] });
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
    await client.updateTimeToLive({ TableName, TimeToLiveSpecification });
    await client.putItem({ TableName, Item: { ...key('v'), g: S('G'), gs: N(1) } });
    const before = (await client.describeTable({ TableName })).Table;
    await first.close();

    const again = await aDynamoDb({ folder });

    expect((await again.client.describeTable({ TableName })).Table).toEqual(before);
    expect((await again.client.scan({ TableName, IndexName: 'gsi1' })).Count).toBe(1);
    expect((await again.client.describeTimeToLive({ TableName })).TimeToLiveDescription?.AttributeName).toBe('expires');
    expect((await again.client.listTagsOfResource({ ResourceArn: before?.TableArn })).Tags).toHaveLength(1);
    expect(await streamOf(again, TableName)).toHaveLength(1);
  });

  it('survives kill -9 in the middle of writing: everything that was acknowledged, index and stream agreeing', async () => {
    const folder = aFolder();
    const killed = await inAnotherProcess(folder);
    const TableName = await aTable(killed.client, { ...WITH_INDEX, ...WITH_STREAM });
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 10_000; i++) {
        const pk = `w${writer}-${i}`;
        await killed.client.putItem({ TableName, Item: { ...key(pk), g: S('G'), gs: N(i) } });
        if (acknowledged.push(pk) === 200) await killed.kill();
      }
    });
    await Promise.allSettled(writers);

    const again = await aDynamoDb({ folder });

    const items = (await again.client.scan({ TableName })).Items?.map((item) => item['pk']?.S ?? '') ?? [];
    const indexed = (await again.client.scan({ TableName, IndexName: 'gsi1' })).Items?.map((item) => item['pk']?.S);
    const recorded = (await streamOf(again, TableName)).map((record) => record.dynamodb?.Keys?.['pk']?.S);
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(items).toEqual(expect.arrayContaining(acknowledged));
    expect(indexed?.toSorted()).toEqual(items.toSorted());
    expect(recorded.toSorted()).toEqual(items.toSorted());
  });

  it('is refused to a second process, with words that say what to do', async () => {
    const folder = aFolder();
    const other = await inAnotherProcess(folder);
    await aTable(other.client);

    await expect(startDynamoDb({ folder, port: 0, region: REGION, accountId: ACCOUNT_ID })).rejects.toThrow(
      /no other process uses. Stop the other one/,
    );
  });

  it('stays in memory without a folder', async () => {
    const { client } = await aDynamoDb();
    await aTable(client);

    const other = await aDynamoDb();

    expect((await other.client.listTables({})).TableNames).toEqual([]);
  });
});
