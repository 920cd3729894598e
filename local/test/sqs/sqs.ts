import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
  type QueueAttributeName,
  type ReceiveMessageCommandInput,
  type SendMessageBatchRequestEntry,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { startSqs, type SqsOptions, type SqsServer } from '../../sqs/server.ts';
import { ACCOUNT, REGION } from './account.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

export { ACCOUNT } from './account.ts';

/** A server on a clock that stands still, and an unmodified client of it. */
export interface Sqs {
  server: SqsServer;
  client: SQSClient;
  clock: ManualClock;
  /** Makes a standard queue and returns its URL. */
  queue(attributes?: Record<string, string>, name?: string): Promise<string>;
  send(queueUrl: string, body: string, more?: Partial<SendMessageCommandInput>): Promise<string>;
  sendMany(queueUrl: string, entries: Omit<SendMessageBatchRequestEntry, 'Id'>[]): Promise<void>;
  /** Up to 10 messages with all attributes. */
  receive(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  /** Begins a receive that waits, and returns when it is in the line. */
  beginReceive(queueUrl: string, seconds: number): Promise<{ messages: Promise<Message[]> }>;
  attributes(queueUrl: string): Promise<Partial<Record<QueueAttributeName, string>>>;
  arn(queueUrl: string): Promise<string>;
  /** `visible,in flight,delayed` */
  counts(queueUrl: string): Promise<string>;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts a server that the end of the test stops. */
export async function startTestSqs(options: Partial<SqsOptions> & { clock?: ManualClock } = {}): Promise<Sqs> {
  const { clock = new ManualClock() } = options;
  const server = await startSqs({ file: ':memory:', port: 0, region: REGION, accountId: ACCOUNT, ...options, clock });
  closers.push(() => server.close());
  return useSqs(server, clock);
}

/** The helpers on a server that somebody else started. */
export function useSqs(server: SqsServer, clock: ManualClock, accessKeyId = 'AKIATEST'): Sqs {
  const client = clientOf(server.endpoint, accessKeyId);
  let made = 0;
  const sqs: Sqs = {
    server,
    client,
    clock,
    async queue(Attributes = {}, QueueName = `queue-${made++}`) {
      return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;
    },
    async send(QueueUrl, MessageBody, more = {}) {
      return (await client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))).MessageId!;
    },
    async sendMany(QueueUrl, entries) {
      const Entries = entries.map((entry, i) => ({ Id: `e${i}`, ...entry }));
      const result = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (result.Failed?.length) throw new Error(`Batch failed: ${JSON.stringify(result.Failed)}`);
    },
    async receive(QueueUrl, more = {}) {
      const names = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };
      const input = { QueueUrl, MaxNumberOfMessages: 10, ...names, ...more };
      return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
    async beginReceive(queueUrl, seconds) {
      const before = clock.sleeping;
      const messages = sqs.receive(queueUrl, { WaitTimeSeconds: seconds });
      await waitFor('the receive to stand in the line', () => clock.sleeping > before);
      return { messages };
    },
    async attributes(QueueUrl) {
      return (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
    },
    arn: async (queueUrl) => (await sqs.attributes(queueUrl)).QueueArn!,
    async counts(queueUrl) {
      const all = await sqs.attributes(queueUrl);
      const { ApproximateNumberOfMessages: ready, ApproximateNumberOfMessagesNotVisible: inFlight } = all;
      return [ready, inFlight, all.ApproximateNumberOfMessagesDelayed].join();
    },
  };
  return sqs;
}

/** One attempt only: a test wants to see the first answer. */
export function clientOf(endpoint: string, accessKeyId = 'AKIATEST'): SQSClient {
  const credentials = { accessKeyId, secretAccessKey: 'not-checked' };
  const client = new SQSClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
  closers.unshift(async () => client.destroy());
  return client;
}

export const redrive = (deadLetterTargetArn: string, maxReceiveCount: number): { RedrivePolicy: string } => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
});

export const bodies = (messages: Message[]): string[] => messages.map((message) => message.Body!);
export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
