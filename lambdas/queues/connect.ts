import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '#aws-sdk/client-sqs';

/** As long as a function's start waits for it, milliseconds. */
const PATIENCE_MS = 1000;

/**
 * Connects to SQS and makes the way there warm, before a function gets its first batch: a call that changes nothing. A
 * process that dies while it starts loses nothing, because Lambda starts it once more for the same event; one that dies
 * after it got a batch and before it could tell SQS so leaves that batch to the queue's own visibility timeout. So what can
 * be done before is done before, where a function has all of a processor too.
 * Never rejects: whoever is not connected yet connects at its first call.
 */
export async function connectToQueue(
  sqs: Pick<SQSClient, 'send'>,
  queueUrl: string,
  after: (ms: number, happen: () => void) => () => void,
): Promise<void> {
  // SQS names nobody's message so: it says in its answer that there is none.
  const Entries = [{ Id: '0', ReceiptHandle: 'none', VisibilityTimeout: 0 }];
  const call = sqs
    .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }))
    .then(nothing, nothing);
  let stop = nothing;
  const late = new Promise<void>((resolve) => (stop = after(PATIENCE_MS, resolve)));
  await Promise.race([call, late]);
  stop();
}

const nothing = (): void => undefined;
