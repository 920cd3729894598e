import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** Seconds that a dead letter stays unseen while the others are looked at. */
const LOOK_SECONDS = 120;
/** Looks that bring nothing new before the queue counts as seen through: SQS asks only some of its servers each time. */
const EMPTY_LOOKS = 2;

/**
 * Sends dead letters of these kinds back that a stage put there itself. SQS cannot: it does not know where they came
 * from, and stops at the first. Each is sent first and then deleted: if this breaks off in between, one comes twice, which
 * the stages expect.
 * @returns how many were sent back.
 */
export async function sendBack(
  sqs: SQSClient,
  { from, to, kinds }: { from: string; to: string; kinds: readonly string[] },
): Promise<number> {
  const others: Message[] = [];
  const seen = new Set<string>();
  let sent = 0;
  for (let empty = 0; empty < EMPTY_LOOKS;) {
    const fresh = (await look(sqs, from)).filter(({ MessageId = '' }) => !seen.has(MessageId));
    empty = fresh.length === 0 ? empty + 1 : 0;
    for (const message of fresh) {
      seen.add(message.MessageId ?? '');
      if (!kinds.includes(message.MessageAttributes?.kind?.StringValue ?? '')) {
        others.push(message);
        continue;
      }
      const { Body: MessageBody = '', ReceiptHandle } = message;
      await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody, MessageGroupId: groupOf(MessageBody) }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
      sent += 1;
    }
  }
  await show(sqs, from, others);
  return sent;
}

async function look(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: LOOK_SECONDS,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['kind'],
    }),
  );
  return Messages;
}

/** A move right afterwards takes only what can be received. */
async function show(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let i = 0; i < messages.length; i += 10) {
    const Entries = messages
      .slice(i, i + 10)
      .map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** As the stages group their messages: by subscription, organization or job. */
function groupOf(body: string): string {
  const { subscription_id, event, job } = JSON.parse(body) as {
    subscription_id?: string;
    event?: { organization?: string };
    job?: { subscription_id?: string; replay_id?: string };
  };
  return subscription_id ?? event?.organization ?? job?.subscription_id ?? job?.replay_id ?? 'dead-letters';
}
