import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodies, startTestSqs, times, type Sqs } from './sqs.ts';

const hide = (sqs: Sqs, QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: number) =>
  sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
const remove = (sqs: Sqs, QueueUrl: string, ReceiptHandle: string) =>
  sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

describe('delays and visibility', () => {
  it.each([
    ['the message', {}, { DelaySeconds: 2 }],
    ['the queue', { DelaySeconds: '2' }, {}],
  ])('keeps a message back for the delay of %s', async (_, attributes, more) => {
    const sqs = await startTestSqs();
    const url = await sqs.queue(attributes);
    await sqs.send(url, 'm', more);

    sqs.clock.advance(1_999);
    expect([await sqs.receive(url), await sqs.counts(url)]).toEqual([[], '0,0,1']);
    sqs.clock.advance(1);
    expect(bodies(await sqs.receive(url))).toEqual(['m']);
  });

  it('shows a message again after its timeout, and counts its receives', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '30' });
    await sqs.send(url, 'm');
    const counts: (string | undefined)[] = [];

    for (let i = 0; i < 3; i++) {
      counts.push((await sqs.receive(url))[0]?.Attributes?.ApproximateReceiveCount);
      sqs.clock.advance(29_999);
      expect(await sqs.receive(url)).toEqual([]);
      sqs.clock.advance(1);
    }

    expect(counts).toEqual(['1', '2', '3']);
  });

  it('lets a receive choose its own timeout', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    await sqs.send(url, 'm');

    await sqs.receive(url, { VisibilityTimeout: 1 });
    sqs.clock.advance(1_000);

    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('shows a message at once with timeout 0 and later with a longer one', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '30' });
    await sqs.send(url, 'm');

    await hide(sqs, url, (await sqs.receive(url))[0]!.ReceiptHandle!, 0);
    const [again] = await sqs.receive(url);
    await hide(sqs, url, again!.ReceiptHandle!, 60);
    sqs.clock.advance(59_999);

    expect(await sqs.counts(url)).toBe('0,1,0');
    sqs.clock.advance(1);
    expect(await sqs.counts(url)).toBe('1,0,0');
  });

  it('changes visibility and deletes in batches, each entry for itself', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    await sqs.sendMany(
      QueueUrl,
      times(3, (i) => ({ MessageBody: `m${i}` })),
    );
    const entries = (await sqs.receive(QueueUrl)).map(({ ReceiptHandle }, i) => ({ Id: `e${i}`, ReceiptHandle }));
    const shown = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
    const bad = { Id: 'bad', ReceiptHandle: 'garbage' };

    const changed = await sqs.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: shown }));
    const again = (await sqs.receive(QueueUrl)).map(({ ReceiptHandle }, i) => ({ Id: `e${i}`, ReceiptHandle }));
    const deleted = await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [...again, bad] }));

    expect([changed.Successful?.length, deleted.Successful?.length]).toEqual([3, 3]);
    expect(deleted.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await sqs.counts(QueueUrl)).toBe('0,0,0');
  });

  it('deletes by a handle whose timeout ran out, but not by one of an earlier receive', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '1' });
    await sqs.send(url, 'm');
    const [first] = await sqs.receive(url);
    sqs.clock.advance(1_000);
    const [second] = await sqs.receive(url);
    sqs.clock.advance(1_000);

    await remove(sqs, url, first!.ReceiptHandle!);
    expect(await sqs.counts(url)).toBe('1,0,0');
    await remove(sqs, url, second!.ReceiptHandle!);
    expect(await sqs.counts(url)).toBe('0,0,0');
  });

  it('refuses a handle that it never gave, and one of another queue', async () => {
    const sqs = await startTestSqs();
    const [url, other] = [await sqs.queue(), await sqs.queue()];
    await sqs.send(other, 'm');
    const [message] = await sqs.receive(other);

    await expect(remove(sqs, url, 'garbage')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    await expect(remove(sqs, url, message!.ReceiptHandle!)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('refuses to change the visibility of what is not in flight, gone, or in flight for 12 hours', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '43200' });
    await sqs.send(url, 'm');
    const handle = (await sqs.receive(url))[0]!.ReceiptHandle!;

    sqs.clock.advance(3_600_000);
    await expect(hide(sqs, url, handle, 39_601)).rejects.toThrow('beyond the limit');
    await hide(sqs, url, handle, 39_600);
    sqs.clock.advance(39_600_000);
    await expect(hide(sqs, url, handle, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    // The refusal rolled back what it had brought up to date; the counts must not drift from that.
    expect(await sqs.counts(url)).toBe('1,0,0');
    await remove(sqs, url, handle);
    await expect(hide(sqs, url, handle, 10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it.each([
    { MaxNumberOfMessages: 11 },
    { MaxNumberOfMessages: 0 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: -1 },
  ])('refuses to receive with %j', async (more) => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();

    await expect(sqs.receive(url, more)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('counts visible, in flight and delayed messages, also when a timeout ran out and nobody looked', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '30' });
    await sqs.sendMany(url, [...times(4, () => ({ MessageBody: 'm' })), { MessageBody: 'd', DelaySeconds: 60 }]);
    await sqs.receive(url, { MaxNumberOfMessages: 1 });

    expect(await sqs.counts(url)).toBe('3,1,1');
    sqs.clock.advance(30_000);
    expect(await sqs.counts(url)).toBe('4,0,1');
  });

  it('drops a message at the end of its retention, in flight or not', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ MessageRetentionPeriod: '60', VisibilityTimeout: '600' });
    await sqs.sendMany(
      url,
      times(2, () => ({ MessageBody: 'm' })),
    );
    await sqs.receive(url, { MaxNumberOfMessages: 1 });

    sqs.clock.advance(59_999);
    expect(await sqs.counts(url)).toBe('1,1,0');
    sqs.clock.advance(1);
    expect(await sqs.counts(url)).toBe('0,0,0');
  });
});

describe('long polls', () => {
  it('end as soon as a message comes', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    const waiting = await sqs.beginReceive(url, 20);

    await sqs.send(url, 'm');

    expect(bodies(await waiting.messages)).toEqual(['m']);
  });

  it('gives a receive what shows in the moment that its wait ends, and takes nothing more', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    for (const count of [10, 2]) {
      await sqs.sendMany(
        url,
        times(count, (n) => ({ MessageBody: `m${n}`, DelaySeconds: 20 })),
      );
    }
    const { messages } = await sqs.beginReceive(url, 20);

    sqs.clock.advance(20_000);

    expect(await messages).toHaveLength(10);
    expect(await sqs.counts(url)).toBe('2,10,0');
  });

  it.each([
    ['the request', {}, 2],
    ['the queue', { ReceiveMessageWaitTimeSeconds: '2' }, undefined],
  ])('end empty after the time of %s', async (_, attributes, seconds) => {
    const sqs = await startTestSqs();
    const url = await sqs.queue(attributes);
    let done = false;
    const receiving = sqs.receive(url, { WaitTimeSeconds: seconds }).finally(() => (done = true));
    await expect.poll(() => sqs.clock.sleeping).toBe(1);

    sqs.clock.advance(1_999);
    // A request of its own: had the wait ended, its answer would have come before this one.
    await sqs.counts(url);
    expect(done).toBe(false);
    sqs.clock.advance(1);
    expect(await receiving).toEqual([]);
  });

  it('end when a hidden or a delayed message shows', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '5' });
    await sqs.send(url, 'hidden');
    await sqs.receive(url);

    const first = await sqs.beginReceive(url, 20);
    sqs.clock.advance(5_000);
    expect(bodies(await first.messages)).toEqual(['hidden']);
    const second = await sqs.beginReceive(url, 20);
    await sqs.send(url, 'delayed', { DelaySeconds: 3 });
    sqs.clock.advance(3_000);
    expect(bodies(await second.messages)).toEqual(['delayed']);
  });

  it('end when a timeout is shortened', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({ VisibilityTimeout: '600' });
    await sqs.send(url, 'm');
    const [message] = await sqs.receive(url);
    const waiting = await sqs.beginReceive(url, 20);

    await hide(sqs, url, message!.ReceiptHandle!, 4);
    sqs.clock.advance(4_000);

    expect(bodies(await waiting.messages)).toEqual(['m']);
  });

  it('give one message to only one of two', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    const receiving = [await sqs.beginReceive(url, 2), await sqs.beginReceive(url, 2)];

    await sqs.send(url, 'm');
    sqs.clock.advance(2_000);

    const got = (await Promise.all(receiving.map((waiting) => waiting.messages))).map(bodies);
    expect(got).toEqual([['m'], []]);
  });

  it('give nothing to a caller that hung up', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue();
    const abort = new AbortController();
    const request = fetch(sqs.server.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      body: JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 }),
      signal: abort.signal,
    });
    const refused = expect(request).rejects.toThrow();
    await expect.poll(() => sqs.clock.sleeping).toBe(1);

    abort.abort();
    await refused;
    await expect.poll(() => sqs.clock.sleeping).toBe(0);
    await sqs.send(url, 'm');

    expect(await sqs.counts(url)).toBe('1,0,0');
  });
});
