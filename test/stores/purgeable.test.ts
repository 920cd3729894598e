import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createPurgeableStore } from '../../lambdas/stores/dynamodb/purgeable.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import { resourceHash } from '../../lambdas/stores/purges.ts';
import type { PurgePlace } from '../../lambdas/domain/purge.ts';
import { formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { createCountedLineStore } from '../../lambdas/stores/dynamodb/counted-lines.ts';
import { startTables, TABLE_NAMES, type TableName, type Tables } from '../support/tables.ts';

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
  const entries = TABLE_NAMES.map(async (table) => {
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
  const job = { id: ids.replay(), organization, subscription: sub, state: 'done', expires_at: 4e9 };
  await put('Replays', job);
  await put('Replays', { id: `${job.id}#chosen`, chosen: [`${organization}/evt_1/${sub}`], expires_at: 4e9 });
  for (const resource_id of ['visit-1', 'visit-2'])
    await put('Replays', { ...job, id: ids.replay(), subscription: '*', which: { resource_id } });
  await fillShortLived(organization, mark);
  await put('Statistics', { organization, scope_hour: 'all#2026-11-29T20', tries: 1, expires_at: 4e9 });
  const counted = { sequence: '1', hour: '2026-11-29T20', accepted_ms: 1, counts: { d_delivered: 1 } };
  await createCountedLineStore(tables.dynamoDb, tables.table('Statistics'), () => 4e12).write(
    `shardId-${organization}`,
    [{ ...counted, organization, subscription: `sub_${organization}` }],
  );
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
        ...{ event_id: event.id, subscription_id: sub, organization, resource_id, type: event.type, attempt: 1 },
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

/** Sessions, links, idempotency keys and places of jobs. */
async function fillShortLived(organization: string, mark: string): Promise<void> {
  const rights = { organization, scopes: ['organization'] };
  const ends = { ends_ms: 4e12, expires_at: 4e9 };
  await put('Idempotency', { id: `session#${mark}`, actor: 'lnk_1', rights, ...ends });
  await put('Idempotency', { id: `portal#${mark}`, link: { id: 'lnk_1', rights }, ...ends });
  await put('Idempotency', { id: mark, body_hash: 'h', ids: ['evt_1'], organizations: [organization], done: true });
  await put('Idempotency', { id: `place#jobs#${organization}#0`, holder: 'rpl_1', expires_at: 4e9 });
}

function storeOf() {
  const { dynamoDb, table } = tables;
  return createPurgeableStore(dynamoDb, {
    tables: {
      keys: table('ApiKeys'),
      sessions: table('Idempotency'),
      subscriptions: table('Subscriptions'),
      secrets: table('SigningSecrets'),
      health: table('EndpointHealth'),
      held: table('HeldDeliveries'),
      attempts: table('Attempts'),
      replays: table('Replays'),
      statistics: table('Statistics'),
      events: table('Events'),
    },
    deadLetters: () => Promise.resolve({ deleted: { dead_letters: 0 } }),
    sleep: () => Promise.resolve(),
  });
}

/** Passes through everything. @param steps ends a step at each look at the clock. */
async function purgeOf(organization: string, resource_id?: string, { steps = false, through_ms = Infinity } = {}) {
  const resource = resource_id === undefined ? undefined : resourceHash(organization, resource_id);
  const counts: Record<string, number> = {};
  let place: PurgePlace | undefined;
  let made = 0;
  do {
    const found = await storeOf().remove(
      { id: 'pur_1', organization, resource, resource_id, through_ms },
      place,
      () => steps,
    );
    for (const [name, count] of Object.entries(found.deleted)) counts[name] = (counts[name] ?? 0) + count;
    place = found.place;
    made += 1;
  } while (place);
  return { counts, made };
}

describe('purging an organization', () => {
  it.each([false, true])(
    'leaves its name and its marks in no table but the audit trail, and everybody else as they were',
    async (steps) => {
      await fill('other');
      const others = await everything();
      await fill('acme');
      for (const [table, rows] of Object.entries(await everything())) {
        expect(
          rows.filter((row) => row.includes('acme')),
          table,
        ).not.toEqual([]);
      }

      const { made } = await purgeOf('acme', undefined, { steps });

      expect(made > 1).toBe(steps);
      const left = await everything();
      expect(left.AuditTrail!.filter((row) => row.includes('acme'))).toHaveLength(1);
      for (const table of TABLE_NAMES.filter((one) => one !== 'AuditTrail'))
        expect(left[table], table).toEqual(others[table]);
      const again = await purgeOf('acme');
      expect(Object.values(again.counts).every((count) => count === 0)).toBe(true);
    },
  );
});

describe('purging an organization whose name reads like none', () => {
  it.each(['undefined', 'null'])('leaves rows that name no organization: %s', async (organization) => {
    await put('ApiKeys', { hash: 'admin', id: ids.apiKey(), scopes: ['admin'] });
    await put('ApiKeys', { hash: 'producer', id: ids.apiKey(), scopes: ['producer'], organization: null });
    await put('Replays', { id: 'run_reconcile', at_ms: 1 });
    await put('Replays', { id: 'purges', acme: { purge: 'pur_1', organization: 'acme' } });
    const before = await everything();

    await purgeOf(organization);

    expect(await everything()).toEqual(before);
  });
});

describe('purging one resource', () => {
  it('takes its events, with all that they matched, their attempts, jobs and what is held of them, and nothing else', async () => {
    await fill('acme');
    await fill('other');
    const before = await everything();

    const { counts } = await purgeOf('acme', 'visit-1');

    const after = await everything();
    const text = JSON.stringify([after.Events, after.Attempts, after.HeldDeliveries]);
    expect(text).not.toContain('mark-acme visit-1');
    expect(text).toContain('mark-acme visit-2');
    expect(text).toContain('mark-other visit-1');
    expect(counts).toMatchObject({ attempts: 1, held: 1, replays: 1 });
    expect(counts.events).toBeGreaterThan(1);
    const untouched = TABLE_NAMES.filter(
      (table) => !['Events', 'Attempts', 'HeldDeliveries', 'Replays'].includes(table),
    );
    for (const table of untouched) expect(after[table], table).toEqual(before[table]);
    expect(after.Replays).toHaveLength(before.Replays!.length - 1);
  });

  it('takes attempts whose events have ended before them', async () => {
    await fill('acme');
    for (const row of await everyEvent('acme')) await tables.dynamoDb.send(new DeleteCommand(row));

    const { counts } = await purgeOf('acme', 'visit-1');

    expect(counts).toMatchObject({ attempts: 1, events: 0 });
    expect(JSON.stringify((await everything()).Attempts)).not.toContain('visit-1');
  });

  it('leaves what was accepted after it was asked for', async () => {
    await fill('acme');
    const before = await everything();

    await purgeOf('acme', 'visit-1', { through_ms: 1 });

    const { Events, Attempts, HeldDeliveries } = await everything();
    expect({ Events, Attempts, HeldDeliveries }).toEqual({
      Events: before.Events,
      Attempts: before.Attempts,
      HeldDeliveries: before.HeldDeliveries,
    });
  });
});

async function everyEvent(organization: string) {
  const TableName = tables.table('Events');
  const { Items = [] } = await tables.dynamoDb.send(new ScanCommand({ TableName }));
  return Items.filter((row) => row.organization === organization).map((row) => ({
    TableName,
    Key: { organization: String(row.organization), id: String(row.id) },
  }));
}
