import type { DynamoDBStreamsClient, _Record } from '@aws-sdk/client-dynamodb-streams';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import type { InvocationResult } from '../lambda/result.ts';
import type { Checkpoints } from './checkpoints.ts';
import { compileFilter } from './event-filter.ts';
import type { Mapping } from './read-mappings.ts';
import { Repeater, pause } from './repeater.ts';
import { processBatch } from './stream-batch.ts';
import { toStreamRecord } from './stream-event.ts';
import type { StreamRecord } from './stream-event.ts';

/** Lambda reads each shard about four times a second. */
const IDLE_MS = 250;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/** What a stream poller works with. */
export interface StreamPollerOptions {
  mapping: Mapping;
  region: string;
  /** Made with the function's credentials. */
  streams: DynamoDBStreamsClient;
  checkpoints: Checkpoints;
  invoke(payload: string): Promise<InvocationResult>;
  /** Sends the notice about records that were given up to the mapping's failure destination. */
  onGiveUp(notice: Record<string, unknown>): Promise<void>;
  onLog(line: string): void;
  now(): number;
}

/** Feeds a function from a table's stream as Lambda does: each shard in order, one batch at a time. */
export class StreamPoller {
  readonly #options: StreamPollerOptions;
  readonly #passes: (record: unknown) => boolean;
  /** Iterators by shard; a shard that was read to its end has null. */
  readonly #iterators = new Map<string, string | null>();
  readonly #repeater: Repeater;

  constructor(options: StreamPollerOptions) {
    this.#options = options;
    this.#passes = compileFilter(options.mapping.filters);
    this.#repeater = new Repeater(`Reading ${options.mapping.sourceArn}`, options.onLog, (signal) =>
      this.#round(signal),
    );
  }

  /** Stops reading, then waits for the batch that is under way. */
  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async #round(signal: AbortSignal): Promise<void> {
    // Shards come and go rarely: ask again only when none of those known is open.
    if (![...this.#iterators.values()].some((i) => i !== null)) await this.#findShards(signal);
    let found = 0;
    for (const [shard, iterator] of this.#iterators) {
      if (iterator !== null) found += await this.#readShard(shard, iterator, signal);
    }
    if (found === 0) await pause(IDLE_MS, signal);
  }

  async #findShards(abortSignal: AbortSignal): Promise<void> {
    const { streams, mapping, checkpoints } = this.#options;
    const StreamArn = mapping.sourceArn;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }), { abortSignal });
    for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
      if (this.#iterators.has(ShardId)) continue;
      const position = checkpoints.get(`${mapping.id}/${StreamArn}/${ShardId}`);
      const start = position
        ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position } as const)
        : ({ ShardIteratorType: mapping.startingPosition } as const);
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...start }), {
        abortSignal,
      });
      this.#iterators.set(ShardId, ShardIterator ?? null);
    }
  }

  async #readShard(shard: string, iterator: string, signal: AbortSignal): Promise<number> {
    const { mapping, checkpoints } = this.#options;
    const { Records = [], NextShardIterator } = await this.#read(shard, iterator, signal);
    if (Records.length > 0) {
      const records = Records.map((r) => toStreamRecord(r, mapping.sourceArn, this.#options.region));
      const done = await this.#process(shard, records.filter(this.#passes), signal);
      if (!done) return 0;
      checkpoints.set(`${mapping.id}/${mapping.sourceArn}/${shard}`, records.at(-1)?.dynamodb.SequenceNumber ?? '');
    }
    this.#iterators.set(shard, NextShardIterator ?? null);
    return Records.length;
  }

  /** An iterator that the emulator no longer knows, e.g. one too old, is asked for again. */
  async #read(
    shard: string,
    iterator: string,
    abortSignal: AbortSignal,
  ): Promise<{ Records?: _Record[]; NextShardIterator?: string }> {
    const { streams, mapping } = this.#options;
    try {
      const { Records, NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(mapping.batchSize, 1000) }),
        { abortSignal },
      );
      return { ...(Records ? { Records } : {}), ...(NextShardIterator ? { NextShardIterator } : {}) };
    } catch (error) {
      this.#iterators.delete(shard);
      throw error;
    }
  }

  #process(shard: string, records: StreamRecord[], signal: AbortSignal): Promise<boolean> {
    const { mapping, invoke, now } = this.#options;
    if (records.length === 0) return Promise.resolve(true);
    return processBatch(records, {
      mapping,
      invoke,
      now,
      stopped: () => signal.aborted,
      backOff: (retry) => pause(Math.min(FIRST_RETRY_MS * 2 ** (retry - 1), LAST_RETRY_MS), signal),
      giveUp: (given, condition) => this.#giveUp(shard, given, condition),
    });
  }

  async #giveUp(shardId: string, records: StreamRecord[], condition: string): Promise<void> {
    const { mapping, onGiveUp, onLog } = this.#options;
    const [first, last] = [records.at(0), records.at(-1)];
    onLog(`ERROR gave up ${records.length} stream record(s): ${condition}`);
    const created = (r: StreamRecord | undefined): string =>
      new Date((r?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
    await onGiveUp({
      requestContext: { condition },
      version: '1.0',
      timestamp: new Date(this.#options.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: first?.dynamodb.SequenceNumber,
        endSequenceNumber: last?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: created(first),
        approximateArrivalOfLastRecord: created(last),
        batchSize: records.length,
        streamArn: mapping.sourceArn,
      },
    });
  }
}
