import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { encodeDeliveryMessage, encodeEvent, encodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import { accepted } from '../../lambdas/domain/messages/events.ts';
import { createSqs } from '../../lambdas/aws/clients.ts';
import { loadHandler, invokeQueueHandler, queueEvent, type QueueHandler } from '../support/invoke.ts';
import { measureRounds, type Contender } from '../support/rounds.ts';
import { sampleEvent } from '../support/sample.ts';

// Fan-out's handler, one event at a time, against bare calls of SendMessageBatch with strings that are ready.

const BATCH = 10;
const CALLS = 16;
const QUEUE = `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/deliveries`;
const subscriptions = Number(process.env.SUBSCRIPTIONS);
const events = Number(process.env.EVENTS ?? '1');
const handler = await loadHandler<QueueHandler>(process.env.HANDLER!);
const event = sampleEvent(1, `org_${subscriptions}`);
const batch = queueEvent(
  'eventsQueueUrl',
  Array.from({ length: events }, (_, n) => encodeEventMessage(accepted(sampleEvent(n, `org_${subscriptions}`)))),
);
const bodies = Array.from({ length: subscriptions * events }, (_, n) =>
  encodeDeliveryMessage(
    encodeEvent(event),
    first({ subscription_id: `sub_${n}`, format: 'standard' }, { nowMs: Date.now() }),
  ),
);

/** As many calls under way as in fan-out. */
async function sendAll(sqs: SQSClient): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < bodies.length) {
      const from = next;
      next += BATCH;
      const Entries = bodies.slice(from, from + BATCH).map((MessageBody, index) => ({
        Id: String(from + index),
        MessageBody,
        MessageGroupId: `sub_${from + index}`,
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE, Entries }));
    }
  };
  await Promise.all(Array.from({ length: CALLS }, worker));
}

const bare = new SQSClient({});
const own = createSqs();
const units = bodies.length;
const contenders: Contender[] = [
  { name: 'fan-out', units, run: () => invokeQueueHandler(handler, batch) },
  { name: "bare SendMessageBatch, fan-out's client", units, run: () => sendAll(own) },
  { name: 'bare SendMessageBatch', units, run: () => sendAll(bare) },
];
process.send!(await measureRounds(contenders, { unitsPerRound: Number(process.env.UNITS) }));
