import { createHash } from 'node:crypto';
import { DeleteMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodies, startTestSqs, times } from './sqs.ts';

const KIB = 1024;
const batch = (QueueUrl: string, Entries: { Id: string; MessageBody: string }[]) =>
  new SendMessageBatchCommand({ QueueUrl, Entries });
const entries = (count: number, bytes: number) =>
  times(count, (i) => ({ Id: `e${i}`, MessageBody: 'x'.repeat(bytes) }));

describe('sending', () => {
  it('carries any allowed text, with its digest, until it is deleted', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    const text = 'héllo "x" \n𝒳 🩺';

    const sent = await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: text }));
    const [message] = await sqs.receive(QueueUrl);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle! }));

    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update(text).digest('hex'));
    expect(message).toMatchObject({ Body: text, MessageId: sent.MessageId });
    expect(await sqs.counts(QueueUrl)).toBe('0,0,0');
  });

  it.each([
    ['10 small messages', 10, 2],
    ['10 messages of 60 kB', 10, 60_000],
    ['exactly 1 MiB together', 8, 128 * KIB],
    ['one message of 1 MiB', 1, 1024 * KIB],
  ])('takes %s', async (_, count, bytes) => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();

    const result = await sqs.client.send(batch(QueueUrl, entries(count, bytes)));

    expect([result.Successful?.length, result.Failed ?? []]).toEqual([count, []]);
    expect((await sqs.receive(QueueUrl)).map((message) => message.Body!.length)).toEqual(times(count, () => bytes));
  });

  it('refuses a batch over 1 MiB whole, and one message over its limit alone', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    const small = await sqs.queue({ MaximumMessageSize: '1024' });

    await expect(sqs.client.send(batch(QueueUrl, entries(8, 128 * KIB + 1)))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
    });
    await expect(sqs.send(QueueUrl, 'x'.repeat(1024 * KIB + 1))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(sqs.send(small, 'x'.repeat(KIB + 1))).rejects.toThrow('shorter than 1024 bytes');
    const mixed = await sqs.client.send(
      batch(small, [...entries(1, 5), { Id: 'big', MessageBody: 'x'.repeat(KIB + 1) }]),
    );
    expect(mixed.Successful?.map((entry) => entry.Id)).toEqual(['e0']);
    expect(mixed.Failed).toMatchObject([{ Id: 'big', SenderFault: true, Code: 'InvalidParameterValue' }]);
    expect(await sqs.counts(QueueUrl)).toBe('0,0,0');
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['11 entries', entries(11, 1), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [...entries(1, 1), ...entries(1, 1)], 'BatchEntryIdsNotDistinct'],
    ['an id with a blank', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
  ])('refuses a batch with %s', async (_, given, name) => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();

    await expect(sqs.client.send(batch(QueueUrl, given))).rejects.toMatchObject({ name });
  });

  it.each(['a\u0001b', 'a\ufffeb', 'a\uffffb'])('refuses the forbidden character in %j', async (body) => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();

    await expect(sqs.send(QueueUrl, body)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    const mixed = await sqs.client.send(batch(QueueUrl, [...entries(1, 1), { Id: 'bad', MessageBody: body }]));
    expect(mixed.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents' }]);
    expect(mixed.Successful).toHaveLength(1);
  });

  it('returns String, Number and Binary attributes as they were, and their digest', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    const MessageAttributes = {
      s: { DataType: 'String', StringValue: 'v' },
      n: { DataType: 'Number', StringValue: '42' },
      b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };

    const sent = await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes }));
    const [message] = await sqs.receive(QueueUrl);

    expect(message!.MessageAttributes).toEqual(MessageAttributes);
    // Worked out from the documented layout by other means (Python's hashlib).
    expect(sent.MD5OfMessageAttributes).toBe('3ff0eaeb4061f8ab8fee54f7f11ace32');
    expect(message!.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  it('gives only the attributes that were asked for', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue({ VisibilityTimeout: '0' });
    const value = { DataType: 'String', StringValue: 'v' };
    await sqs.send(QueueUrl, 'm', { MessageAttributes: { 'trace.id': value, other: value } });

    const [none] = await sqs.receive(QueueUrl, { MessageSystemAttributeNames: [], MessageAttributeNames: [] });
    const [some] = await sqs.receive(QueueUrl, {
      MessageSystemAttributeNames: ['SentTimestamp'],
      MessageAttributeNames: ['trace.*'],
    });

    expect([none!.Attributes, none!.MessageAttributes]).toEqual([undefined, undefined]);
    expect(Object.keys(some!.Attributes!)).toEqual(['SentTimestamp']);
    expect(Object.keys(some!.MessageAttributes!)).toEqual(['trace.id']);
  });

  it('tells sender, times, receives and trace header of a message', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    const sentAt = sqs.clock.now();
    const StringValue = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    await sqs.send(QueueUrl, 'm', { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } } });
    sqs.clock.advance(1_500);

    const [message] = await sqs.receive(QueueUrl);

    expect(message!.Attributes).toEqual({
      SenderId: 'AKIATEST',
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(sentAt + 1_500),
      ApproximateReceiveCount: '1',
      AWSTraceHeader: StringValue,
    });
  });

  it('keeps the order of sending within what one receive gives', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    await sqs.sendMany(
      QueueUrl,
      times(10, (i) => ({ MessageBody: `m${i}` })),
    );

    expect(bodies(await sqs.receive(QueueUrl))).toEqual(times(10, (i) => `m${i}`));
  });
});
