import type { SqsServer } from '../sqs/server.ts';
import { SqsError } from '../sqs/errors.ts';
import type { ReceivedMessage } from './sqs-event.ts';
import { withTries } from './with-tries.ts';

/** For calls that do not wait. */
const NEVER = new AbortController().signal;

/**
 * A queue as Lambda's poller sees it: receive and delete, with the credentials of the function. By calls inside of the
 * process: the poller is AWS's own part, and an SDK beside its server took half of what a delivery costs here.
 */
export class QueueCalls {
  readonly #sqs: Pick<SqsServer, 'call' | 'ready'>;
  readonly #accessKeyId: string;
  readonly #queueUrl: string;

  constructor(sqs: Pick<SqsServer, 'call' | 'ready'>, accessKeyId: string, queueUrl: string) {
    this.#sqs = sqs;
    this.#accessKeyId = accessKeyId;
    this.#queueUrl = queueUrl;
  }

  /** Waits for messages. An abort of the signal ends the wait with nothing; after it nothing is received. */
  async receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<ReceivedMessage[]> {
    if (signal.aborted) return [];
    const input = {
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const answer = (await this.#call('ReceiveMessage', input, signal)) as { Messages?: ReceivedMessage[] };
    return answer.Messages ?? [];
  }

  /** How many messages a receive would find, counted up to so many: no request, which the poller of Lambda does not make either. */
  ready(most: number): number {
    return this.#sqs.ready(this.#queueUrl, most);
  }

  /** Deletes at most ten messages. @returns why some were not. */
  async delete(receiptHandles: readonly string[]): Promise<string[]> {
    const Entries = receiptHandles.map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle }));
    const { Failed = [] } = (await this.#call('DeleteMessageBatch', { Entries }, NEVER)) as {
      Failed?: { Message: string }[];
    };
    return Failed.map(({ Message }) => Message);
  }

  #call(operation: string, input: Record<string, unknown>, signal: AbortSignal): Promise<object> {
    const request = { operation, accessKeyId: this.#accessKeyId, input: { QueueUrl: this.#queueUrl, ...input } };
    return withTries(() => this.#sqs.call(request, signal), isPassing, signal);
  }
}

/** Whether the same call may succeed a moment later. */
function isPassing(error: unknown): boolean {
  return error instanceof SqsError && (error.status >= 500 || error.code === 'RequestThrottled');
}
