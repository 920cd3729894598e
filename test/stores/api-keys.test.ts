import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, ApiKeyStore } from '../../lambdas/stores/api-keys.ts';
import { createApiKeyStore } from '../../lambdas/stores/dynamodb/api-keys.ts';
import { startTables, type Tables } from '../support/tables.ts';

let tables: Tables;
let store: ApiKeyStore;
beforeAll(async () => {
  tables = await startTables();
  store = createApiKeyStore(tables.dynamoDb, tables.table('ApiKeys'));
});
afterAll(() => tables.close());

const CREATED = '2026-01-31T09:15:00.123Z';
let made = 0;
function apiKey(changes: Partial<ApiKey> = {}): ApiKey {
  const number = ++made;
  return {
    id: `key_${number}`,
    hash: `${number}`.padStart(64, '0'),
    scopes: ['admin'],
    created_at: CREATED,
    ...changes,
  };
}

describe('ApiKeyStore', () => {
  it('finds a key by its hash, with everything that was stored', async () => {
    const key = apiKey({ scopes: ['events:write', 'organization'], organization: 'org_1', description: 'ward 3' });
    await store.create(key);
    expect(await store.byHash(key.hash)).toEqual(key);
  });

  it('finds nothing under another hash', async () => {
    expect(await store.byHash('f'.repeat(64))).toBeUndefined();
  });

  it('never overwrites a key', async () => {
    const key = apiKey();
    await store.create(key);
    await expect(store.create({ ...key, id: 'key_other' })).rejects.toThrow();
    expect(await store.byHash(key.hash)).toEqual(key);
  });

  it('revokes by id, and keeps the time of the first revocation', async () => {
    const key = apiKey();
    await store.create(key);
    expect(await store.revoke(key.id, '2026-02-01T00:00:00.000Z')).toBe(true);
    expect(await store.revoke(key.id, '2026-03-01T00:00:00.000Z')).toBe(true);
    expect((await store.byHash(key.hash))?.revoked_at).toBe('2026-02-01T00:00:00.000Z');
  });

  it('says that there was nothing to revoke', async () => {
    expect(await store.revoke('key_unknown', CREATED)).toBe(false);
  });

  it('lists every key once over pages', async () => {
    for (let n = 0; n < 5; n++) await store.create(apiKey());
    const ids: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 20; page++) {
      const { items, next } = await store.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(items.length).toBeLessThanOrEqual(2);
      ids.push(...items.map(({ id }) => id));
      cursor = next;
      if (cursor === undefined) break;
    }
    expect(cursor).toBeUndefined();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(5);
  });

  it('gives no rights for scopes that it does not know, and reads a string set', async () => {
    const key = apiKey();
    const Item = { ...key, scopes: new Set(['admin', 'everything']) };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('ApiKeys'), Item }));
    expect((await store.byHash(key.hash))?.scopes).toEqual(['admin']);
  });
});
