import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '#aws-sdk/client-sqs';
import { errorFields, type Logger } from '../runtime/logger.ts';

/** When a message that was received becomes visible again. */
export interface VisibilityChange {
  receiptHandle: string;
  /** From now; 0 to 43,200. */
  seconds: number;
}

/** SQS takes no more in one call. */
const MAX_ENTRIES = 10;

/**
 * Sets when messages come back, ten in a call. If one cannot be changed, it comes back when its current timeout ends:
 * later or sooner than planned, but never lost. So this writes a log line and never throws.
 * @returns receipt handles of those that were not changed.
 */
export async function changeVisibility(
  sqs: SQSClient,
  queueUrl: string,
  changes: readonly VisibilityChange[],
  logger: Logger,
): Promise<Set<string>> {
  const refused = new Set<string>();
  const chunks: VisibilityChange[][] = [];
  for (let i = 0; i < changes.length; i += MAX_ENTRIES) chunks.push(changes.slice(i, i + MAX_ENTRIES));
  await Promise.all(
    chunks.map(async (chunk) => {
      try {
        const { Failed = [] } = await sqs.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: chunk.map(({ receiptHandle, seconds }, index) => ({
              Id: String(index),
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: seconds,
            })),
          }),
        );
        if (Failed.length > 0) {
          for (const { Id } of Failed) refused.add(chunk[Number(Id)]!.receiptHandle);
          const codes = Failed.map((entry) => String(entry.Code));
          logger.warn('visibility timeout of messages could not be changed', { count: Failed.length, codes });
        }
      } catch (error) {
        for (const { receiptHandle } of chunk) refused.add(receiptHandle);
        const count = chunk.length;
        logger.warn('visibility timeout of messages could not be changed', { count, ...errorFields(error) });
      }
    }),
  );
  return refused;
}
