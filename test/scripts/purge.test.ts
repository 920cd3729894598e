import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import { formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { purge } from '../../scripts/purge-data.ts';
import { startTables, type TableName, type Tables } from '../support/tables.ts';

const TABLES: TableName[] = [
  'Subscriptions',
  'SigningSecrets',
  'EndpointHealth',
  'Events',
  'Attempts',
  'HeldDeliveries',
  'ApiKeys',
  'Replays',
  'Statistics',
  'AuditTrail',
];
const ids = createIds({ now: Date.now, random: Math.random });
let tables: Tables;

beforeEach(async () => {
  tables = await startTables();
});
afterEach(() => tables.close());

const put = (table: TableName, Item: Record<string, unknown>) =>
  tables.dynamoDb.send(new PutCommand({ TableName: tables.table(table), Item }));

/** Every row of every table as text, by table. */
async function everything(): Promise<Record<string, string[]>> {
  const entries = TABLES.map(async (table) => {
    const { Items = [] } = await tables.dynamoDb.send(new ScanCommand({ TableName: tables.table(table) }));
    return [table, Items.map((item) => JSON.stringify(item)).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Something of an organization in every table, with its mark in whatever may hold one. */
async function fill(organization: string): Promise<void> {
  const { dynamoDb, table } = tables;
  const mark = `mark-${organization}`;
  const days = { retentionDays: 30 };
  const [sub, deleted] = [ids.subscription(), ids.subscription()];
  const secrets = createSecretStore(dynamoDb, table('SigningSecrets'));
  for (const id of [sub, deleted]) {
    await secrets.create(id, organization, { key: formatSecret(Buffer.alloc(32, mark)), created_ms: 1 });
  }
  // Kept for a week, should the row come back.
  await secrets.delete(deleted, organization);
  await put('Subscriptions', { organization, id: sub, url: `https://${organization}.example.com/`, description: mark });
  await put('EndpointHealth', { subscription: sub, organization, failures: 3 });
  await put('ApiKeys', { hash: mark, id: ids.apiKey(), scopes: ['organization'], organization });
  await put('Replays', { id: ids.replay(), organization, subscription: sub, state: 'done', expires_at: 4e9 });
  await put('Statistics', { organization, scope_hour: 'all#2026-11-29T20', tries: 1, expires_at: 4e9 });
  await put('AuditTrail', { month: '2026-11#1', id: ids.audit(), organization, expires_at: 4e9 });
  for (const resource_id of ['visit-1', 'visit-2']) {
    const event = { ...ids.event(), organization, type: 'visit.ended', triggering_location: 'API' as const };
    // So many that they do not fit beside the event.
    const matches = Array.from({ length: 14_000 }, () => ({
      subscription: ids.subscription(),
      format: 'standard' as const,
    }));
    const data = JSON.stringify({ note: `${mark} ${resource_id}` });
    const all = [{ subscription: sub, format: 'standard' as const }, ...matches];
    await createEventStore(dynamoDb, table('Events'), days).record({ ...event, resource_id, data }, all);
    await createAttemptStore(dynamoDb, table('Attempts'), days).append([
      {
        ...{ event_id: event.id, subscription_id: sub, organization, type: event.type, attempt: 1 },
        ...{ id: attemptId(ids.attempt(), event.id, sub), attempted_ms: event.enqueued_ms, outcome: 'failed' },
        ...{ url: `https://${mark}.example.com/`, format: 'standard', status: 500, request_headers: {} },
        response_body: `${mark} ${resource_id}`,
      },
    ]);
    const message = JSON.stringify({ event: { ...event, data } });
    const held = { subscription: sub, event_id: event.id, organization, held_ms: 1, message };
    await createHeldStore(dynamoDb, table('HeldDeliveries'), days).put([held]);
  }
}

const purgeOf = (organization: string, resource?: string, dryRun?: boolean) =>
  purge({
    dynamoDb: tables.dynamoDb,
    table: (output) => tables.table(output.replace(/TableName$/, '') as TableName),
    target: { organization, resource },
    dryRun,
  });

describe('purging an organization', () => {
  it('leaves its name and its marks in no table but the audit trail, and everybody else as they were', async () => {
    await fill('other');
    const others = await everything();
    await fill('acme');
    for (const [table, rows] of Object.entries(await everything())) {
      expect(
        rows.filter((row) => row.includes('acme')),
        table,
      ).not.toEqual([]);
    }

    await purgeOf('acme');

    const left = await everything();
    expect(left.AuditTrail!.filter((row) => row.includes('acme'))).toHaveLength(1);
    for (const table of TABLES.filter((one) => one !== 'AuditTrail')) expect(left[table], table).toEqual(others[table]);
    expect(Object.values(await purgeOf('acme')).every((count) => count === 0)).toBe(true);
  });

  it('only counts in a dry run, and counts what it then deletes', async () => {
    await fill('acme');
    const before = await everything();

    const counted = await purgeOf('acme', undefined, true);

    expect(await everything()).toEqual(before);
    expect(counted).toMatchObject({ SigningSecretsTableName: 2, AttemptsTableName: 2, HeldDeliveriesTableName: 2 });
    expect(await purgeOf('acme')).toEqual(counted);
  });
});

describe('purging one resource', () => {
  it('takes its events, with all that they matched, their attempts and what is held of them, and nothing else', async () => {
    await fill('acme');
    await fill('other');
    const before = await everything();

    const counts = await purgeOf('acme', 'visit-1');

    const after = await everything();
    const text = JSON.stringify([after.Events, after.Attempts, after.HeldDeliveries]);
    expect(text).not.toContain('mark-acme visit-1');
    expect(text).toContain('mark-acme visit-2');
    expect(text).toContain('mark-other visit-1');
    expect(counts).toMatchObject({ AttemptsTableName: 1, HeldDeliveriesTableName: 1 });
    expect(counts.EventsTableName).toBeGreaterThan(1);
    const untouched = TABLES.filter((table) => !['Events', 'Attempts', 'HeldDeliveries'].includes(table));
    for (const table of untouched) expect(after[table], table).toEqual(before[table]);
  });
});
