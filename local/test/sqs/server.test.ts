import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  DeleteMessageBatchCommand,
  ListQueuesCommand,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { AwsCall, Fault } from '../../sqs/server.ts';
import { ACCOUNT, startTestSqs } from './sqs.ts';

describe('authorization', () => {
  it('asks with key, action and queue of each call; a batch needs the action of the single call', async () => {
    const seen: AwsCall[] = [];
    const sqs = await startTestSqs({ authorize: (call) => (seen.push(call), { allowed: true }) });
    const QueueUrl = await sqs.queue({}, 'events');
    const SourceArn = await sqs.arn(QueueUrl);

    await sqs.client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'm' }] }));
    await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] }));
    await sqs.client.send(new ListQueuesCommand({}));
    await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn })).catch(() => {});

    expect(SourceArn).toBe(`arn:aws:sqs:us-east-1:${ACCOUNT}:events`);
    expect(seen.map((call) => [call.accessKeyId, call.action, call.resource])).toEqual([
      ['AKIATEST', 'sqs:CreateQueue', SourceArn],
      ['AKIATEST', 'sqs:GetQueueAttributes', SourceArn],
      ['AKIATEST', 'sqs:SendMessage', SourceArn],
      ['AKIATEST', 'sqs:DeleteMessage', SourceArn],
      ['AKIATEST', 'sqs:ListQueues', '*'],
      ['AKIATEST', 'sqs:StartMessageMoveTask', SourceArn],
    ]);
    expect(sqs.server.calls.get('SendMessageBatch')).toBe(1);
  });

  it('answers AccessDenied and executes nothing when refused', async () => {
    const message = 'User: sender is not authorized to perform: sqs:SendMessage';
    const sqs = await startTestSqs({
      authorize: ({ action }) => (action === 'sqs:SendMessage' ? { allowed: false, message } : { allowed: true }),
    });
    const url = await sqs.queue();

    await expect(sqs.send(url, 'm')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message,
      $metadata: { httpStatusCode: 403 },
    });
    expect(await sqs.counts(url)).toBe('0,0,0');
  });
});

describe('faults', () => {
  it.each<[Fault['when'], string]>([
    ['before', '0,0,0'],
    ['after', '1,0,0'],
  ])('%s the call leave %s behind, with an error or a broken connection', async (when, counts) => {
    let fault: Fault | undefined;
    const sqs = await startTestSqs({ fault: ({ action }) => (action === 'sqs:SendMessage' ? fault : undefined) });

    for (const code of ['ServiceUnavailable', 'timeout']) {
      const url = await sqs.queue();
      fault = { when, status: 503, code };
      const error = await sqs.send(url, 'm').then(
        () => undefined,
        (caught: Error & { $metadata?: { httpStatusCode?: number } }) => caught,
      );
      if (code === 'timeout') expect(error).toMatchObject({ code: 'ECONNRESET' });
      else expect(error).toMatchObject({ name: code, $metadata: { httpStatusCode: 503 } });
      expect(await sqs.counts(url)).toBe(counts);
    }
  });
});

describe('a fault of a part', () => {
  it('fails every other entry of a batch and executes the rest', async () => {
    let fault: Fault | undefined;
    const sqs = await startTestSqs({ fault: () => fault });
    const url = await sqs.queue();
    const send = (count: number) =>
      sqs.client.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody: 'm' })),
        }),
      );
    fault = { when: 'part', status: 200, code: 'InternalError' };

    const five = await send(5);
    const one = await send(1);

    fault = undefined;
    const ids = (entries: { Id: string | undefined }[] | undefined) => (entries ?? []).map(({ Id }) => Id);
    expect([ids(five.Successful), ids(five.Failed)]).toEqual([
      ['1', '3'],
      ['0', '2', '4'],
    ]);
    expect([ids(one.Successful), ids(one.Failed)]).toEqual([[], ['0']]);
    expect(five.Failed?.[0]).toMatchObject({ Code: 'InternalError', SenderFault: false });
    expect(await sqs.counts(url)).toBe('2,0,0');
  });
});

describe('the server', () => {
  it('listens on 127.0.0.1 only', async () => {
    const sqs = await startTestSqs();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address }) => address !== '127.0.0.1')
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));

    const reached = await Promise.all(['127.0.0.2', ...others].map((host) => connects(host, sqs.server.port)));

    expect(await connects('127.0.0.1', sqs.server.port)).toBe(true);
    expect(reached).not.toContain(true);
  });

  it('ends waiting receives at once when it closes', async () => {
    const sqs = await startTestSqs();
    const waiting = await sqs.beginReceive(await sqs.queue(), 20);
    const outcome = waiting.messages.then(
      (messages) => messages.length,
      (error: Error & { code?: string }) => error.code,
    );

    await sqs.server.close();

    // The clock never moved: had the close waited for the receive, this test would hang.
    expect([0, 'ECONNRESET']).toContain(await outcome);
  });

  it.each([
    [
      'another protocol',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=ListQueues',
      'AWS JSON protocol',
    ],
    ['an operation it does not have', { 'x-amz-target': 'AmazonSQS.Nope' }, '{}', 'Nope is not served'],
    ['a body that is no JSON object', { 'x-amz-target': 'AmazonSQS.ListQueues' }, '[', 'not a JSON object'],
    ['an input of the wrong type', { 'x-amz-target': 'AmazonSQS.SendMessage' }, '{"QueueUrl":7}', 'Must be a string'],
  ])('says what is wrong with %s', async (_, headers, body, message) => {
    const sqs = await startTestSqs();

    const response = await fetch(sqs.server.endpoint, { method: 'POST', headers: { ...headers }, body });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(message);
  });
});

/** Whether somebody accepts a connection there; a silent address counts as nobody after a second. */
function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1_000 });
    const end = (reached: boolean) => () => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
