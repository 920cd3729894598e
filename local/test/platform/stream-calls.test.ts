import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { frontError } from '../../dynamodb/errors.ts';
import { CutOff } from '../../cut-off.ts';
import { startDynamoDb, type DynamoDbOptions, type DynamoDbServer } from '../../dynamodb/server.ts';
import { StreamCalls } from '../../event-sources/stream-calls.ts';
import { createStreamingTable } from './streaming-table.ts';

const never = new AbortController().signal;
const servers: DynamoDbServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A table with a stream and items of these ids, and the calls of its poller. */
async function aStream(ids: string[], options: Partial<DynamoDbOptions> = {}) {
  const clock = { now: () => Date.parse('2026-01-31T09:15:00.700Z') };
  const server = await startDynamoDb({ port: 0, region: 'us-east-1', accountId: '000000000000', clock, ...options });
  servers.push(server);
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ region: 'us-east-1', credentials, endpoint: server.endpoint });
  const arn = await createStreamingTable(client);
  const bytes = new Uint8Array([1, 2, 255]);
  for (const id of ids)
    await client.send(new PutItemCommand({ TableName: 'Table', Item: { id: { S: id }, bytes: { B: bytes } } }));
  client.destroy();
  return { server, arn, calls: new StreamCalls(server, 'poller', arn, 'us-east-1') };
}

/** Calls of a server that fails as told, then gives an empty page. */
function failing(...errors: Error[]) {
  const made: string[] = [];
  const call = ({ target }: { target: string }): Promise<object> => {
    made.push(target);
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve({ Records: [] });
  };
  return { calls: new StreamCalls({ call }, 'poller', 'arn', 'us-east-1'), made };
}

describe('the calls of a stream poller', () => {
  it('read a shard page by page, as Lambda shows its records to a function', async () => {
    const { calls, arn } = await aStream(['a', 'b', 'c']);

    const [shard] = await calls.shards(never);
    const from = await calls.begin(shard!, { ShardIteratorType: 'TRIM_HORIZON' }, never);
    const first = await calls.read(from!, 2, never);
    const second = await calls.read(first.next!, 2, never);

    expect([first, second].map(({ records }) => records.map(({ dynamodb }) => dynamodb['Keys']))).toEqual([
      [{ id: { S: 'a' } }, { id: { S: 'b' } }],
      [{ id: { S: 'c' } }],
    ]);
    expect(first.records[0]).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: arn,
      awsRegion: 'us-east-1',
      dynamodb: { ApproximateCreationDateTime: 1769850900, NewImage: { id: { S: 'a' }, bytes: { B: 'AQL/' } } },
    });
  });

  it('go on after a record that was read before', async () => {
    const { calls } = await aStream(['a', 'b']);
    const [shard] = await calls.shards(never);
    const from = await calls.begin(shard!, { ShardIteratorType: 'TRIM_HORIZON' }, never);
    const { SequenceNumber } = (await calls.read(from!, 1, never)).records[0]!.dynamodb;

    const after = await calls.begin(shard!, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }, never);

    expect((await calls.read(after!, 10, never)).records.map(({ dynamodb }) => dynamodb['Keys'])).toEqual([
      { id: { S: 'b' } },
    ]);
  });

  it('are made with the permissions of the function, and counted', async () => {
    const asked: string[] = [];
    const { calls, server } = await aStream([], {
      authorize: ({ accessKeyId, action }) => {
        asked.push(`${accessKeyId} ${action}`);
        return accessKeyId === 'operator' ? { allowed: true } : { allowed: false, message: 'not yours' };
      },
    });

    await expect(calls.shards(never)).rejects.toThrow('not yours');

    expect(asked).toContain('poller dynamodb:DescribeStream');
    expect(server.calls.get('dynamodb:DescribeStream')).toBe(1);
  });

  it.each([
    ['a fault of the server', frontError('InternalServerError', 'no', 500)],
    ['a refusal for a moment', frontError('ThrottlingException', 'slow down')],
    ['a connection that was cut', new CutOff()],
  ])('are made again after %s', async (_, error) => {
    const { calls, made } = failing(error);

    expect(await calls.read('iterator', 10, never)).toEqual({ records: [], next: null });
    expect(made).toEqual(Array(2).fill('DynamoDBStreams_20120810.GetRecords'));
  });

  it('fail for good after three tries, and at once when they are refused', async () => {
    const cut = failing(new CutOff(), new CutOff(), new CutOff(), new CutOff());
    const refused = failing(frontError('AccessDeniedException', 'no'));

    await expect(cut.calls.read('iterator', 10, never)).rejects.toThrow(CutOff);
    await expect(refused.calls.read('iterator', 10, never)).rejects.toThrow('no');
    expect([cut.made.length, refused.made.length]).toEqual([3, 1]);
  });

  it('meet the faults that a proof asks for', async () => {
    let left = 4;
    const { calls } = await aStream([], {
      fault: ({ action }) =>
        action === 'dynamodb:DescribeStream' && left-- > 0
          ? { when: 'before', status: 500, code: 'timeout' }
          : undefined,
    });

    await expect(calls.shards(never)).rejects.toThrow(CutOff);
    expect(await calls.shards(never)).toHaveLength(1);
  });
});
