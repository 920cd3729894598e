import { SendMessageBatchCommand, type SQSClient } from '#aws-sdk/client-sqs';
import { createPacker } from '../domain/messages/pack.ts';
import { errorFields, type Logger } from '../runtime/logger.ts';

/** A message to be sent. */
export interface QueueEntry {
  /** ASCII, so that its length is its size in bytes and SQS allows every character. At most 1 MiB. */
  body: string;
  /** MessageGroupId: on a standard queue it keeps one group's backlog from delaying the others (fair queues). */
  group: string;
  /** Seconds before the message can be received, up to 900. @default 0 */
  delaySeconds?: number;
}

/** First try and one more for what SQS or the network failed; the SDK tries again by itself beneath. */
const TRIES = 2;

/** Sends messages to one queue. */
export interface Queue {
  /**
   * Sends all of them, in as few calls as their count and size allow.
   * @returns the indexes of entries that SQS did not take after the second try; never throws for them.
   */
  send(entries: readonly QueueEntry[]): Promise<Set<number>>;
}

export function createQueue(sqs: SQSClient, queueUrl: string, logger: Logger): Queue {
  return {
    async send(entries) {
      let missing = entries.map((_, index) => index);
      for (let attempt = 1; missing.length > 0 && attempt <= TRIES; attempt++) {
        const packs = pack(missing, (index) => entries[index]!.body.length);
        const failed = await Promise.all(packs.map((indexes) => sendPack(sqs, queueUrl, entries, indexes, logger)));
        missing = failed.flat();
      }
      return new Set(missing);
    },
  };
}

function pack(indexes: readonly number[], bytesOf: (index: number) => number): number[][] {
  const packer = createPacker<number>();
  const packs = indexes.map((index) => packer.add(index, bytesOf(index)));
  return [...packs, packer.rest()].filter((one) => one !== undefined);
}

/** One call. @returns the indexes that were not taken. */
async function sendPack(
  sqs: SQSClient,
  QueueUrl: string,
  entries: readonly QueueEntry[],
  indexes: readonly number[],
  logger: Logger,
): Promise<number[]> {
  const Entries = indexes.map((index) => {
    const { body, group, delaySeconds } = entries[index]!;
    return {
      Id: String(index),
      MessageBody: body,
      MessageGroupId: group,
      DelaySeconds: delaySeconds,
    };
  });
  try {
    // A 200 may still hold entries that failed, and an entry is taken only when it is named as successful.
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) {
      logger.warn('queue refused messages', { count: Failed.length, codes: Failed.map((entry) => String(entry.Code)) });
    }
    const taken = new Set(Successful.map((entry) => Number(entry.Id)));
    return indexes.filter((index) => !taken.has(index));
  } catch (error) {
    logger.error('queue call failed', { count: indexes.length, ...errorFields(error) });
    return [...indexes];
  }
}
