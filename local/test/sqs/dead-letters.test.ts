import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type ListMessageMoveTasksResultEntry,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../test/support/wait-for.ts';
import { bodies, redrive, startTestSqs, times, type Sqs } from './sqs.ts';

/** A queue with its dead-letter queue. */
async function pair(sqs: Sqs, maxReceiveCount: number, visibility = '0') {
  const deadLetters = await sqs.queue();
  const arn = await sqs.arn(deadLetters);
  const source = await sqs.queue({ VisibilityTimeout: visibility, ...redrive(arn, maxReceiveCount) });
  return { deadLetters, arn, source };
}

describe('dead-letter queues', () => {
  it.each([1, 2, 3, 4])('get a message at the receive after exactly %i', async (max) => {
    const sqs = await startTestSqs();
    const { deadLetters, source } = await pair(sqs, max, '30');
    const id = await sqs.send(source, 'poison');

    for (let i = 1; i <= max; i++) {
      const [message] = await sqs.receive(source);
      expect(message?.Attributes?.ApproximateReceiveCount).toBe(String(i));
      const handle = { QueueUrl: source, ReceiptHandle: message!.ReceiptHandle! };
      await sqs.client.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 }));
      expect(await sqs.counts(deadLetters)).toBe('0,0,0');
    }

    expect(await sqs.receive(source)).toEqual([]);
    expect(await sqs.receive(deadLetters)).toMatchObject([{ Body: 'poison', MessageId: id }]);
  });

  it('keep attributes and time of sending, and say where the message came from', async () => {
    const sqs = await startTestSqs();
    const { deadLetters, source } = await pair(sqs, 1);
    const sentAt = String(sqs.clock.now());
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } };
    await sqs.send(source, 'p', { MessageAttributes });
    sqs.clock.advance(5_000);
    await sqs.receive(source);
    await sqs.receive(source);

    const [message] = await sqs.receive(deadLetters);

    const Attributes = { DeadLetterQueueSourceArn: await sqs.arn(source), SentTimestamp: sentAt };
    expect(message).toMatchObject({ MessageAttributes, Attributes });
  });

  it('get nothing before somebody receives, and wake who waits on them', async () => {
    const sqs = await startTestSqs();
    const { deadLetters, source } = await pair(sqs, 1, '1');
    await sqs.send(source, 'p');
    await sqs.receive(source);
    sqs.clock.advance(1_000);

    expect(await sqs.counts(deadLetters)).toBe('0,0,0');
    const waiting = await sqs.beginReceive(deadLetters, 20);
    expect(await sqs.receive(source)).toEqual([]);

    expect(bodies(await waiting.messages)).toEqual(['p']);
  });

  it('do not keep a receive from the good messages behind the bad ones', async () => {
    const sqs = await startTestSqs();
    const { deadLetters, source } = await pair(sqs, 1);
    await sqs.sendMany(
      source,
      times(10, () => ({ MessageBody: 'bad' })),
    );
    await sqs.sendMany(
      source,
      times(10, () => ({ MessageBody: 'bad' })),
    );
    for (let i = 0; i < 2; i++) await sqs.receive(source, { VisibilityTimeout: 1 });
    await sqs.sendMany(
      source,
      times(3, () => ({ MessageBody: 'good' })),
    );
    sqs.clock.advance(1_000);

    expect(bodies(await sqs.receive(source))).toEqual(['good', 'good', 'good']);
    expect(await sqs.counts(deadLetters)).toBe('20,0,0');
  });
});

describe('message-move tasks', () => {
  const latest = async (sqs: Sqs, SourceArn: string): Promise<ListMessageMoveTasksResultEntry> =>
    (await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results![0]!;
  const ended = (sqs: Sqs, arn: string) =>
    waitFor('the task to end', async () => {
      const task = await latest(sqs, arn);
      return task.Status !== 'RUNNING' && task;
    });

  async function filled(sqs: Sqs, count: number) {
    const queues = await pair(sqs, 1);
    await sqs.sendMany(
      queues.source,
      times(count, (i) => ({ MessageBody: `m${i}` })),
    );
    await sqs.receive(queues.source);
    await sqs.receive(queues.source);
    expect(await sqs.counts(queues.deadLetters)).toBe(`${count},0,0`);
    return queues;
  }

  it('bring messages back to their source as new ones: other id, other time, no receives', async () => {
    const sqs = await startTestSqs();
    const { deadLetters, arn, source } = await filled(sqs, 3);
    const before = await sqs.receive(deadLetters, { VisibilityTimeout: 0 });
    sqs.clock.advance(5_000);

    await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
    const task = await ended(sqs, arn);

    const numbers = { ApproximateNumberOfMessagesMoved: 3, ApproximateNumberOfMessagesToMove: 3 };
    expect(task).toMatchObject({ Status: 'COMPLETED', SourceArn: arn, ...numbers });
    const after = await sqs.receive(source);
    expect(bodies(after)).toEqual(['m0', 'm1', 'm2']);
    expect(before.map((message) => message.MessageId)).not.toContain(after[0]!.MessageId);
    const Attributes = { SentTimestamp: String(sqs.clock.now()), ApproximateReceiveCount: '1' };
    expect(after[0]).toMatchObject({ Attributes });
    expect(after[0]!.Attributes!.DeadLetterQueueSourceArn).toBeUndefined();
  });

  it('keep to their rate', async () => {
    const sqs = await startTestSqs();
    const { arn, source } = await filled(sqs, 5);
    const input = { SourceArn: arn, MaxNumberOfMessagesPerSecond: 2 };

    await sqs.client.send(new StartMessageMoveTaskCommand(input));
    await waitFor('the first portion', async () => (await sqs.counts(source)) === '2,0,0');
    sqs.clock.advance(999);
    expect(await sqs.counts(source)).toBe('2,0,0');
    sqs.clock.advance(1);
    expect(await sqs.counts(source)).toBe('4,0,0');
    expect(await latest(sqs, arn)).toMatchObject({ Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 2 });
    sqs.clock.advance(1_000);
    expect((await ended(sqs, arn)).ApproximateNumberOfMessagesMoved).toBe(5);
  });

  it('can be cancelled, and only one runs at a time', async () => {
    const sqs = await startTestSqs();
    const { arn, source } = await filled(sqs, 5);
    const start = () =>
      sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arn, MaxNumberOfMessagesPerSecond: 1 }));
    const { TaskHandle } = await start();
    await waitFor('the first message', async () => (await sqs.counts(source)) === '1,0,0');

    await expect(start()).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    const cancelled = await sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    sqs.clock.advance(10_000);

    expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(1);
    expect(await latest(sqs, arn)).toMatchObject({ Status: 'CANCELLED' });
    expect(await sqs.counts(source)).toBe('1,0,0');
    await expect(sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('move to another queue when told so, and wake who waits there', async () => {
    const sqs = await startTestSqs();
    const { arn } = await filled(sqs, 2);
    const elsewhere = await sqs.queue();
    const waiting = await sqs.beginReceive(elsewhere, 20);

    await sqs.client.send(
      new StartMessageMoveTaskCommand({ SourceArn: arn, DestinationArn: await sqs.arn(elsewhere) }),
    );

    expect(bodies(await waiting.messages)).toEqual(['m0', 'm1']);
  });

  it('fail on a message whose source nobody knows, and refuse a queue that is no dead-letter queue', async () => {
    const sqs = await startTestSqs();
    const { deadLetters, arn, source } = await pair(sqs, 1);
    await sqs.send(deadLetters, 'sent here directly');

    await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));

    const FailureReason = 'CouldNotDetermineMessageSource';
    expect(await ended(sqs, arn)).toMatchObject({ Status: 'FAILED', FailureReason });
    const SourceArn = await sqs.arn(source);
    await expect(sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toThrow('Dead Letter Queue');
  });
});
