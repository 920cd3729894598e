import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, redrive, startTestSqs, times } from './sqs.ts';

describe('queues', () => {
  it('keeps a redrive policy and gives a URL on its own address', async () => {
    const sqs = await startTestSqs();
    const deadLetters = await sqs.queue();

    const url = await sqs.queue(redrive(await sqs.arn(deadLetters), 4), 'deliveries');

    expect(url).toBe(`${sqs.server.endpoint}/${ACCOUNT}/deliveries`);
    const policy = JSON.parse((await sqs.attributes(url)).RedrivePolicy!) as unknown;
    expect(policy).toEqual({ deadLetterTargetArn: await sqs.arn(deadLetters), maxReceiveCount: 4 });
  });

  it('gives the same queue for the same attributes and refuses other ones', async () => {
    const sqs = await startTestSqs();
    const first = await sqs.queue({ VisibilityTimeout: '5' }, 'same');

    expect(await sqs.queue({ VisibilityTimeout: '5' }, 'same')).toBe(first);
    expect(await sqs.queue({}, 'same')).toBe(first);
    await expect(sqs.queue({ VisibilityTimeout: '9' }, 'same')).rejects.toMatchObject({ name: 'QueueNameExists' });
  });

  it('takes attributes spelled as in a template: numbers, booleans, objects in any order', async () => {
    const sqs = await startTestSqs();
    const arn = await sqs.arn(await sqs.queue());
    const asTemplate = {
      VisibilityTimeout: 90,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: '4', deadLetterTargetArn: arn },
    };
    const create = (Attributes: unknown) =>
      fetch(sqs.server.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'AmazonSQS.CreateQueue', 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ QueueName: 'template', Attributes }),
      });

    const first = await create(asTemplate);
    const again = await sqs.queue(
      { VisibilityTimeout: '90', SqsManagedSseEnabled: 'true', ...redrive(arn, 4) },
      'template',
    );

    expect(await first.json()).toEqual({ QueueUrl: again });
  });

  it.each([
    [
      'a dead-letter queue that does not exist',
      redrive(`arn:aws:sqs:us-east-1:${ACCOUNT}:nope`, 2),
      'InvalidParameterValue',
    ],
    ['an attribute that no queue has', { Colour: 'red' }, 'InvalidAttributeName'],
    ['a value out of range', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['a FIFO queue whose name does not say so', { FifoQueue: 'true' }, 'InvalidParameterValue'],
  ])('refuses %s', async (_, attributes, name) => {
    const sqs = await startTestSqs();

    await expect(sqs.queue(attributes as Record<string, string>)).rejects.toMatchObject({ name });
  });

  it('says that a queue does not exist, by either protocol name', async () => {
    const sqs = await startTestSqs();
    const url = (await sqs.queue()).replace(/[^/]+$/, 'nope');

    await expect(sqs.send(url, 'x')).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
    await expect(sqs.client.send(new GetQueueUrlCommand({ QueueName: 'nope' }))).rejects.toThrow(/does not exist/);
  });

  it('finds a queue by its name', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue({}, 'named');

    expect((await sqs.client.send(new GetQueueUrlCommand({ QueueName: 'named' }))).QueueUrl).toBe(url);
  });

  it('lists queues by prefix, page by page', async () => {
    const sqs = await startTestSqs();
    const urls: string[] = [];
    for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) urls.push(await sqs.queue({}, name));

    const first = await sqs.client.send(new ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2 }));
    const rest = await sqs.client.send(
      new ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2, NextToken: first.NextToken }),
    );

    expect([...first.QueueUrls!, ...rest.QueueUrls!]).toEqual(urls.slice(0, 3));
    expect(rest.NextToken).toBeUndefined();
  });

  it('lists the queues that a dead-letter queue serves', async () => {
    const sqs = await startTestSqs();
    const deadLetters = await sqs.queue();
    const source = await sqs.queue(redrive(await sqs.arn(deadLetters), 1));

    const result = await sqs.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters }));

    expect(result.queueUrls).toEqual([source]);
  });

  it('changes attributes, and takes a redrive policy away with an empty value', async () => {
    const sqs = await startTestSqs();
    const url = await sqs.queue(redrive(await sqs.arn(await sqs.queue()), 1));
    const Attributes = { VisibilityTimeout: '77', RedrivePolicy: '' };

    await sqs.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));

    const all = await sqs.attributes(url);
    expect(all).toMatchObject({ VisibilityTimeout: '77', MessageRetentionPeriod: '345600' });
    expect(all.RedrivePolicy).toBeUndefined();
  });

  it.each([
    { SqsManagedSseEnabled: 'true' },
    { KmsMasterKeyId: 'alias/aws/sqs' },
    { RedriveAllowPolicy: '{"redrivePermission":"allowAll"}' },
    { Policy: '{"Version":"2012-10-17","Statement":[]}' },
  ])('accepts and shows %j', async (attributes) => {
    const sqs = await startTestSqs();

    const url = await sqs.queue(attributes as unknown as Record<string, string>);

    expect(await sqs.attributes(url)).toMatchObject(attributes);
  });

  it('tags and untags', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();

    await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'visits', stage: 'test' } }));
    await sqs.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['stage'] }));

    expect((await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'visits' });
  });

  it('purges, and not twice within 60 seconds', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue();
    const purge = () => sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
    await sqs.sendMany(
      QueueUrl,
      times(3, () => ({ MessageBody: 'm' })),
    );
    await sqs.receive(QueueUrl, { MaxNumberOfMessages: 1 });

    await purge();

    expect(await sqs.counts(QueueUrl)).toBe('0,0,0');
    await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    sqs.clock.advance(60_000);
    await purge();
  });

  it('deletes a queue with its messages, and tells a receive that waits on it', async () => {
    const sqs = await startTestSqs();
    const QueueUrl = await sqs.queue({}, 'gone');
    const waiting = await sqs.beginReceive(QueueUrl, 20);
    const told = expect(waiting.messages).rejects.toMatchObject({ name: 'QueueDoesNotExist' });

    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));

    await told;
    await expect(sqs.send(QueueUrl, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await sqs.client.send(new CreateQueueCommand({ QueueName: 'gone' }));
    expect(await sqs.counts(QueueUrl)).toBe('0,0,0');
  });
});
