import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newPurge } from '../../lambdas/domain/purge.ts';
import { createPurgeStore } from '../../lambdas/stores/dynamodb/purges.ts';
import { createRunStore } from '../../lambdas/stores/dynamodb/runs.ts';
import { startTables, type Tables } from '../support/tables.ts';

const HOUR = 3_600_000;
/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:9';
let tables: Tables;
let handler: (event: { task: string }, context: Context) => Promise<unknown>;

beforeAll(async () => {
  tables = await startTables();
  const queues = ['EVENTS', 'RECOVERY', 'DELIVERIES', 'SLOW_DELIVERIES'].map((name) => `${name}_QUEUE_URL`);
  const deadLetters = ['EVENTS', 'RECOVERY', 'DELIVERIES'].map((name) => `${name}_DEAD_LETTER_QUEUE_URL`);
  const env: Record<string, string> = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_SQS: NOBODY,
    ...Object.fromEntries([...queues, ...deadLetters].map((name) => [name, `${NOBODY}/000000000000/${name}`])),
    SUBSCRIPTIONS_TABLE: tables.table('Subscriptions'),
    SIGNING_SECRETS_TABLE: tables.table('SigningSecrets'),
    ENDPOINT_HEALTH_TABLE: tables.table('EndpointHealth'),
    EVENTS_TABLE: tables.table('Events'),
    ATTEMPTS_TABLE: tables.table('Attempts'),
    HELD_DELIVERIES_TABLE: tables.table('HeldDeliveries'),
    API_KEYS_TABLE: tables.table('ApiKeys'),
    IDEMPOTENCY_TABLE: tables.table('Idempotency'),
    REPLAYS_TABLE: tables.table('Replays'),
    AUDIT_TRAIL_TABLE: tables.table('AuditTrail'),
    STATISTICS_TABLE: tables.table('Statistics'),
    NOTICES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:notices',
    EVENT_BUS_NAME: 'default',
    AUDIT_RETENTION_DAYS: '2192',
    ATTEMPT_RETENTION_DAYS: '90',
    EVENT_RETENTION_DAYS: '30',
    PROBE_SECONDS: '60',
    DOWN_DAYS: '5',
    HEAL_SECONDS: '900',
    STUCK_SECONDS: '3600',
    PURGE_SECONDS: '300',
    ALLOW_HTTP: 'false',
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  handler = (await import('../../lambdas/recovery/handler.ts')).handler as unknown as typeof handler;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await tables.close();
});

async function aPurgeWithoutMessage(id: string, organization: string): Promise<void> {
  const purge = newPurge({ id, organization }, Date.now() - HOUR);
  await createPurgeStore(tables.dynamoDb, tables.table('Replays')).begin(purge);
}

describe('the schedule of the reconciler', () => {
  it('looks for stuck deliveries also while a purge that has lost its message cannot be resumed', async () => {
    await aPurgeWithoutMessage('pur_1', 'acme');

    const run = handler({ task: 'reconcile' }, { getRemainingTimeInMillis: () => 100_000 } as Context);

    await expect(run).rejects.toThrow('Unexpected error; the previous log line says where.');
    const runs = await createRunStore(tables.dynamoDb, tables.table('Replays')).load();
    expect(runs.get('reconcile')).toMatchObject({ stuck: 0 });
  });

  it('looks for purges without a message also while it cannot look for stuck deliveries', async () => {
    await aPurgeWithoutMessage('pur_2', 'berlin');
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    // The reconciler asks how long it may go on, after middy has.
    const getRemainingTimeInMillis = vi.fn().mockReturnValueOnce(100_000).mockThrow(new Error('as good as any other'));

    const run = handler({ task: 'reconcile' }, { getRemainingTimeInMillis } as unknown as Context);

    await expect(run).rejects.toThrow('Unexpected error; the previous log line says where.');
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    expect(lines.filter((line) => line.includes('purge has lost its message'))).toHaveLength(1);
  });
});
