import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodies, startTestSqs, times, type Sqs } from './sqs.ts';

async function sendGroup(sqs: Sqs, url: string, group: string, batches: number): Promise<void> {
  for (let i = 0; i < batches; i++) {
    await sqs.sendMany(
      url,
      times(10, () => ({ MessageBody: group, MessageGroupId: group })),
    );
  }
}

describe('fair queues', () => {
  it('take and return a message group id, and give several of one group at once', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    await sqs.sendMany(
      url,
      times(2, () => ({ MessageBody: 'm', MessageGroupId: 'customer-1' })),
    );

    const messages = await sqs.receive(url);

    expect(messages.map((message) => message.Attributes?.MessageGroupId)).toEqual(['customer-1', 'customer-1']);
  });

  it('let a quiet group pass once a noisy one has 30 messages in flight', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    await sendGroup(sqs, url, 'noisy', 6);
    await sqs.sendMany(url, [{ MessageBody: 'quiet', MessageGroupId: 'quiet' }, { MessageBody: 'no group' }]);

    for (let i = 0; i < 3; i++) expect(new Set(bodies(await sqs.receive(url)))).toEqual(new Set(['noisy']));

    expect(bodies(await sqs.receive(url)).slice(0, 3)).toEqual(['quiet', 'no group', 'noisy']);
  });

  it('find what comes back or comes later from a quiet group, however often they looked past the noisy one', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    await sqs.send(url, 'early', { MessageGroupId: 'quiet', DelaySeconds: 60 });
    await sendGroup(sqs, url, 'noisy', 8);
    for (let i = 0; i < 5; i++) await sqs.receive(url, { VisibilityTimeout: 600 });

    sqs.clock.advance(60_000);
    expect(bodies(await sqs.receive(url, { VisibilityTimeout: 0 }))[0]).toBe('early');
    expect(bodies(await sqs.receive(url, { VisibilityTimeout: 600 }))[0]).toBe('early');
    await sqs.send(url, 'late', { MessageGroupId: 'quiet' });
    expect(bodies(await sqs.receive(url))[0]).toBe('late');
  });

  it('treat a group as any other again when its messages are done', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    await sendGroup(sqs, QueueUrl, 'noisy', 5);
    await sqs.send(QueueUrl, 'quiet', { MessageGroupId: 'quiet' });
    for (let i = 0; i < 3; i++) {
      const Entries = (await sqs.receive(QueueUrl)).map(({ ReceiptHandle }, n) => ({ Id: `e${n}`, ReceiptHandle }));
      await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }

    expect(bodies(await sqs.receive(QueueUrl))).not.toContain('quiet');
  });
});

describe('FIFO queues', () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

  it('give a group in order, each content once within five minutes, with rising sequence numbers', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue(fifo, 'order.fifo');
    for (const body of ['1', '2', '2', '3']) await sqs.send(url, body, { MessageGroupId: 'g' });

    const messages = await sqs.receive(url);

    expect(bodies(messages)).toEqual(['1', '2', '3']);
    const numbers = messages.map((message) => message.Attributes!.SequenceNumber!);
    expect(numbers).toEqual([...numbers].sort());
    sqs.clock.advance(300_000);
    await sqs.send(url, '1', { MessageGroupId: 'other' });
    expect(bodies(await sqs.receive(url))).toContain('1');
  });

  it('lock a group while one of its messages is in flight, and wake who waits for it', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue(fifo, 'lock.fifo');
    for (const [body, group] of Object.entries({ a1: 'a', a2: 'a', b1: 'b' }))
      await sqs.send(QueueUrl, body, { MessageGroupId: group });

    const [first] = await sqs.receive(QueueUrl, { MaxNumberOfMessages: 1 });
    expect(bodies(await sqs.receive(QueueUrl))).toEqual(['b1']);
    const waiting = await sqs.beginReceive(QueueUrl, 20);
    const Entries = [{ Id: 'a1', ReceiptHandle: first!.ReceiptHandle! }];
    await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));

    expect(bodies(await waiting.messages)).toEqual(['a2']);
  });

  it('require a group, and an id where the content is none', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ FifoQueue: 'true' }, 'strict.fifo');

    await expect(sqs.send(url, 'm')).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(sqs.send(url, 'm', { MessageGroupId: 'g' })).rejects.toThrow('MessageDeduplicationId');
  });
});
