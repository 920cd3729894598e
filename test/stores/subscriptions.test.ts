import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subscription } from '../../lambdas/domain/subscription/subscription.ts';
import { createSubscriptionStore } from '../../lambdas/stores/dynamodb/subscriptions.ts';
import type { SubscriptionStore } from '../../lambdas/stores/subscriptions.ts';
import { startTables, type Tables } from '../support/tables.ts';

let tables: Tables;
let store: SubscriptionStore;

beforeAll(async () => {
  tables = await startTables();
  store = createSubscriptionStore(tables.dynamoDb, tables.table('Subscriptions'));
});
afterAll(() => tables.close());

const subscription = (fields: Partial<Subscription> = {}): Subscription => ({
  organization: 'acme',
  id: 'sub_1',
  url: 'https://example.com/hook',
  active: true,
  events: ['*'],
  format: 'standard',
  success: '2xx',
  timeout_seconds: 10,
  ...fields,
});

const ids = (rows: Record<string, unknown>[]) => rows.map((row) => row.id);

describe('the table of subscriptions', () => {
  it('gives back what was created', async () => {
    const created = subscription({ organization: 'one', headers: { 'X-Tenant': 'a' }, account: 'north' });
    expect(await store.create(created)).toBe(true);
    expect(await store.get('one', 'sub_1')).toEqual(created);
  });

  it('creates an id once, and leaves the first one as it is', async () => {
    await store.create(subscription({ organization: 'twice', url: 'https://first.example.com/' }));
    expect(await store.create(subscription({ organization: 'twice', url: 'https://second.example.com/' }))).toBe(false);
    expect(await store.get('twice', 'sub_1')).toMatchObject({ url: 'https://first.example.com/' });
  });

  it('finds nothing where nothing is', async () => {
    expect(await store.get('nobody', 'sub_1')).toBeUndefined();
    expect(await store.delete('nobody', 'sub_1')).toBeUndefined();
    expect(await store.update('nobody', 'sub_1', { set: { active: false }, remove: [] })).toBeUndefined();
    expect(await store.get('nobody', 'sub_1')).toBeUndefined();
  });

  it('changes single attributes, removes others and leaves the rest, also those it does not know', async () => {
    const Item = { ...subscription({ organization: 'edit', account: 'north', problem: 'bad URL' }), note: 'by hand' };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Subscriptions'), Item }));

    const after = await store.update('edit', 'sub_1', {
      set: { url: 'https://new.example.com/', format: 'thin', description: undefined },
      remove: ['problem', 'account'],
    });

    const { problem: _problem, account: _account, ...rest } = Item;
    expect(after).toEqual({ ...rest, url: 'https://new.example.com/', format: 'thin' });
    expect(await store.get('edit', 'sub_1')).toEqual(after);
  });

  it('returns the row when there is nothing to change', async () => {
    await store.create(subscription({ organization: 'same' }));
    expect(await store.update('same', 'sub_1', { set: {}, remove: [] })).toEqual(
      subscription({ organization: 'same' }),
    );
  });

  it('returns the row that it deleted', async () => {
    await store.create(subscription({ organization: 'gone' }));
    expect(await store.delete('gone', 'sub_1')).toEqual(subscription({ organization: 'gone' }));
    expect(await store.get('gone', 'sub_1')).toBeUndefined();
  });

  it('reads every row of an organization over many pages of DynamoDB, and no other', async () => {
    const description = 'x'.repeat(300_000);
    for (let i = 0; i < 8; i++)
      await store.create(subscription({ organization: 'large', id: `sub_${i}`, description }));
    await store.create(subscription({ organization: 'larger' }));

    const pages: Record<string, unknown>[][] = [];
    for await (const page of store.pages('large')) pages.push(page);

    expect(pages.length).toBeGreaterThan(1);
    expect(ids(pages.flat())).toEqual(['sub_0', 'sub_1', 'sub_2', 'sub_3', 'sub_4', 'sub_5', 'sub_6', 'sub_7']);
  });

  it('reads of each row only what is asked for', async () => {
    await store.create(subscription({ organization: 'asked', headers: { 'x-large': 'h'.repeat(800) } }));

    const rows: Record<string, unknown>[] = [];
    for await (const page of store.pages('asked', ['id', 'format', 'account'])) rows.push(...page);

    expect(rows).toEqual([{ id: 'sub_1', format: 'standard' }]);
  });

  it('reads an organization without subscriptions as nothing', async () => {
    const rows: Record<string, unknown>[] = [];
    for await (const page of store.pages('nobody')) rows.push(...page);
    expect(rows).toEqual([]);
  });

  it('lists an organization page by page', async () => {
    for (let i = 0; i < 5; i++) await store.create(subscription({ organization: 'paged', id: `sub_${i}` }));

    const first = await store.list('paged', { limit: 3 });
    const second = await store.list('paged', { limit: 3, cursor: first.next! });

    expect(ids(first.items)).toEqual(['sub_0', 'sub_1', 'sub_2']);
    expect(ids(second.items)).toEqual(['sub_3', 'sub_4']);
    expect(second.next).toBeUndefined();
  });

  it('reads on in the organization asked for, wherever a cursor comes from', async () => {
    for (let i = 0; i < 3; i++) {
      await store.create(subscription({ organization: 'mine', id: `sub_${i}` }));
      await store.create(subscription({ organization: 'theirs', id: `sub_${i}` }));
    }
    const { next } = await store.list('theirs', { limit: 1 });
    const page = await store.list('mine', { limit: 10, cursor: next! });
    expect(page.items.map((row) => row.organization)).toEqual(['mine', 'mine']);
  });

  it('lists all organizations, each row once', async () => {
    await store.create(subscription({ organization: 'all-a' }));
    await store.create(subscription({ organization: 'all-b' }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(undefined, { limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map((row) => `${String(row.organization)}/${String(row.id)}`));
      cursor = page.next;
    } while (cursor && seen.length < 1_000);

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['all-a/sub_1', 'all-b/sub_1']));
  });

  it.each(['', 'x', '%%%', Buffer.from('null').toString('base64url'), Buffer.from('{"id":7}').toString('base64url')])(
    'answers a request with the cursor %j as malformed',
    async (cursor) => {
      await expect(store.list('acme', { limit: 1, cursor })).rejects.toMatchObject({ problem: 'malformed-request' });
    },
  );
});

describe('a search in the table of subscriptions', () => {
  const wanted = async (rows: Record<string, unknown>[]) => new Set(rows.filter(({ id }) => String(id).endsWith('7')));

  it.each(['many', undefined])('of %s finds all, over as many pages as there are', async (organization) => {
    const mine = organization === undefined ? 'some' : 'many';
    for (let n = 0; n < 60; n++) await store.create(subscription({ organization: mine, id: `sub_${100 + n}` }));

    const found: Record<string, unknown>[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(organization, { limit: 2, cursor }, wanted);
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);

    const own = ids(found.filter((row) => row.organization === mine));
    expect(own).toEqual(['sub_107', 'sub_117', 'sub_127', 'sub_137', 'sub_147', 'sub_157']);
  });

  it('looks at 5,000 rows for one page, so that it ends though nothing fits', async () => {
    let reads = 0;
    const dynamoDb = {
      send: async () => ({
        Items: [subscription({ id: `sub_${(reads += 1)}` })],
        LastEvaluatedKey: { organization: 'a', id: `sub_${reads}` },
      }),
    } as unknown as Tables['dynamoDb'];

    const page = await createSubscriptionStore(dynamoDb, 'T').list('a', { limit: 50 }, async () => new Set());

    expect(page.items).toEqual([]);
    expect(page.next).toBeDefined();
    expect(reads).toBe(20);
  });
});
