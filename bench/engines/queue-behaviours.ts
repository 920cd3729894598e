import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  type Message,
  type ReceiveMessageCommandInput,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What SQS is documented to do, seen through its SDK alone, so that any engine can be asked. */
export interface Behaviour {
  name: string;
  /** What AWS's documents say comes out. */
  aws: string;
  /** @returns what came out. */
  ask(queues: Queues): Promise<string>;
}

const MIB = 2 ** 20;
/** Milliseconds beyond a whole second, for engines that count in whole ones. */
const MARGIN_MS = 400;

/** Calls of one engine, each on queues of its own. */
export class Queues {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  async make(Attributes: Record<string, string> = {}): Promise<string> {
    const created = await this.#client.send(new CreateQueueCommand({ QueueName: `q-${randomUUID()}`, Attributes }));
    return created.QueueUrl!;
  }

  /** A queue that gives up after so many receives, and its dead letter queue. */
  async makeTied(maxReceiveCount: number, arnOf?: string): Promise<{ queue: string; dead: string }> {
    const dead = await this.make();
    const deadLetterTargetArn = arnOf ?? (await this.attribute(dead, 'QueueArn'));
    const queue = await this.make({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
    return { queue, dead };
  }

  async attribute(QueueUrl: string, name: string): Promise<string> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return Attributes[name as 'QueueArn'] ?? 'none';
  }

  async set(QueueUrl: string, Attributes: Record<string, string>): Promise<void> {
    await this.#client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }

  async send(QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}): Promise<void> {
    await this.#client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  }

  /** @returns how many were taken. */
  async sendMany(QueueUrl: string, bodies: readonly string[]): Promise<number> {
    const Entries = bodies.map((MessageBody, i) => ({ Id: `e${i}`, MessageBody }));
    const { Successful = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    return Successful.length;
  }

  async receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const all = {
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All' as const],
      MessageAttributeNames: ['All'],
    };
    const { Messages = [] } = await this.#client.send(new ReceiveMessageCommand({ QueueUrl, ...all, ...more }));
    return Messages;
  }

  async delete(QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }

  async hide(QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout: number): Promise<void> {
    await this.#client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  }

  async hideMany(QueueUrl: string, messages: readonly Message[], VisibilityTimeout: number): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: `e${i}`, ReceiptHandle, VisibilityTimeout }));
    await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }

  async purge(QueueUrl: string): Promise<void> {
    await this.#client.send(new PurgeQueueCommand({ QueueUrl }));
  }

  /** Moves everything back and waits for the end. @returns its status. */
  async moveBack(SourceArn: string): Promise<string> {
    // One that never answers is an answer, too.
    const abortSignal = AbortSignal.timeout(5000);
    await this.#client.send(new StartMessageMoveTaskCommand({ SourceArn }), { abortSignal });
    for (;;) {
      const { Results = [] } = await this.#client.send(new ListMessageMoveTasksCommand({ SourceArn }), { abortSignal });
      const [task] = Results;
      if (task?.Status !== 'RUNNING') return task?.Status ?? 'none';
      await pause(100);
    }
  }
}

/** How a call ends: `taken`, or the error's name. */
async function ending(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'taken',
    (error: unknown) => (error as Error).name,
  );
}

const bodies = (messages: readonly Message[]): string => messages.map(({ Body }) => Body).join(',') || 'nothing';

/** Receives and shows again, so that the next receive finds it. @returns the receive counts. */
async function receives(queues: Queues, queue: string, times: number): Promise<string> {
  const counts: string[] = [];
  for (let i = 0; i < times; i += 1) {
    const [message] = await queues.receive(queue);
    counts.push(message?.Attributes?.ApproximateReceiveCount ?? 'nothing');
    if (message) await queues.hide(queue, message, 0);
  }
  return counts.join(',');
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html and the developer guide. */
export const BEHAVIOURS: Behaviour[] = [
  {
    name: 'ten messages of 1 MiB together',
    aws: '10',
    ask: async (q) =>
      String(await q.sendMany(await q.make(), Array<string>(10).fill('x'.repeat(Math.floor(MIB / 10))))),
  },
  {
    name: 'a batch of more than 1 MiB',
    aws: 'BatchRequestTooLong',
    ask: async (q) => ending(q.sendMany(await q.make(), Array<string>(10).fill('x'.repeat(Math.ceil(MIB / 10) + 1)))),
  },
  {
    name: 'a message of 1 MiB',
    aws: 'taken',
    ask: async (q) => ending(q.send(await q.make(), 'x'.repeat(MIB))),
  },
  {
    name: 'a message of 1 MiB and one byte',
    aws: 'InvalidParameterValue',
    ask: async (q) => ending(q.send(await q.make(), 'x'.repeat(MIB + 1))),
  },
  {
    name: 'U+0001 in a message',
    aws: 'InvalidMessageContents',
    ask: async (q) => ending(q.send(await q.make(), 'a\u0001b')),
  },
  {
    name: 'messages of one group on a standard queue',
    aws: 'tenant-1,tenant-1',
    ask: async (q) => {
      const queue = await q.make();
      for (const body of ['a', 'b']) await q.send(queue, body, { MessageGroupId: 'tenant-1' });
      return (await q.receive(queue)).map(({ Attributes }) => Attributes?.MessageGroupId).join(',');
    },
  },
  {
    name: 'a delay of three seconds',
    aws: 'nothing, then x',
    ask: async (q) => {
      const queue = await q.make();
      await q.send(queue, 'x', { DelaySeconds: 3 });
      const before = bodies(await q.receive(queue));
      await pause(3000 + MARGIN_MS);
      return `${before}, then ${bodies(await q.receive(queue))}`;
    },
  },
  {
    name: 'a receive that waits for what becomes visible',
    aws: 'x',
    ask: async (q) => {
      const queue = await q.make({ VisibilityTimeout: '1' });
      await q.send(queue, 'x');
      await q.receive(queue);
      return bodies(await q.receive(queue, { WaitTimeSeconds: 5 }));
    },
  },
  {
    name: 'receive counts, with visibility 0 in between',
    aws: '1,2,3',
    ask: async (q) => {
      const queue = await q.make();
      await q.send(queue, 'x');
      return receives(q, queue, 3);
    },
  },
  {
    name: 'visibility made longer than the queue’s',
    aws: 'nothing',
    ask: async (q) => {
      const queue = await q.make({ VisibilityTimeout: '1' });
      await q.send(queue, 'x');
      const [message] = await q.receive(queue);
      await q.hide(queue, message!, 30);
      await pause(1000 + MARGIN_MS);
      return bodies(await q.receive(queue));
    },
  },
  {
    name: 'visibility 0 for a batch',
    aws: '3',
    ask: async (q) => {
      const queue = await q.make();
      await q.sendMany(queue, ['a', 'b', 'c']);
      await q.hideMany(queue, await q.receive(queue), 0);
      return String((await q.receive(queue)).length);
    },
  },
  {
    name: 'visibility of more than 12 hours',
    aws: 'InvalidParameterValue',
    ask: async (q) => {
      const queue = await q.make();
      await q.send(queue, 'x');
      const [message] = await q.receive(queue);
      return ending(q.hide(queue, message!, 43_201));
    },
  },
  {
    name: 'a delete with an older receipt handle',
    aws: 'taken',
    ask: async (q) => {
      const queue = await q.make();
      await q.send(queue, 'x');
      const [older] = await q.receive(queue, { VisibilityTimeout: 0 });
      await q.receive(queue);
      return ending(q.delete(queue, older!));
    },
  },
  ...[1, 4].map((count) => ({
    name: `a dead letter after ${count} receives`,
    aws: `${Array.from({ length: count }, (_, i) => i + 1).join(',')},nothing: x`,
    ask: async (q: Queues) => {
      const { queue, dead } = await q.makeTied(count);
      await q.send(queue, 'x');
      return `${await receives(q, queue, count + 1)}: ${bodies(await q.receive(dead))}`;
    },
  })),
  {
    name: 'what a dead letter keeps',
    aws: 'attribute v, from its source',
    ask: async (q) => {
      const { queue, dead } = await q.makeTied(1);
      await q.send(queue, 'x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'v' } } });
      await receives(q, queue, 2);
      const [letter] = await q.receive(dead);
      const source = letter?.Attributes?.DeadLetterQueueSourceArn === (await q.attribute(queue, 'QueueArn'));
      return `attribute ${letter?.MessageAttributes?.a?.StringValue}, ${source ? 'from its source' : 'from nowhere'}`;
    },
  },
  {
    name: 'a redrive',
    aws: 'COMPLETED: x',
    ask: async (q) => redriven(q, await q.makeTied(1)),
  },
  {
    name: 'a redrive to a queue that named its dead letters later',
    aws: 'COMPLETED: x',
    ask: async (q) => {
      const [queue, dead] = [await q.make(), await q.make()];
      const deadLetterTargetArn = await q.attribute(dead, 'QueueArn');
      await q.set(queue, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) });
      return redriven(q, { queue, dead });
    },
  },
  {
    name: 'dead letters to a queue that is not there',
    aws: 'InvalidParameterValue',
    ask: async (q) => ending(q.makeTied(1, 'arn:aws:sqs:us-east-1:000000000000:nowhere')),
  },
  {
    name: 'counts: visible, in flight, delayed',
    aws: '2,1,1',
    ask: async (q) => {
      const queue = await q.make();
      await q.sendMany(queue, ['a', 'b', 'c']);
      await q.send(queue, 'd', { DelaySeconds: 60 });
      await q.receive(queue, { MaxNumberOfMessages: 1 });
      const names = ['', 'NotVisible', 'Delayed'].map((end) => `ApproximateNumberOfMessages${end}`);
      return (await Promise.all(names.map((name) => q.attribute(queue, name)))).join(',');
    },
  },
  {
    name: 'a retention that is set',
    aws: '1209600',
    ask: async (q) => {
      const queue = await q.make();
      await q.set(queue, { MessageRetentionPeriod: '1209600' });
      return q.attribute(queue, 'MessageRetentionPeriod');
    },
  },
  {
    name: 'a purge right after a purge',
    aws: 'PurgeQueueInProgress',
    ask: async (q) => {
      const queue = await q.make();
      await q.purge(queue);
      return ending(q.purge(queue));
    },
  },
];

async function redriven(q: Queues, { queue, dead }: { queue: string; dead: string }): Promise<string> {
  await q.send(queue, 'x');
  await receives(q, queue, 2);
  const status = await q.moveBack(await q.attribute(dead, 'QueueArn')).catch((error: unknown) => (error as Error).name);
  return `${status}: ${bodies(await q.receive(queue))}`;
}
