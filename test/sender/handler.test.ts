import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { aMessage, ORGANIZATION, SECRET } from '../support/sender.ts';
import { startTables, type Tables } from '../support/tables.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A customer on loopback: 200, or 500 under /broken. */
const customer = createServer((request, response) => {
  received.push({ path: request.url!, id: request.headers['webhook-id'] });
  request.resume();
  response.writeHead(request.url === '/broken' ? 500 : 200, { 'content-type': 'text/plain' }).end('ok');
});
const received: { path: string; id: string | string[] | undefined }[] = [];
let tables: Tables;
let handler: Handler;

beforeAll(async () => {
  tables = await startTables();
  await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve));
  const env: Record<string, string> = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    // Nothing listens there: what SQS should be told is lost, which must not matter.
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9',
    POSTHORN_LOCAL_RECEIVERS: 'allow',
    DELIVERIES_QUEUE_URL: 'http://127.0.0.1:9/000000000000/deliveries',
    SLOW_DELIVERIES_QUEUE_URL: 'http://127.0.0.1:9/000000000000/deliveries-slow',
    DELIVERIES_DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:9/000000000000/dead',
    RECOVERY_QUEUE_URL: 'http://127.0.0.1:9/000000000000/recovery',
    SUBSCRIPTIONS_TABLE: tables.table('Subscriptions'),
    PURGE_SECONDS: '300',
    SIGNING_SECRETS_TABLE: tables.table('SigningSecrets'),
    ENDPOINT_HEALTH_TABLE: tables.table('EndpointHealth'),
    ATTEMPTS_TABLE: tables.table('Attempts'),
    HELD_DELIVERIES_TABLE: tables.table('HeldDeliveries'),
    REPLAYS_TABLE: tables.table('Replays'),
    AUDIT_TRAIL_TABLE: tables.table('AuditTrail'),
    AUDIT_RETENTION_DAYS: '2192',
    ATTEMPT_RETENTION_DAYS: '90',
    EVENT_RETENTION_DAYS: '30',
    RETRY_DELAYS: '10,60,180',
    SENDERS: '60',
    SENDER_BATCH_SIZE: '10',
    CIRCUIT_FAILURES: '20',
    CIRCUIT_SECONDS: '60',
    HEAL_HOURS: '24',
    HEAL_SECONDS: '900',
    ALLOW_HTTP: 'false',
    CLINIC_V1_SUNSET: '',
    CLINIC_V1_STATUS_CODES: '{"cancelled":"40"}',
    POSTHORN_VERSION: '0.0.0',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  ({ handler } = await import('../../lambdas/sender/handler.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  customer.closeAllConnections();
  await new Promise((resolve) => customer.close(resolve));
  await tables.close();
});

async function subscribe(id: string, path: string): Promise<void> {
  const url = `http://127.0.0.1:${(customer.address() as AddressInfo).port}${path}`;
  const put = (TableName: string, Item: Record<string, unknown>) =>
    tables.dynamoDb.send(new PutCommand({ TableName, Item }));
  await put(tables.table('Subscriptions'), { organization: ORGANIZATION, id, url });
  await put(tables.table('SigningSecrets'), {
    subscription: id,
    organization: ORGANIZATION,
    secrets: [{ key: SECRET, created_ms: 1 }],
  });
}

describe('the handler', () => {
  it('delivers over the network, logs to DynamoDB and reports only the message that failed', async () => {
    await subscribe('sub_good', '/hook');
    await subscribe('sub_broken', '/broken');
    const good = aMessage({ subscription_id: 'sub_good', event: { enqueued_ms: Date.now() } });
    const broken = aMessage({ subscription_id: 'sub_broken', event: { enqueued_ms: Date.now() } });
    const Records = [good, broken].map(({ message: _, ...record }) => ({
      ...record,
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:deliveries',
    }));
    const context = { getRemainingTimeInMillis: () => 45_000 } as Context;
    const answer = await handler({ Records } as unknown as SQSEvent, context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: broken.messageId }] });
    expect(received.map(({ path }) => path).sort()).toEqual(['/broken', '/hook']);
    const log = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90 });
    expect(await log.latest('sub_good', good.message.event.id)).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(await log.latest('sub_broken', broken.message.event.id)).toMatchObject({ outcome: 'failed', status: 500 });
  });

  it('takes at most two parameters: Node 24 refuses more at start', () => {
    expect(handler.length).toBeLessThan(3);
  });
});
