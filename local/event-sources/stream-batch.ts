import type { InvocationResult } from '../lambda/result.ts';
import { readBatchOutcome } from './batch-response.ts';
import type { Mapping } from './read-mappings.ts';
import type { StreamRecord } from './stream-event.ts';

/** What {@link processBatch} works with. */
export interface StreamBatchOptions {
  mapping: Pick<Mapping, 'bisect' | 'partialBatches' | 'retryAttempts' | 'maxRecordAgeSeconds'>;
  /** Invokes the function with these records. */
  invoke(records: StreamRecord[]): Promise<InvocationResult>;
  /** Called for records that are given up, with the reason. */
  giveUp(records: StreamRecord[], condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded'): Promise<void>;
  /** Waits before try n (from 1). */
  backOff(retry: number): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  stopped(): boolean;
}

/**
 * Runs a batch of stream records to its end, in order, as Lambda does: until it succeeded, ran out of tries, or grew too
 * old. With partial batches the tries go on from the first record that failed; with bisecting each failure halves what
 * is tried next, and the halves start counting anew.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @returns whether all was dealt with; false when stopped before that.
 */
export async function processBatch(records: StreamRecord[], options: StreamBatchOptions, retry = 0): Promise<boolean> {
  const { mapping, invoke, giveUp, backOff, stopped } = options;
  const young = await dropOld(records, options);
  if (young.length === 0) return true;
  if (stopped()) return false;
  const result = await invoke(young);
  const rest = young.slice(finished(young, result, mapping.partialBatches));
  if (rest.length === 0) return true;
  if (mapping.bisect && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    return (await processBatch(rest.slice(0, middle), options)) && (await processBatch(rest.slice(middle), options));
  }
  if (mapping.retryAttempts >= 0 && retry >= mapping.retryAttempts) {
    await giveUp(rest, 'RetryAttemptsExhausted');
    return true;
  }
  await backOff(retry + 1);
  return processBatch(rest, options, retry + 1);
}

/** How many records from the start are done: all before the first that failed. */
function finished(records: StreamRecord[], result: InvocationResult, partial: boolean): number {
  const numbers = records.map((r) => r.dynamodb.SequenceNumber);
  const failed = readBatchOutcome(result, numbers, partial);
  if (failed === 'all') return 0;
  const first = numbers.findIndex((n) => failed.has(n));
  return first < 0 ? records.length : first;
}

async function dropOld(records: StreamRecord[], { mapping, giveUp, now }: StreamBatchOptions): Promise<StreamRecord[]> {
  if (mapping.maxRecordAgeSeconds < 0) return records;
  const oldest = now() / 1000 - mapping.maxRecordAgeSeconds;
  const isOld = (r: StreamRecord): boolean => r.dynamodb.ApproximateCreationDateTime < oldest;
  const old = records.filter(isOld);
  if (old.length > 0) await giveUp(old, 'MaximumRecordAgeExceeded');
  return records.filter((r) => !isOld(r));
}
