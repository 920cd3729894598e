import type { InvocationResult } from '../lambda/result.ts';
import type { Checkpoints } from './checkpoints.ts';
import { compileFilter } from './event-filter.ts';
import type { Mapping } from './read-mappings.ts';
import { Repeater, pause } from './repeater.ts';
import type { Page, StreamCalls } from './stream-calls.ts';
import { processBatch } from './stream-batch.ts';
import type { StreamRecord } from './stream-event.ts';
import { byWindow, takeState, windowFields, windowOf, type OpenWindow } from './tumbling-window.ts';

/** Lambda reads each shard about four times a second, and goes on at once where there is more. */
const READ_MS = 250;
/** GetRecords gives no more, and at most 1 MB: where it gave half of that, there may be more. Characters of JSON. */
const MOST_RECORDS = 1000;
const HALF_PAGE = 512 * 1024;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
/** An invocation takes 6 MB; the last page read, of at most 1 MB as DynamoDB counts, must still fit in. Characters of JSON. */
const FULL = 3 * 1024 * 1024;

/** A shard that is read. */
interface Shard {
  /** Null: it was read to its end. */
  iterator: string | null;
  /** Gathered until the batch is full or its window is over. */
  pending: StreamRecord[];
  /** Characters of JSON of what is pending. */
  size: number;
  /** Since when something is pending, milliseconds. */
  sinceMs: number;
  /** The last number that was read. */
  read: string;
}

/** What a stream poller works with. */
export interface StreamPollerOptions {
  mapping: Mapping;
  /** Made with the function's credentials. */
  stream: Pick<StreamCalls, 'shards' | 'begin' | 'read'>;
  checkpoints: Checkpoints;
  invoke(payload: string): Promise<InvocationResult>;
  /** Sends the notice about records that were given up to the mapping's failure destination. */
  onGiveUp(notice: Record<string, unknown>): Promise<void>;
  onLog(line: string): void;
  now(): number;
  /** Waits between two reads of a shard, and before a batch is tried again; at most until the signal. @default real time */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/** Feeds a function from a table's stream as Lambda does: each shard in order, one batch at a time. */
export class StreamPoller {
  readonly #options: StreamPollerOptions;
  readonly #passes: (record: unknown) => boolean;
  readonly #shards = new Map<string, Shard>();
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
    if (![...this.#shards.values()].some(({ iterator }) => iterator !== null)) await this.#findShards(signal);
    let isMore = false;
    for (const [id, shard] of this.#shards) {
      if (shard.iterator !== null && (await this.#readShard(id, shard, shard.iterator, signal))) isMore = true;
      await this.#workOff(id, shard, signal);
    }
    if (!isMore) await this.#wait(READ_MS, signal);
  }

  async #findShards(signal: AbortSignal): Promise<void> {
    const { stream, mapping, checkpoints } = this.#options;
    for (const id of await stream.shards(signal)) {
      if (this.#shards.has(id)) continue;
      const position = checkpoints.get(this.#placeOf(id));
      const start = position
        ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position } as const)
        : { ShardIteratorType: mapping.startingPosition };
      const iterator = await stream.begin(id, start, signal);
      this.#shards.set(id, { iterator, pending: [], size: 0, sinceMs: 0, read: '' });
    }
  }

  /** @returns whether there may be more. */
  async #readShard(id: string, shard: Shard, iterator: string, signal: AbortSignal): Promise<boolean> {
    const { mapping, now } = this.#options;
    if (this.#isDue(shard)) return false;
    const limit = Math.min(mapping.batchSize - shard.pending.length, MOST_RECORDS);
    const { records, next } = await this.#read(id, iterator, limit, signal);
    const passed = records.filter(this.#passes);
    const before = shard.size;
    if (shard.pending.length === 0) shard.sinceMs = now();
    for (const record of passed) {
      shard.pending.push(record);
      shard.size += JSON.stringify(record).length;
    }
    shard.read = records.at(-1)?.dynamodb.SequenceNumber ?? shard.read;
    shard.iterator = next;
    return records.length === limit || shard.size - before > HALF_PAGE;
  }

  /** Whether what is pending goes to the function now, as Lambda has it: when it is full, or has waited for its window. */
  #isDue({ pending, size, sinceMs, iterator }: Shard): boolean {
    const { batchSize, windowSeconds } = this.#options.mapping;
    if (pending.length === 0) return false;
    const isFull = pending.length >= batchSize || size >= FULL || iterator === null;
    return isFull || this.#options.now() - sinceMs >= windowSeconds * 1000;
  }

  async #workOff(id: string, shard: Shard, signal: AbortSignal): Promise<void> {
    const { checkpoints } = this.#options;
    if (this.#isDue(shard)) {
      if (!(await this.#process(id, shard.pending, signal))) return;
      Object.assign(shard, { pending: [], size: 0 });
    }
    if (shard.pending.length === 0 && shard.read !== '') {
      checkpoints.set(this.#placeOf(id), shard.read);
      shard.read = '';
    }
    await this.#endWindow(id, this.#options.now(), signal);
  }

  #placeOf(shard: string): string {
    const { id, sourceArn } = this.#options.mapping;
    return `${id}/${sourceArn}/${shard}`;
  }

  /** An iterator that the emulator no longer knows, e.g. one too old, is asked for again. */
  async #read(shard: string, iterator: string, limit: number, signal: AbortSignal): Promise<Page> {
    try {
      return await this.#options.stream.read(iterator, limit, signal);
    } catch (error) {
      this.#shards.delete(shard);
      throw error;
    }
  }

  async #process(shard: string, records: StreamRecord[], signal: AbortSignal): Promise<boolean> {
    const { tumblingSeconds } = this.#options.mapping;
    if (tumblingSeconds === 0) return this.#run(shard, records, signal, (part) => this.#invoke({ Records: part }));
    for (const part of byWindow(records, tumblingSeconds)) {
      const startMs = windowOf(part[0]!, tumblingSeconds);
      if (!(await this.#endWindow(shard, startMs, signal))) return false;
      const invoke = (some: StreamRecord[]) =>
        this.#inWindow(shard, some, this.#window(shard) ?? { startMs, state: {} });
      if (!(await this.#run(shard, part, signal, invoke))) return false;
    }
    return true;
  }

  #run(
    shard: string,
    records: StreamRecord[],
    signal: AbortSignal,
    invoke: (records: StreamRecord[]) => Promise<InvocationResult>,
  ): Promise<boolean> {
    const { mapping, now } = this.#options;
    return processBatch(records, {
      mapping,
      invoke,
      now,
      stopped: () => signal.aborted,
      backOff: (retry) => this.#backOff(retry, signal),
      giveUp: (given, condition) => this.#giveUp(shard, given, condition),
    });
  }

  #invoke(event: object): Promise<InvocationResult> {
    return this.#options.invoke(JSON.stringify(event));
  }

  /** Invokes the function with the state of the shard's window, and keeps what comes back, as Lambda does over restarts. */
  async #inWindow(
    shardId: string,
    Records: StreamRecord[],
    open: OpenWindow,
    isFinal = false,
  ): Promise<InvocationResult> {
    const { tumblingSeconds: seconds, sourceArn: arn } = this.#options.mapping;
    const fields = windowFields(open, { seconds, shardId, arn, isFinal });
    const { result, state } = takeState(await this.#invoke({ Records, ...fields }));
    if (result.ok) this.#options.checkpoints.set(this.#windowPlace(shardId), JSON.stringify({ ...open, state }));
    return result;
  }

  /** Ends the shard's window if it is over at that time. @returns false when stopped before that. */
  async #endWindow(shard: string, atMs: number, signal: AbortSignal): Promise<boolean> {
    const { mapping, checkpoints } = this.#options;
    const open = this.#window(shard);
    if (!open || atMs < open.startMs + mapping.tumblingSeconds * 1000) return true;
    for (let retry = 0; !(await this.#inWindow(shard, [], open, true)).ok;) {
      if (signal.aborted) return false;
      if (mapping.retryAttempts >= 0 && retry >= mapping.retryAttempts) break;
      await this.#backOff((retry += 1), signal);
    }
    checkpoints.set(this.#windowPlace(shard), '');
    return true;
  }

  #window(shard: string): OpenWindow | undefined {
    const kept = this.#options.checkpoints.get(this.#windowPlace(shard));
    return kept ? (JSON.parse(kept) as OpenWindow) : undefined;
  }

  #windowPlace(shard: string): string {
    return `${this.#placeOf(shard)}/window`;
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

  #backOff(retry: number, signal: AbortSignal): Promise<void> {
    return this.#wait(Math.min(FIRST_RETRY_MS * 2 ** (retry - 1), LAST_RETRY_MS), signal);
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return (this.#options.wait ?? pause)(ms, signal);
  }
}
