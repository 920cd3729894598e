import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startDynamoDb } from '../../dynamodb/server.ts';
import { Checkpoints } from '../../event-sources/checkpoints.ts';
import type { Mapping } from '../../event-sources/read-mappings.ts';
import { StreamCalls } from '../../event-sources/stream-calls.ts';
import { StreamPoller, type StreamPollerOptions } from '../../event-sources/stream-poller.ts';
import type { StreamRecord } from '../../event-sources/stream-event.ts';
import type { WindowFields } from '../../event-sources/tumbling-window.ts';
import { failure, type InvocationResult } from '../../lambda/result.ts';
import { createStreamingTable } from './streaming-table.ts';

type Batch = { Records: StreamRecord[] } & Partial<WindowFields>;

const connection = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
let server: Awaited<ReturnType<typeof startDynamoDb>>;
let client: DynamoDBClient;
let folder: string;
let sourceArn: string;
/** Of poller and table: records carry it. */
let clockMs: number;
let batches: Batch[];
let answerOf: (batch: Batch) => InvocationResult;
let pollers: StreamPoller[];

beforeEach(async () => {
  clockMs = Date.parse('2026-01-31T09:15:00Z');
  const clock = { now: () => clockMs };
  server = await startDynamoDb({ port: 0, region: 'us-east-1', accountId: '000000000000', clock });
  client = new DynamoDBClient({ ...connection, endpoint: server.endpoint });
  sourceArn = await createStreamingTable(client);
  folder = mkdtempSync(join(tmpdir(), 'posthorn-poller-'));
  batches = [];
  pollers = [];
  answerOf = () => ({ ok: true, payload: '{"state":{}}' });
});
afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.close()));
  client.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = async (...ids: string[]): Promise<void> => {
  for (const id of ids) await client.send(new PutItemCommand({ TableName: 'Table', Item: { id: { S: id } } }));
};
const idsOf = ({ Records }: Batch): string =>
  Records.map(({ dynamodb }) => (dynamodb['Keys'] as { id: { S: string } }).id.S).join('');
const seen = () => batches.map(idsOf);

function poll(change: Partial<Mapping> = {}, into = batches, stream?: StreamPollerOptions['stream']): StreamPoller {
  const poller = new StreamPoller({
    mapping: {
      id: 'Stack.Feed',
      sourceArn,
      functionName: 'f',
      batchSize: 100,
      windowSeconds: 0,
      tumblingSeconds: 0,
      maxConcurrency: undefined,
      partialBatches: false,
      filters: [],
      bisect: false,
      retryAttempts: -1,
      maxRecordAgeSeconds: -1,
      onFailureArn: undefined,
      startingPosition: 'TRIM_HORIZON',
      ...change,
    },
    stream: stream ?? new StreamCalls(server, 'test', sourceArn, 'us-east-1'),
    checkpoints: new Checkpoints(join(folder, 'positions.json')),
    invoke: (payload) => {
      const batch = JSON.parse(payload) as Batch;
      into.push(batch);
      return Promise.resolve(answerOf(batch));
    },
    onGiveUp: () => Promise.resolve(),
    onLog: () => undefined,
    now: () => clockMs,
  });
  pollers.push(poller);
  return poller;
}

describe('a batching window of a stream', () => {
  it('gathers records until it is over', async () => {
    poll({ windowSeconds: 60 });
    await put('a', 'b', 'c');
    const others: Batch[] = [];
    poll({ id: 'Stack.Other' }, others);
    await waitFor('all records, by a poller without a window', () => others.map(idsOf).join('') === 'abc');
    expect(batches).toEqual([]);

    await waitFor('the end of the window', () => {
      // Whenever the first poller has read them.
      clockMs += 60_000;
      return batches.length > 0;
    });
    expect(seen()).toEqual(['abc']);
  });

  it('ends early when the batch is full', async () => {
    poll({ windowSeconds: 300, batchSize: 2 });

    await put('a', 'b', 'c', 'd', 'e');

    await waitFor('two full batches', () => batches.length === 2);
    expect(seen()).toEqual(['ab', 'cd']);
  });

  it('that had not ended at a restart is gathered anew: nothing is lost', async () => {
    const first = poll({ windowSeconds: 60, batchSize: 2 });
    await put('a', 'b', 'c');
    await waitFor('a full batch', () => seen().includes('ab'));
    await first.close();

    poll({ windowSeconds: 0, batchSize: 2 });

    await waitFor('the rest', () => seen().includes('c'));
    expect(seen()).toEqual(['ab', 'c']);
  });
});

describe('a tumbling window', () => {
  const counting = (batch: Batch): InvocationResult => ({
    ok: true,
    payload: JSON.stringify({ state: { n: ((batch.state as { n?: number }).n ?? 0) + batch.Records.length } }),
  });

  it('says its shard and its times, hands the state on and ends with it', async () => {
    answerOf = counting;
    poll({ tumblingSeconds: 900, batchSize: 2 });
    await put('a', 'b', 'c');
    await waitFor('the batches', () => seen().join('') === 'abc');
    clockMs += 900_000;
    await waitFor('the end', () => batches.some((batch) => batch.isFinalInvokeForWindow));

    expect(batches[0]).toMatchObject({
      shardId: expect.stringMatching(/^shardId-/) as string,
      eventSourceARN: sourceArn,
      window: { start: '2026-01-31T09:15:00Z', end: '2026-01-31T09:30:00Z' },
      state: {},
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    });
    expect(batches.at(-1)).toMatchObject({ Records: [], state: { n: 3 }, isFinalInvokeForWindow: true });
  });

  it('holds no records of the next one', async () => {
    answerOf = counting;
    await put('a', 'b');
    clockMs += 900_000;
    await put('c');
    poll({ tumblingSeconds: 900 });

    await waitFor('all records', () => seen().join('') === 'abc');
    expect(batches.map((batch) => [idsOf(batch), batch.isFinalInvokeForWindow, batch.state])).toEqual([
      ['ab', false, {}],
      ['', true, { n: 2 }],
      ['c', false, {}],
    ]);
  });

  it('keeps its state over a restart', async () => {
    answerOf = counting;
    const first = poll({ tumblingSeconds: 900 });
    await put('a', 'b');
    await waitFor('the first records', () => seen().join('') === 'ab');
    await first.close();

    poll({ tumblingSeconds: 900 });
    await put('c');

    await waitFor('the next', () => seen().join('') === 'abc');
    expect(batches.at(-1)?.state).toEqual({ n: 2 });
  });

  it('takes an answer without a state, and an error, for a failed invocation: the records come again', async () => {
    const answers: InvocationResult[] = [{ ok: true, payload: '{}' }, failure('Error', 'x')];
    answerOf = (batch) => answers.shift() ?? counting(batch);
    poll({ tumblingSeconds: 900 });
    await put('a');

    await waitFor('the third try', () => batches.length === 3);
    expect(seen()).toEqual(['a', 'a', 'a']);
  });
});

describe('how often a shard is read', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A poller of a shard whose reads find so many records each, as long as there are numbers. */
  function ofShard(...found: number[]) {
    let reads = 0;
    const record = { dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: 0 } } as StreamRecord;
    const poller = poll({ batchSize: 10 }, [], {
      shards: async () => ['shard'],
      begin: async () => 'begin',
      read: async () => ({ records: Array.from({ length: found[reads++] ?? 0 }, () => record), next: 'next' }),
    });
    return { reads: () => reads, close: () => poller.close() };
  }

  it('is four times a second, also when something is found each time', async () => {
    const shard = ofShard(...Array.from({ length: 100 }, () => 1));

    await vi.advanceTimersByTimeAsync(999);

    expect(shard.reads()).toBe(4);
    await shard.close();
  });

  it('is at once when there may be more', async () => {
    const shard = ofShard(10, 10, 3, 1);

    await vi.advanceTimersByTimeAsync(10);
    const atOnce = shard.reads();
    await vi.advanceTimersByTimeAsync(250);

    expect([atOnce, shard.reads()]).toEqual([3, 4]);
    await shard.close();
  });
});
