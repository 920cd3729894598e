import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
} from '@aws-sdk/client-dynamodb-streams';
import { DescribeTableCommand, type DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { Checkpoints } from '../../local/event-sources/checkpoints.ts';
import type { Mapping } from '../../local/event-sources/read-mappings.ts';
import { pause } from '../../local/event-sources/repeater.ts';
import { toStreamRecord } from '../../local/event-sources/stream-event.ts';
import { StreamPoller, type StreamPollerOptions } from '../../local/event-sources/stream-poller.ts';
import { failure, type InvocationResult } from '../../local/lambda/result.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { handlersInProcess } from './handlers-in-process.ts';
import { requestsInProcess } from './post-in-process.ts';
import type { Tables } from './tables.ts';

/** What becomes of an invocation: done and acknowledged; done, but nobody hears of it; not begun. */
export type Fate = 'done' | 'unheard' | 'not begun';

/** The real statistics handler behind the stream of Attempts, by the local platform's own poller. */
export interface LineFeed {
  /** Sequence numbers of each invocation so far. */
  batches: string[][];
  /** Ends the poller and starts another, as Lambda does when it moves a shard; what it had not noted comes again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Of the poller, milliseconds. */
const LONGEST_PAUSE_MS = 10;

interface LineFeedOptions {
  batchSize: number;
  /** @default all are done */
  fate?: () => Fate;
  /** Forgets, at a restart, how far it had read: everything comes again. @default false */
  forgetful?: boolean;
}

export async function startLineFeed(
  tables: Tables,
  { batchSize, fate = () => 'done', forgetful = false }: LineFeedOptions,
): Promise<LineFeed> {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    [ENV.statisticsTable]: tables.table('Statistics'),
    [ENV.replaysTable]: tables.table('Replays'),
    [ENV.purgeSeconds]: '300',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    ...tables.credentials,
  });
  handlersInProcess({ dynamoDb: tables.server });
  const { handler } = await import('../../lambdas/statistics/handler.ts');
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-feed-'));
  const described = new DescribeTableCommand({ TableName: tables.table('Attempts') });
  const { Table } = await tables.dynamoDb.send<typeof described.input, DescribeTableCommandOutput>(described as never);
  const batches: string[][] = [];
  const write = process.stdout.write.bind(process.stdout);
  // The handler's metrics and log lines.
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]) =>
    String(chunk).startsWith('{"') || write(chunk, ...rest);
  const invoke = async (payload: string): Promise<InvocationResult> => {
    const event = JSON.parse(payload) as Parameters<typeof handler>[0];
    if (event.Records.length > 0) batches.push(event.Records.map(({ dynamodb }) => dynamodb!.SequenceNumber!));
    const what = fate();
    if (what === 'not begun') return failure('Runtime.ExitError', 'killed');
    const answer = await handler(event, {} as Context);
    return what === 'done' ? { ok: true, payload: JSON.stringify(answer) } : failure('Runtime.ExitError', 'killed');
  };
  const mapping: Mapping = {
    id: 'Posthorn.LoggedAttempts',
    sourceArn: Table!.LatestStreamArn!,
    functionName: 'statistics',
    batchSize,
    windowSeconds: 0,
    tumblingSeconds: 900,
    maxConcurrency: undefined,
    partialBatches: false,
    filters: ['{"eventName":["INSERT"]}'],
    bisect: false,
    retryAttempts: -1,
    maxRecordAgeSeconds: -1,
    onFailureArn: undefined,
    startingPosition: 'TRIM_HORIZON',
  };
  let life = 0;
  const streams = new DynamoDBStreamsClient({
    region: 'us-east-1',
    endpoint: tables.endpoint,
    credentials: {
      accessKeyId: tables.credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: tables.credentials.AWS_SECRET_ACCESS_KEY,
    },
    ...(tables.server && { requestHandler: requestsInProcess(tables.server) }),
  });
  const start = () =>
    new StreamPoller({
      mapping,
      stream: byHttp(streams, mapping.sourceArn),
      checkpoints: new Checkpoints(join(folder, `positions-${forgetful ? (life += 1) : 0}.json`)),
      invoke,
      onGiveUp: () => Promise.resolve(),
      onLog: () => undefined,
      now: Date.now,
      // Half of the invocations fail: real pauses were most of what these tests took.
      wait: (ms, signal) => pause(Math.min(ms, LONGEST_PAUSE_MS), signal),
    });
  let poller = start();
  return {
    batches,
    restart: async () => {
      await poller.close();
      poller = start();
    },
    close: async () => {
      await poller.close();
      process.stdout.write = write;
      streams.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The calls of the poller to whatever serves DynamoDB, which may be another emulator. */
function byHttp(streams: DynamoDBStreamsClient, StreamArn: string): StreamPollerOptions['stream'] {
  return {
    shards: async (abortSignal) => {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }), { abortSignal });
      return (StreamDescription?.Shards ?? []).map(({ ShardId }) => ShardId!);
    },
    begin: async (ShardId, start, abortSignal) => {
      const input = { StreamArn, ShardId, ...start } as GetShardIteratorCommandInput;
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand(input), { abortSignal });
      return ShardIterator ?? null;
    },
    read: async (ShardIterator, Limit, abortSignal) => {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator, Limit }), { abortSignal });
      const records = (page.Records ?? []).map((record) => toStreamRecord(record, StreamArn, 'us-east-1'));
      return { records, next: page.NextShardIterator ?? null };
    },
  };
}
