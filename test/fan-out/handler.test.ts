import { CreateQueueCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSqs, type AwsCall, type Fault, type SqsServer } from '../../local/sqs/server.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { handlersInProcess } from '../support/handlers-in-process.ts';
import { handedOut } from '../support/in-hand.ts';
import { startTables, type Tables } from '../support/tables.ts';
import { delivery, event, goesTo, received, row } from './support.ts';

// The handler as deployed, on the local SQS and DynamoDB.

let tables: Tables;
let server: SqsServer;
let sqs: SQSClient;
let fault: ((call: AwsCall) => Fault | undefined) | undefined;
let lines: Record<string, unknown>[] = [];
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
const queues = { events: '', deliveries: '', slow: '', dead: '' };

beforeAll(async () => {
  tables = await startTables();
  server = await startSqs({
    file: ':memory:',
    port: 0,
    region: 'us-east-1',
    accountId: '000000000000',
    fault: (call) => fault?.(call),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  for (const name of ['events', 'deliveries', 'slow', 'dead'] as const) {
    queues[name] = (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl!;
  }
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: server.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    EVENTS_QUEUE_URL: queues.events,
    EVENTS_DEAD_LETTER_QUEUE_URL: queues.dead,
    DELIVERIES_QUEUE_URL: queues.deliveries,
    SLOW_DELIVERIES_QUEUE_URL: queues.slow,
    SUBSCRIPTIONS_TABLE: tables.table('Subscriptions'),
    ENDPOINT_HEALTH_TABLE: tables.table('EndpointHealth'),
    EVENTS_TABLE: tables.table('Events'),
    EVENT_RETENTION_DAYS: '30',
    REPLAYS_TABLE: tables.table('Replays'),
    PURGE_SECONDS: '300',
    ALLOW_HTTP: 'false',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  handlersInProcess({ dynamoDb: tables.server, sqs: server });
  handler = (await import('../../lambdas/fan-out/handler.ts')).handler;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  sqs.destroy();
  await server.close();
  await tables.close();
});

beforeEach(() => {
  fault = undefined;
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  });
  return () => {
    vi.restoreAllMocks();
  };
});

const context = { getRemainingTimeInMillis: () => 120_000 } as Context;

/** Runs the handler on messages. @returns ids of those that come again. */
async function run(...messages: { messageId: string; body: string }[]): Promise<string[]> {
  const answer = await handler({ Records: messages.map(handedOut) } as unknown as SQSEvent, context);
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const put = (name: 'Subscriptions' | 'EndpointHealth', Item: Record<string, unknown>) =>
  tables.dynamoDb.send(new PutCommand({ TableName: tables.table(name), Item }));

/** A call of SQS within this process: 10,000 messages of 20 KB by the SDK, which takes an MD5 of each, are seconds. */
const ofSqs = (operation: string, input: object): Promise<Record<string, unknown>> =>
  server.call({ operation, accessKeyId: 'test', input: { ...input } }, new AbortController().signal);

/** Takes everything out of a queue. */
async function drain(QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = (await ofSqs('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['MessageGroupId'],
    })) as { Messages?: Message[] };
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await ofSqs('DeleteMessageBatch', { QueueUrl, Entries });
  }
}

describe('the handler', () => {
  it('queues a delivery for each matching row, in the lane of its endpoint, and records the event', async () => {
    await put('Subscriptions', row('sub_string', { organization: 'handler', events: 'visit.ended' }));
    await put('Subscriptions', row('sub_set', { organization: 'handler', events: new Set(['visit.ended', 'shift']) }));
    await put('Subscriptions', row('sub_slow', { organization: 'handler', timeout_seconds: '5' }));
    await put('Subscriptions', row('sub_bad', { organization: 'handler', url: 'https://10.0.0.1/' }));
    await put('EndpointHealth', {
      subscription: 'sub_slow',
      organization: 'handler',
      failures: 0,
      slow_until_ms: Date.now() + 60_000,
    });
    const one = event({ organization: 'handler', enqueued_ms: Date.now() });

    expect(await run(received(one))).toEqual([]);

    const fast = await drain(queues.deliveries);
    const slow = await drain(queues.slow);
    expect(goesTo(fast.map(({ Body }) => delivery(Body!)))).toEqual(['sub_set', 'sub_string']);
    expect(fast.map(({ Attributes }) => Attributes?.MessageGroupId).sort()).toEqual(['sub_set', 'sub_string']);
    expect(goesTo(slow.map(({ Body }) => delivery(Body!)))).toEqual(['sub_slow']);
    expect(delivery(fast[0]!.Body!).event).toEqual(one);
    const events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30 });
    expect((await events.get('handler', one.id))?.matched.sort()).toEqual(['sub_set', 'sub_slow', 'sub_string']);
    expect(lines.find((line) => line.message === 'event fanned out')).toMatchObject({
      matched: 3,
      queued: 3,
      slow: 1,
    });
    expect(lines.at(-1)).toMatchObject({ EventsFannedOut: 1, DeliveriesQueued: 3, UnreadableSubscriptions: 1 });
  });

  it('moves a poison message to the dead letters with the reason, and nothing else of it in the attributes', async () => {
    expect(await run({ messageId: 'm1', body: '{"v":7,"patient":"Ada"}' })).toEqual([]);
    const [letter, ...more] = await drain(queues.dead);
    expect(more).toEqual([]);
    expect(letter!.Body).toBe('{"v":7,"patient":"Ada"}');
    expect(Object.keys(letter!.MessageAttributes!).sort()).toEqual(['kind', 'reason']);
    expect(letter!.MessageAttributes!.kind!.StringValue).toBe('poison');
    expect(JSON.stringify([letter!.MessageAttributes, lines])).not.toContain('Ada');
  });

  it('asks for a poison message again when it cannot be moved', async () => {
    fault = ({ input }) =>
      input.QueueUrl === queues.dead ? { when: 'before', status: 400, code: 'OverLimit' } : undefined;
    expect(await run({ messageId: 'm1', body: 'poison' })).toEqual(['m1']);
  });

  it('queues everything again, to be rechecked, when SQS broke off after the event was recorded', async () => {
    await put('Subscriptions', row('sub_again', { organization: 'again' }));
    const one = event({ organization: 'again' });
    fault = ({ input }) =>
      input.QueueUrl === queues.deliveries ? { when: 'before', status: 400, code: 'OverLimit' } : undefined;
    expect(await run(received(one))).toEqual([]);

    fault = undefined;
    expect(await run(received(one))).toEqual([]);

    const messages = (await drain(queues.deliveries)).map(({ Body }) => delivery(Body!));
    expect(messages).toMatchObject([{ subscription_id: 'sub_again', recheck: true }]);
    expect(lines.find((line) => line.message === 'event fanned out' && line.level === 'INFO')).toMatchObject({
      run: 'second',
    });
  });

  it('serves 10,000 subscriptions of one organization with one event, each once', async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `sub_${String(i).padStart(26, '0')}`);
    for (let i = 0; i < ids.length; i += 25) {
      const requests = ids.slice(i, i + 25).map((id) => ({ PutRequest: { Item: row(id, { organization: 'huge' }) } }));
      await tables.dynamoDb.send(
        new BatchWriteCommand({ RequestItems: { [tables.table('Subscriptions')]: requests } }),
      );
    }
    const one = event({ organization: 'huge', enqueued_ms: Date.now(), data: `"${'x'.repeat(20_000)}"` });
    const before = server.calls.get('SendMessageBatch') ?? 0;

    expect(await run(received(one))).toEqual([]);

    expect(server.calls.get('SendMessageBatch')! - before).toBe(1_000);
    const sent = await drain(queues.deliveries);
    expect(goesTo(sent.map(({ Body }) => delivery(Body!)))).toEqual(ids);
    const events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30 });
    expect((await events.get('huge', one.id))?.matched.sort()).toEqual(ids);
  }, 120_000);
});
