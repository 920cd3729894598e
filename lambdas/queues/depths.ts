import { GetQueueAttributesCommand, ReceiveMessageCommand, type Message, type SQSClient } from '#aws-sdk/client-sqs';
import type { DeadLetter } from '../domain/messages/messages.ts';

/** How many messages a queue holds, as SQS estimates it. */
export interface Depth {
  waiting: number;
  in_flight: number;
  /** Not to be handed out before a time of their own. */
  delayed: number;
}

/** Asks SQS how deep a queue is. */
export async function depthOf(sqs: SQSClient, QueueUrl: string): Promise<Depth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages),
    in_flight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
  };
}

/**
 * Up to ten dead letters, with their `kind`.
 * @param unseenSeconds how long they stay unseen by others, so that the next receive brings another.
 */
export async function takeDeadLetters(sqs: SQSClient, QueueUrl: string, unseenSeconds: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: unseenSeconds,
      // Without, SQS asks some of its servers only, and often answers that a short queue is empty.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['kind'],
    }),
  );
  return Messages;
}

/** Dead letters by kind. */
export type Kinds = Record<DeadLetter['kind'], number>;

/** Receives of one look; each brings ten messages at most. */
const LOOKS = 10;
/** Seconds that a dead letter stays unseen by others, so that the next receive brings another. */
const UNSEEN_SECONDS = 2;

/**
 * Looks at the first hundred dead letters, because SQS counts none by attribute: those that a stage put aside say their kind,
 * those that the redrive policy moved are what a customer's endpoint refused. Bodies are not kept.
 * @param count how many there are: nothing is received when there are none.
 */
export async function kindsOf(sqs: SQSClient, QueueUrl: string, count: number): Promise<Kinds> {
  const kinds: Kinds = { poison: 0, platform: 0, customer: 0 };
  const seen = new Set<string>();
  for (let look = 0; look < LOOKS && seen.size < count; look++) {
    const letters = await takeDeadLetters(sqs, QueueUrl, UNSEEN_SECONDS);
    if (letters.length === 0) break;
    for (const { MessageId = '', MessageAttributes } of letters) {
      if (seen.has(MessageId)) continue;
      seen.add(MessageId);
      const kind = MessageAttributes?.kind?.StringValue ?? 'customer';
      kinds[Object.hasOwn(kinds, kind) ? (kind as DeadLetter['kind']) : 'customer'] += 1;
    }
  }
  return kinds;
}
