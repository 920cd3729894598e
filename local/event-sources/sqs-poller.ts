import { untilAdmitted } from '../lambda/account-concurrency.ts';
import type { InvocationResult } from '../lambda/result.ts';
import { MAX_PAYLOAD_BYTES } from '../lambda/result.ts';
import { readBatchOutcome } from './batch-response.ts';
import { compileFilter } from './event-filter.ts';
import type { QueueCalls } from './queue-calls.ts';
import type { Mapping } from './read-mappings.ts';
import { pause, Repeater } from './repeater.ts';
import { filterView, toSqsRecord } from './sqs-event.ts';
import type { SqsRecord } from './sqs-event.ts';

/** SQS gives at most ten messages at a time. */
const MAX_RECEIVE = 10;
/** Room for the `{"Records":[]}` around the records. */
const ENVELOPE_BYTES = 64;

/**
 * A receive takes some 15 ms on AWS and next to nothing here: a busy poller would start a batch for each message, where
 * Lambda finds several. So it takes its time while batches are under way, unless the last one was full. Real time.
 */
const RECEIVE_MS = 15;
/**
 * Most batches end within milliseconds, and what comes meanwhile makes the next one fuller: in a burst fan-out had two events a
 * batch, of which each batch costs four calls. One that takes longer waits for something else, a customer for example, and holds
 * nothing up. Real time.
 */
const QUICK_MS = 50;

/**
 * While invocations want all processors there are, a batch that starts only takes the time of those: it waits until it is full, or
 * for so long. Each batch has the same calls of AWS whatever its size, so it costs less, and nobody waits who would not wait
 * for a processor. On AWS each batch has one of its own, and no such wait: there fuller batches are bought by a batching window, of
 * a second at least. Real time.
 */
const BUSY_MS = 50;
const LOOK_MS = 5;

/** Messages of which several came together less than this ago come so close that a batch fills, milliseconds. */
const BURST_MS = 1000;

/** Is told what becomes of batches: for proofs. */
export interface BatchWatch {
  /** A function gets these messages. */
  began(records: readonly SqsRecord[]): void;
  /** It left all of them in the queue: it died, ran out of time or threw. */
  left(records: readonly SqsRecord[]): void;
}

/** What a poller works with. */
export interface SqsPollerOptions {
  mapping: Mapping;
  region: string;
  /** Made with the function's credentials: Lambda polls with the role of the function. */
  queue: QueueCalls;
  /** Most invocations at a time. */
  concurrency: number;
  /** Waits until the function would take a batch at once: what comes meanwhile makes the batch fuller. */
  ready(): Promise<void>;
  /** Whether all processors are wanted. @default they never are */
  isBusy?(): boolean;
  invoke(payload: string): Promise<InvocationResult>;
  /** The queue's visibility timeout, milliseconds: for that long a batch is tried while the function is throttled. */
  visibilityMs: number;
  onLog(line: string): void;
  /** How far the queues' clock is ahead of the functions', milliseconds. @default 0 */
  aheadMs?: (() => number) | undefined;
  /** @default nobody */
  watch?: BatchWatch | undefined;
}

/**
 * Feeds a function from a queue as Lambda does. What the function does not finish comes back after the queue's
 * visibility timeout; the poller itself changes no visibility.
 */
export class SqsPoller {
  readonly #options: SqsPollerOptions;
  readonly #passes: (record: unknown) => boolean;
  /** Batches under way, and since when: `performance.now()`. */
  readonly #running = new Map<Promise<void>, number>();
  readonly #repeater: Repeater;
  #wasFull = false;
  /** A batch is being gathered, and has messages. */
  #hasGathered = false;
  /** When a batch last had several messages, `performance.now()`. */
  #severalMs = -Infinity;

  constructor(options: SqsPollerOptions) {
    this.#options = options;
    this.#passes = compileFilter(options.mapping.filters);
    this.#repeater = new Repeater(`Polling ${options.mapping.sourceArn}`, options.onLog, (signal) =>
      this.#round(signal),
    );
  }

  /** Whether it has received messages that are not over: nobody else knows of them before their function gets them. */
  get holdsMessages(): boolean {
    return this.#hasGathered || this.#running.size > 0;
  }

  /** Stops receiving, then waits for the batches that are under way. */
  async close(): Promise<void> {
    await this.#repeater.close();
    await Promise.allSettled(this.#running.keys());
  }

  async #round(signal: AbortSignal): Promise<void> {
    // Receive only what can be run at once: a message that waits here would lose visibility time.
    while (this.#running.size >= this.#options.concurrency) await Promise.race(this.#running.keys());
    await this.#options.ready();
    if (!this.#wasFull) await this.#letEnd(signal);
    if (performance.now() - this.#severalMs < BURST_MS) await this.#letFill(signal);
    try {
      await this.#begin(await this.#gather(signal), signal);
    } finally {
      this.#hasGathered = false;
    }
  }

  async #begin(records: SqsRecord[], signal: AbortSignal): Promise<void> {
    this.#wasFull = records.length >= Math.min(this.#options.mapping.batchSize, MAX_RECEIVE);
    if (records.length > 1) this.#severalMs = performance.now();
    const wanted = records.filter((r) => this.#passes(filterView(r)));
    if (wanted.length < records.length) await this.#delete(records.filter((r) => !wanted.includes(r)));
    for (const { records: batch, payload } of splitBySize(wanted)) {
      const run: Promise<void> = this.#run(batch, payload, signal)
        .catch((error: unknown) => this.#options.onLog(`ERROR ${String(error)}`))
        .finally(() => this.#running.delete(run));
      this.#running.set(run, performance.now());
    }
  }

  /** Waits until the batches that began just now have ended, or take longer than {@link QUICK_MS}. */
  async #letEnd(signal: AbortSignal): Promise<void> {
    if (this.#running.size === 0) return;
    const nowMs = performance.now();
    const quick = [...this.#running].filter(([, sinceMs]) => nowMs - sinceMs < QUICK_MS);
    if (quick.length === 0) return pause(RECEIVE_MS, signal);
    const longestMs = QUICK_MS - (nowMs - Math.max(...quick.map(([, sinceMs]) => sinceMs)));
    const ended = new AbortController();
    void Promise.all(quick.map(([run]) => run)).then(() => ended.abort());
    await pause(longestMs, AbortSignal.any([signal, ended.signal]));
  }

  /** Waits while all processors are busy, until there is a whole batch, or {@link BUSY_MS}. */
  async #letFill(signal: AbortSignal): Promise<void> {
    const { isBusy, queue, mapping } = this.#options;
    const untilMs = performance.now() + BUSY_MS;
    const whole = Math.min(mapping.batchSize, MAX_RECEIVE);
    while (isBusy?.() && !signal.aborted && performance.now() < untilMs && queue.ready(whole) < whole) {
      await pause(LOOK_MS, signal);
    }
  }

  /** One batch: what one receive gives, or, with a batching window, what comes until it is full or the window ends. */
  async #gather(signal: AbortSignal): Promise<SqsRecord[]> {
    const { batchSize, windowSeconds } = this.#options.mapping;
    const records = await this.#receive(Math.min(batchSize, MAX_RECEIVE), 20, signal);
    this.#hasGathered = records.length > 0;
    // The window is real time even under an injected clock: it shapes load, it promises nothing.
    const deadline = performance.now() + windowSeconds * 1000;
    while (records.length > 0 && records.length < batchSize && !signal.aborted) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || bytesOf(records) > MAX_PAYLOAD_BYTES / 2) break;
      // What was received already must run, also when the poller is closed or the queue fails in the middle; a lasting
      // failure shows in the next round.
      const more = await this.#receive(Math.min(batchSize - records.length, MAX_RECEIVE), 0, signal).catch(() => []);
      records.push(...more);
      if (more.length === 0) await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, 50)));
    }
    return records;
  }

  async #receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<SqsRecord[]> {
    const { queue, mapping, region, aheadMs } = this.#options;
    const messages = await queue.receive(count, waitSeconds, signal);
    return messages.map((m) => toSqsRecord(m, mapping.sourceArn, region, aheadMs?.()));
  }

  async #run(records: SqsRecord[], payload: string, signal: AbortSignal): Promise<void> {
    const { mapping, invoke, watch, visibilityMs } = this.#options;
    watch?.began(records);
    const untilMs = performance.now() + visibilityMs;
    // Then they are visible again, with one receive less: docs.aws.amazon.com/lambda/latest/operatorguide/sqs-retries.html
    const result = await untilAdmitted(
      () => invoke(payload),
      () => signal.aborted || performance.now() >= untilMs,
      (ms) => pause(ms, signal),
    );
    const failed = readBatchOutcome(
      result,
      records.map((r) => r.messageId),
      mapping.partialBatches,
    );
    if (failed === 'all') watch?.left(records);
    else await this.#delete(records.filter((r) => !failed.has(r.messageId)));
  }

  async #delete(records: SqsRecord[]): Promise<void> {
    const { queue, onLog } = this.#options;
    for (let i = 0; i < records.length; i += MAX_RECEIVE) {
      const handles = records.slice(i, i + MAX_RECEIVE).map((r) => r.receiptHandle);
      for (const reason of await queue.delete(handles)) onLog(`ERROR could not delete a finished message: ${reason}`);
    }
  }
}

const bytesOf = (records: SqsRecord[]): number => records.reduce((sum, r) => sum + Buffer.byteLength(r.body), 0);

/** Cuts a batch so that each event stays below Lambda's payload limit. */
function splitBySize(records: SqsRecord[]): { records: SqsRecord[]; payload: string }[] {
  const batches: { records: SqsRecord[]; texts: string[] }[] = [];
  let room = 0;
  for (const record of records) {
    const text = JSON.stringify(record);
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > room || batches.length === 0) {
      batches.push({ records: [], texts: [] });
      room = MAX_PAYLOAD_BYTES - ENVELOPE_BYTES;
    }
    batches.at(-1)?.records.push(record);
    batches.at(-1)?.texts.push(text);
    room -= bytes;
  }
  return batches.map(({ records, texts }) => ({ records, payload: `{"Records":[${texts.join(',')}]}` }));
}
