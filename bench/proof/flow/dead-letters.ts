import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Posthorn } from '../../../test/support/posthorn.ts';

/** A delivery, as the proofs name it. */
export const deliveryName = (event: string, subscription: string): string => `${event} ${subscription}`;

/** What the runbook's operator does with dead letters, told by the delivery log. */
export interface Sorted {
  /** Deliveries that used up their tries, with the message that shows it. */
  exhausted: string[];
  /** Messages sent back to their queue: crashes, not customers, used up their receives. */
  redriven: number;
}

/**
 * Empties the dead-letter queues: deliveries whose log says `exhausted` are over; everything else goes back to its queue.
 * @param isExhausted asks the log about `<event> <subscription>`.
 */
export async function sortDeadLetters(
  posthorn: Posthorn,
  isExhausted: (delivery: string) => Promise<boolean>,
): Promise<Sorted> {
  const sorted: Sorted = { exhausted: [], redriven: 0 };
  for (const [deadLetters, source] of [
    ['EventsDeadLetterQueueUrl', 'EventsQueueUrl'],
    ['DeliveriesDeadLetterQueueUrl', 'DeliveriesQueueUrl'],
    ['RecoveryDeadLetterQueueUrl', 'RecoveryQueueUrl'],
  ] as const) {
    const QueueUrl = posthorn.output(deadLetters);
    while ((await posthorn.depth(deadLetters)) > 0) {
      const { Messages = [] } = await posthorn.sqs.send(
        // A receive that does not wait asks some of SQS's servers only.
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) break;
      for (const { Body, ReceiptHandle } of Messages) {
        // A job of recovery is about no event.
        const { event, subscription_id } = JSON.parse(Body!) as { event?: { id: string }; subscription_id?: string };
        const delivery = deliveryName(event?.id ?? '', subscription_id ?? '');
        if (event && subscription_id !== undefined && (await isExhausted(delivery))) sorted.exhausted.push(delivery);
        else {
          const MessageGroupId = subscription_id ?? 'redriven';
          await posthorn.sqs.send(
            new SendMessageCommand({ QueueUrl: posthorn.output(source), MessageBody: Body!, MessageGroupId }),
          );
          sorted.redriven += 1;
        }
        await posthorn.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
  return sorted;
}
