import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import type { SecretStore, SigningSecret } from '../../lambdas/stores/secrets.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_800_000_000_000;
let tables: Tables;
let store: SecretStore;

beforeAll(async () => {
  tables = await startTables();
  store = createSecretStore(tables.dynamoDb, tables.table('SigningSecrets'), { now: () => NOW });
});
afterAll(() => tables.close());

const secret = (name: string, fields: Partial<SigningSecret> = {}): SigningSecret => ({
  key: `whsec_${Buffer.from(name.padEnd(32, '.')).toString('base64')}`,
  created_ms: NOW - 1_000,
  ...fields,
});

describe('the table of signing secrets', () => {
  it('gives back the secret that was created, and whose it is', async () => {
    expect(await store.create('sub_a', 'acme', secret('a'))).toBe(true);
    expect(await store.get('sub_a')).toEqual({ organization: 'acme', secrets: [secret('a')] });
  });

  it('knows nothing of other ids', async () => {
    expect(await store.get('sub_nobody')).toBeUndefined();
  });

  it('lets no second organization take an id', async () => {
    await store.create('sub_taken', 'acme', secret('first'));
    expect(await store.create('sub_taken', 'other', secret('second'))).toBe(false);
    expect(await store.get('sub_taken')).toEqual({ organization: 'acme', secrets: [secret('first')] });
  });

  it('creates one secret when many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.create('sub_race', 'acme', secret(`race${i}`))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('keeps the order and leaves out what has expired', async () => {
    await store.create('sub_rotated', 'acme', secret('old'));
    await store.replace('sub_rotated', secret('old').key, [
      secret('new'),
      secret('overlap', { expires_ms: NOW + 1 }),
      secret('over', { expires_ms: NOW }),
    ]);
    const names = (await store.get('sub_rotated'))?.secrets.map(({ key }) => key);
    expect(names).toEqual([secret('new').key, secret('overlap').key]);
  });

  it('replaces only what the caller has seen, so that of two rotations at once one is told', async () => {
    await store.create('sub_both', 'acme', secret('old'));
    const rotate = (name: string) => store.replace('sub_both', secret('old').key, [secret(name), secret('old')]);

    const answers = await Promise.all([rotate('x'), rotate('y')]);

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect((await store.get('sub_both'))?.secrets[0]?.key).toBe(secret(answers[0] ? 'x' : 'y').key);
  });

  it('replaces nothing where there is nothing', async () => {
    expect(await store.replace('sub_never', secret('old').key, [secret('new')])).toBe(false);
    expect(await store.get('sub_never')).toBeUndefined();
  });

  it('forgets a subscription’s secrets', async () => {
    await store.create('sub_deleted', 'acme', secret('a'));
    expect(await store.delete('sub_deleted', 'acme')).toBe(true);
    expect(await store.delete('sub_deleted', 'acme')).toBe(true);
    expect(await store.get('sub_deleted')).toBeUndefined();
  });

  it('forgets nothing for an organization that only uses the same id', async () => {
    await store.create('sub_theirs', 'acme', secret('a'));
    expect(await store.delete('sub_theirs', 'other')).toBe(false);
    expect((await store.get('sub_theirs'))?.organization).toBe('acme');
  });

  it('fills a list that was emptied by hand, for its own organization alone', async () => {
    await store.create('sub_emptied', 'acme', secret('a'));
    await store.replace('sub_emptied', secret('a').key, []);
    expect(await store.create('sub_emptied', 'other', secret('b'))).toBe(false);
    expect(await store.create('sub_emptied', 'acme', secret('c'))).toBe(true);
    expect((await store.get('sub_emptied'))?.secrets).toEqual([secret('c')]);
  });
});
