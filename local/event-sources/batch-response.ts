import { z } from 'zod';
import type { InvocationResult } from '../lambda/result.ts';

/** Which records of a batch failed: all, or those named. */
export type BatchOutcome = 'all' | ReadonlySet<string>;

const responseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Reads a function's answer to a batch as Lambda does: an error, an answer that cannot be understood, or an identifier
 * that is not in the batch fail the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 * @param partial whether the mapping reports batch item failures; without that the answer says nothing.
 */
export function readBatchOutcome(result: InvocationResult, identifiers: string[], partial: boolean): BatchOutcome {
  if (!result.ok) return 'all';
  if (!partial) return new Set();
  const answer: unknown = JSON.parse(result.payload);
  if (answer === null || answer === '') return new Set();
  const parsed = responseSchema.safeParse(answer);
  if (!parsed.success) return 'all';
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((f) => f.itemIdentifier));
  return [...failed].every((id) => identifiers.includes(id)) ? failed : 'all';
}
