import { GetCommand, PutCommand, ScanCommand, type QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { ulidOf } from '../../lambdas/domain/ulid-time.ts';
import type { AuditFilter, AuditStore } from '../../lambdas/stores/audit.ts';
import { partitionOf } from '../../lambdas/stores/dynamodb/audit-partitions.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { startTables, type Tables } from '../support/tables.ts';

const RETENTION_DAYS = 2192;
let tables: Tables;
let store: AuditStore;
let nowMs = 0;
let made = 0n;
let organization = '';

beforeAll(async () => {
  tables = await startTables();
  store = createAuditStore(tables.dynamoDb, tables.table('AuditTrail'), {
    retentionDays: RETENTION_DAYS,
    now: () => nowMs,
  });
});
afterAll(() => tables.close());
beforeEach(() => {
  nowMs = Date.parse('2026-11-21T12:00:00Z');
  organization = `org_${(made += 1n)}`;
});

const record = (at: string, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  id: `aud_${ulidOf(Date.parse(at), (made += 1n))}`,
  actor: 'key_1',
  action: 'subscription.changed',
  object_type: 'subscription',
  object_id: 'sub_1',
  organization,
  before_sha256: 'a'.repeat(64),
  after_sha256: 'b'.repeat(64),
  changed: ['url'],
  ...changes,
});

async function append(...times: string[]): Promise<AuditRecord[]> {
  const records = times.map((at) => record(at));
  for (const one of records) await store.append(one);
  return records;
}

/** All pages. */
async function all(filter: AuditFilter = { organization }, limit = 2): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 200; page++) {
    const { items, next } = await store.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...items.map(({ id }) => id));
    if (next === undefined) return ids;
    cursor = next;
  }
  throw new Error('Expected the list to end within 200 pages.');
}

describe('the audit trail', () => {
  it('gives back what was appended', async () => {
    const [one] = await append('2026-11-20T09:15:00.123Z');
    expect(await store.get(one!.id)).toEqual(one);
    expect(await store.get(record('2026-11-20T09:15:00.123Z').id)).toBeUndefined();
    expect(await store.get('sub_1')).toBeUndefined();
  });

  it('never overwrites a record', async () => {
    const [one] = await append('2026-11-20T09:15:00.123Z');
    expect(await store.append({ ...one!, actor: 'somebody else' })).toBe(false);
    expect(await store.get(one!.id)).toEqual(one);
  });

  it('takes no id that carries no time', async () => {
    await expect(store.append(record('2026-11-20', { id: 'aud_1' }))).rejects.toThrow(/Expected the id of an audit/);
  });

  it('lists the newest first, over months, years and empty months, page by page', async () => {
    const records = await append('2023-02-01', '2025-12-31T23:59:59.999Z', '2026-01-01', '2026-11-01', '2026-11-21');
    expect(await all()).toEqual(records.map(({ id }) => id).reverse());
    expect(await all({ organization }, 1)).toEqual(records.map(({ id }) => id).reverse());
  });

  it('keeps the order of records of one millisecond', async () => {
    const records = await append('2026-11-20', '2026-11-20', '2026-11-20');
    expect(await all()).toEqual(records.map(({ id }) => id).reverse());
  });

  it('begins at since and ends before until', async () => {
    const [, second, third] = await append('2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03');
    const [since_ms, until_ms] = ['2026-11-01', '2026-11-03'].map((day) => Date.parse(day)) as [number, number];
    expect(await all({ organization, since_ms, until_ms })).toEqual([third!.id, second!.id]);
    expect(await all({ organization, since_ms: until_ms, until_ms: since_ms })).toEqual([]);
    expect(await all({ organization, until_ms: 0 })).toEqual([]);
  });

  it('shows one organization’s records alone, also those far between others', async () => {
    const mine = await append('2026-11-10');
    const stranger = { organization: `${organization}_other` };
    for (let n = 0; n < 250; n++) await store.append(record('2026-11-15', stranger));
    expect(await all()).toEqual(mine.map(({ id }) => id));
    expect(await all(stranger, 100)).toHaveLength(250);
  });

  it('looks for a rare organization in few reads, since each waits for the one before', async () => {
    // Arrange: a month that never ends, of others.
    const asked = new Map<string, number[]>();
    const send = ({ input }: QueryCommand) => {
      const { Limit = 0, ExpressionAttributeValues: { ':month': month } = {} } = input;
      const limits = asked.get(String(month)) ?? [];
      asked.set(String(month), [...limits, Limit]);
      const Items = Array.from({ length: Limit }, () => ({ id: record(new Date((nowMs -= 1)).toISOString()).id }));
      return Promise.resolve({ Items, LastEvaluatedKey: { id: Items.at(-1)!.id } });
    };
    const endless = createAuditStore({ send } as unknown as Tables['dynamoDb'], 'AuditTrail', {
      retentionDays: RETENTION_DAYS,
      now: () => Date.parse('2026-11-21T12:00:00Z'),
    });

    // Act
    const { items, next } = await endless.list({ organization }, { limit: 100 });

    // Assert
    expect(items).toEqual([]);
    expect(next).toBeDefined();
    expect(asked.size).toBe(9);
    for (const limits of asked.values()) expect(limits).toEqual([50, 100, 200, 200]);
  });

  it('shows records of no organization when none is asked for', async () => {
    const { organization: _none, ...global } = record('2026-11-21T11:59:00Z', { action: 'api_key.created' });
    await store.append(global);
    expect(await all({ since_ms: Date.parse('2026-11-21T11:59:00Z') })).toEqual([global.id]);
  });

  it('keeps a record for six years, and not a second longer', async () => {
    const [one] = await append('2026-11-20T00:00:00Z');
    const end = Date.parse('2026-11-20T00:00:00Z') + RETENTION_DAYS * 86_400_000;
    nowMs = end - 1000;
    expect(await all()).toEqual([one!.id]);
    nowMs = end;
    expect(await all()).toEqual([]);
    expect(await store.get(one!.id)).toBeUndefined();
  });

  it('is spread over several keys, so that no caller’s loop takes the writes of all', async () => {
    for (let n = 0; n < 80; n++) await store.append(record('2026-11-20'));

    const { Items = [] } = await tables.dynamoDb.send(new ScanCommand({ TableName: tables.table('AuditTrail') }));
    const months = Items.filter((item) => item.organization === organization).map(({ month }) => month as string);

    const most = Math.max(...[...new Set(months)].map((month) => months.filter((one) => one === month).length));
    expect(new Set(months).size).toBe(8);
    expect(most).toBeLessThan(40);
    expect(await all({ organization }, 7)).toHaveLength(80);
  });

  it('finds records of the time before they were spread, in their places among the others', async () => {
    const [old, older] = ['2026-11-10', '2026-11-12'].map((at) => record(at));
    for (const item of [old!, older!]) {
      const expires_at = Date.parse('2030-01-01') / 1000;
      const Item = { month: '2026-11', ...item, expires_at };
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('AuditTrail'), Item }));
    }
    const [first, second, third] = await append('2026-11-09', '2026-11-11', '2026-11-13');

    expect(await all({ organization }, 1)).toEqual([third, older, second, old, first].map((one) => one!.id));
    expect(await store.get(old!.id)).toEqual(old);
  });

  it('is the proof of the first change that claims it, however often that one asks', async () => {
    const [one] = await append('2026-11-20T09:15:00.123Z');

    const answers = await Promise.all(['1', '2', '3'].map((change) => store.claim(one!.id, change)));

    expect(answers.filter(Boolean)).toHaveLength(1);
    const first = String(answers.indexOf(true) + 1);
    expect(await store.claim(one!.id, first)).toBe(true);
    expect(await store.claim(one!.id, 'another')).toBe(false);
    expect(await store.get(one!.id)).toEqual(one);
    expect(await all()).toEqual([one!.id]);
  });

  it('tells DynamoDB when to delete a record', async () => {
    const [one] = await append('2026-11-20T00:00:00Z');
    const { Item } = await tables.dynamoDb.send(
      new GetCommand({
        TableName: tables.table('AuditTrail'),
        Key: { month: partitionOf(one!.id, Date.parse('2026-11-20')), id: one!.id },
      }),
    );
    expect(Item?.expires_at).toBe(Date.parse('2026-11-20T00:00:00Z') / 1000 + RETENTION_DAYS * 86_400);
  });

  it.each(['', 'x', Buffer.from('{"month":7}').toString('base64url')])(
    'answers a request with the cursor %j as malformed',
    async (cursor) => {
      await expect(store.list({}, { limit: 1, cursor })).rejects.toMatchObject({ problem: 'malformed-request' });
    },
  );
});
