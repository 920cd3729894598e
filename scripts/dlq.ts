import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { follow } from './follow.ts';
import { calledHere, readOptions, readRate } from './read-options.ts';
import { sendBack } from './send-back.ts';
import { LOCAL_OUTPUTS } from './outputs.ts';
import { openStack } from './stack.ts';

/** Dead-letter queues by their short names, and where their messages came from: outputs of the stack. */
const QUEUES: Record<string, { dead: string; source: string }> = {
  deliveries: { dead: 'DeliveriesDeadLetterQueueUrl', source: 'DeliveriesQueueUrl' },
  events: { dead: 'EventsDeadLetterQueueUrl', source: 'EventsQueueUrl' },
  recovery: { dead: 'RecoveryDeadLetterQueueUrl', source: 'RecoveryQueueUrl' },
};
/** Dead letters that a stage put there itself and that can be processed again; `poison` never can. */
const OWN_KINDS = ['platform', 'customer'];

const USAGE = `${calledHere('dlq')} peek    [--queue ${Object.keys(QUEUES).join('|')}]   what is there: ids and reasons, no payloads
${calledHere('dlq')} redrive [--queue ${Object.keys(QUEUES).join('|')}]   sends all back; deliveries that have succeeded since are skipped
  --queue <name>     default deliveries
  --kind platform    redrive: only what was given up for a reason of ours, not what customers refused
  --rate <number>    redrive: messages a second that SQS moves (default: as fast as it likes)
  --outputs <file>   outputs of the stack (default ${LOCAL_OUTPUTS})`;

/** Receives for one peek; each brings ten messages at most. */
const PEEKS = 10;
/** Seconds that peeked messages stay unseen at most, so that the next receive brings others. */
const PEEK_SECONDS = 30;
/** Messages a second that SQS moves at most, if it is told a number. */
const LARGEST_RATE = 500;
/** Why SQS gave up moving, in words that help. */
const FAILURES: Record<string, string> = {
  CouldNotDetermineMessageSource:
    'SQS stops at a dead letter that came from no queue: one that a stage could not read and put aside itself (kind poison). "peek" shows it with its reason. Delete it in the SQS console, then redrive again.',
};

const { values, positionals } = readOptions(
  {
    allowPositionals: true,
    options: {
      queue: { type: 'string', default: 'deliveries' },
      kind: { type: 'string' },
      rate: { type: 'string' },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);

function open(): { sqs: SQSClient; QueueUrl: string; source: string } {
  const queue = QUEUES[values.queue];
  if (queue === undefined)
    throw new Error(`Expected --queue with one of ${Object.keys(QUEUES).join(', ')}, got ${values.queue}.`);
  const stack = openStack(values.outputs);
  return { sqs: stack.sqs, QueueUrl: stack.output(queue.dead), source: stack.output(queue.source) };
}

async function attributesOf(sqs: SQSClient, QueueUrl: string): Promise<{ arn: string; count: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'] }),
  );
  return { arn: Attributes.QueueArn!, count: Number(Attributes.ApproximateNumberOfMessages) };
}

/** Ids only: a body holds patient data. */
function summary(body: string): string {
  try {
    const message = JSON.parse(body) as {
      event?: { id?: string; type?: string; organization?: string };
      subscription_id?: string;
      job?: Record<string, unknown>;
    };
    const { event, subscription_id, job } = message;
    if (job) return JSON.stringify(job);
    return (
      [event?.id, event?.organization, event?.type, subscription_id].filter(Boolean).join('  ') || 'unknown message'
    );
  } catch {
    return 'not JSON';
  }
}

async function peek(): Promise<void> {
  const { sqs, QueueUrl } = open();
  console.log(`${(await attributesOf(sqs, QueueUrl)).count} dead letters in ${values.queue}`);
  const seen = new Set<string>();
  const receipts: string[][] = [];
  for (let receives = 0; receives < PEEKS; receives++) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: PEEK_SECONDS,
        // Without, SQS asks some of its servers only, and often answers that a short queue is empty.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['reason', 'kind'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    for (const { MessageId = '', Body = '', Attributes, MessageAttributes } of Messages) {
      if (seen.has(MessageId)) continue;
      seen.add(MessageId);
      const sent = new Date(Number(Attributes?.SentTimestamp)).toISOString();
      const about = ['kind', 'reason'].flatMap((name) => MessageAttributes?.[name]?.StringValue ?? []);
      console.log([sent, summary(Body), ...about].join('  '));
    }
    if (Messages.length === 0) break;
    receipts.push(Messages.map(({ ReceiptHandle = '' }) => ReceiptHandle));
  }
  // A redrive right afterwards moves only what can be received.
  for (const batch of receipts) {
    const Entries = batch.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** Sends back what stages put aside, then starts SQS's own move task for the rest and follows it. */
async function redrive(): Promise<void> {
  const rate = readRate(values.rate, LARGEST_RATE);
  if (values.kind !== undefined && values.kind !== 'platform')
    throw new Error(`Expected --kind platform or none, got ${values.kind}.`);
  const { sqs, QueueUrl, source } = open();
  if ((await attributesOf(sqs, QueueUrl)).count === 0) {
    console.log('There are no dead letters.');
    return;
  }
  const kinds = values.kind === undefined ? OWN_KINDS : [values.kind];
  const sent = await sendBack(sqs, { from: QueueUrl, to: source, kinds });
  if (sent > 0 || values.kind !== undefined) console.log(`${sent} of the kind ${kinds.join(' or ')} sent back`);
  if (values.kind !== undefined) return;
  const { arn, count } = await attributesOf(sqs, QueueUrl);
  if (count === 0) return;
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: arn,
      MaxNumberOfMessagesPerSecond: rate,
    }),
  );
  const task = await follow(
    async () => {
      const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }));
      return Results?.[0];
    },
    (one) => one?.Status !== 'RUNNING',
  );
  console.log(`${task?.ApproximateNumberOfMessagesMoved ?? 0} of ${count} moved: ${task?.Status ?? 'unknown'}`);
  if (task?.Status === 'COMPLETED') return;
  const reason = task?.FailureReason ?? 'The move did not complete.';
  throw new Error(FAILURES[reason] ?? reason);
}

const commands: Record<string, () => Promise<void>> = { peek, redrive };

try {
  const command = commands[positionals[0] ?? ''];
  if (!command) throw new Error(USAGE);
  await command();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
