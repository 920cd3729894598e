import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueueOverview, type NamedQueue } from '../../lambdas/queues/overview.ts';
import { startSqs } from '../../local/sqs/server.ts';

let server: Awaited<ReturnType<typeof startSqs>>;
let sqs: SQSClient;
beforeAll(async () => {
  server = await startSqs({ file: ':memory:', port: 0, region: 'us-east-1', accountId: '000000000000' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
});
afterAll(async () => {
  sqs.destroy();
  await server.close();
});

async function aQueue(name: string, letters: { kind?: string; delay?: number }[]): Promise<NamedQueue> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `x-${name}` }));
  for (const { kind, delay } of letters) {
    const MessageAttributes = kind === undefined ? undefined : { kind: { DataType: 'String', StringValue: kind } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: delay, MessageAttributes }));
  }
  return { name, url: QueueUrl! };
}

describe('the overview of queues', () => {
  it('tells how deep each is, and how old by its name in AWS', async () => {
    const events = await aQueue('events', [{}, {}, { delay: 900 }]);
    const empty = await aQueue('empty', []);
    const asked: string[][] = [];
    const overview = createQueueOverview(sqs, {
      queues: [events, empty],
      deadLetters: [],
      mixed: empty,
      ages: (names) => (asked.push([...names]), Promise.resolve(new Map([['x-events', 12]]))),
    });

    expect(await overview.queues()).toEqual([
      { name: 'events', waiting: 2, in_flight: 0, delayed: 1, oldestSeconds: 12 },
      { name: 'empty', waiting: 0, in_flight: 0, delayed: 0, oldestSeconds: undefined },
    ]);
    expect(asked).toEqual([['x-events', 'x-empty']]);
  });

  it('tells dead letters of ours from those that an endpoint refused, also twice in a row', async () => {
    const kinds = ['platform', 'customer', 'poison', undefined, undefined, 'something new'];
    const mixed = await aQueue(
      'mixed',
      [...kinds, ...Array.from({ length: 10 }, () => undefined)].map((kind) => ({ kind })),
    );
    const own = await aQueue('own', [{}, {}, {}]);
    const overview = createQueueOverview(sqs, {
      queues: [],
      deadLetters: [own],
      mixed,
      ages: () => Promise.resolve(new Map()),
    });

    const first = await overview.deadLetters();
    // Those that somebody looks at are counted all the same.
    const [again] = await overview.deadLetters();

    expect(first).toEqual([
      { name: 'mixed', count: 16, looked: { ours: 2, of: 16 } },
      { name: 'own', count: 3 },
    ]);
    expect(again?.count).toBe(16);
  });
});
