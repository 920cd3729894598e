import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** A function with a queue before it. */
export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Context of an invocation, as far as the functions look at it. */
export const CONTEXT = {
  awsRequestId: 'a3b1c2d4-0000-4000-8000-000000000000',
  getRemainingTimeInMillis: () => 40_000,
} as unknown as Context;

/** Messages as Lambda hands them over: received for the first time. @param queue the last part of the queue's ARN. */
export function queueEvent(queue: string, bodies: readonly string[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `AQEBwJnKyrHigUMZj6reyNurSfS7fd8lZp1cFvJx${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now()),
      SenderId: 'AROAEXAMPLE:posthorn',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    awsRegion: 'us-east-1',
  }));
  return { Records };
}

/** Loads a bundled handler. @param path of the module. */
export async function loadHandler<T>(path: string): Promise<T> {
  return ((await import(path)) as { handler: T }).handler;
}

/** Runs a handler and fails when anything came back: what is measured must have worked. */
export async function invokeQueueHandler(handler: QueueHandler, event: SQSEvent): Promise<void> {
  const { batchItemFailures } = await handler(event, CONTEXT);
  if (batchItemFailures.length > 0) {
    throw new Error(
      `Expected every message to be done, ${batchItemFailures.length} of ${event.Records.length} failed.`,
    );
  }
}
