import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import type { SecretStore, SigningSecret } from '../../lambdas/stores/secrets.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_800_000_000_000;
let tables: Tables;
let store: SecretStore;
let nowMs = NOW;

beforeAll(async () => {
  tables = await startTables();
  store = createSecretStore(tables.dynamoDb, tables.table('SigningSecrets'), { now: () => nowMs });
});
afterAll(() => tables.close());
beforeEach(() => {
  nowMs = NOW;
});

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

describe('the secrets of a deleted subscription', () => {
  const DAY_MS = 86_400_000;
  let made = 0;

  /** A subscription of acme that was deleted, after a rotation. */
  async function deleted(): Promise<{ id: string; secrets: SigningSecret[] }> {
    const id = `sub_back_${(made += 1)}`;
    const secrets = [secret('new'), secret('old', { expires_ms: NOW + 30 * DAY_MS })];
    await store.create(id, 'acme', secret('old'));
    await store.replace(id, secret('old').key, secrets);
    await store.delete(id, 'acme');
    return { id, secrets };
  }
  const item = async (subscription: string) =>
    (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('SigningSecrets'), Key: { subscription } })))
      .Item;

  it('are handed back as they were within seven days', async () => {
    const { id, secrets } = await deleted();
    nowMs = NOW + 7 * DAY_MS - 1000;

    expect(await store.handBack(id, 'acme')).toBe('done');

    expect(await store.get(id)).toEqual({ organization: 'acme', secrets });
    expect(await item(id)).toEqual({ subscription: id, organization: 'acme', secrets });
  });

  it('are handed back once, when many ask at once', async () => {
    const { id } = await deleted();

    const answers = await Promise.all(Array.from({ length: 5 }, () => store.handBack(id, 'acme')));

    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
  });

  it('are nothing to sign with meanwhile: neither found, nor rotated, nor where a sender of an older version looks', async () => {
    const { id } = await deleted();

    expect(await store.get(id)).toBeUndefined();
    expect(await store.replace(id, secret('new').key, [secret('newer')])).toBe(false);
    expect(await item(id)).not.toHaveProperty('secrets');
  });

  it('are deleted by DynamoDB after seven days', async () => {
    const { id } = await deleted();

    expect(await item(id)).toMatchObject({ expires_at: NOW / 1000 + 7 * 86_400 });
  });

  it('are handed back to nobody later, although DynamoDB has not deleted them yet, and make room for others', async () => {
    const { id } = await deleted();
    nowMs = NOW + 7 * DAY_MS;

    expect(await store.handBack(id, 'acme')).toBe('none');
    expect(await store.create(id, 'other', secret('theirs'))).toBe(true);

    expect(await store.get(id)).toEqual({ organization: 'other', secrets: [secret('theirs')] });
    expect(await item(id)).not.toHaveProperty('expires_at');
  });

  it('are not handed to another organization, which cannot take the id meanwhile', async () => {
    const { id, secrets } = await deleted();

    expect(await store.handBack(id, 'other')).toBe('foreign');
    expect(await store.create(id, 'other', secret('theirs'))).toBe(false);
    expect(await store.delete(id, 'other')).toBe(false);

    expect(await store.handBack(id, 'acme')).toBe('done');
    expect((await store.get(id))?.secrets).toEqual(secrets);
  });

  it('stay as long as they would when a deletion is told twice', async () => {
    const { id } = await deleted();
    nowMs = NOW + DAY_MS;

    expect(await store.delete(id, 'acme')).toBe(true);

    expect(await item(id)).toMatchObject({ expires_at: NOW / 1000 + 7 * 86_400 });
  });

  it('were none where there was none', async () => {
    expect(await store.handBack('sub_nobody', 'acme')).toBe('none');
    await store.create('sub_alive', 'acme', secret('a'));
    expect(await store.handBack('sub_alive', 'acme')).toBe('none');
    expect((await store.get('sub_alive'))?.secrets).toEqual([secret('a')]);
  });
});

describe('a secret typed by hand', () => {
  const KEY = secret('typed').key;
  const put = (subscription: string, secrets: unknown) =>
    tables.dynamoDb.send(
      new PutCommand({
        TableName: tables.table('SigningSecrets'),
        Item: { subscription, organization: 'acme', secrets },
      }),
    );

  it.each<[string, unknown]>([
    ['with a line break', [{ key: `${KEY}\n`, created_ms: 1 }]],
    ['without its prefix', [{ key: KEY.slice(6), created_ms: 1 }]],
    ['as text in a list', [KEY]],
    ['as text', ` ${KEY}`],
  ])('%s is read as it was meant, and can be rotated', async (what, secrets) => {
    const id = `sub_${what.replaceAll(' ', '_')}`;
    await put(id, secrets);

    expect((await store.get(id))?.secrets[0]?.key).toBe(KEY);
    expect(await store.replace(id, secret('another').key, [secret('new')])).toBe(false);
    expect(await store.replace(id, KEY, [secret('new')])).toBe(true);
    expect((await store.get(id))?.secrets).toEqual([secret('new')]);
  });

  it.each([[[null]], [[{}]], [[7]]])('that is %j can be rotated, too', async (secrets) => {
    await put('sub_odd', secrets);

    const known = (await store.get('sub_odd'))!.secrets[0]!.key;
    expect(await store.replace('sub_odd', known, [secret('new')])).toBe(true);
  });
});

describe('credentials', () => {
  const REFS = ['crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6', 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V7'] as const;
  const credentials = { type: 'bearer', token: 'abc', origin: 'https://hooks.example.com' } as const;
  const stored = async (id: string) => (await store.get(id))?.credentials;

  it('come with a new secret, are added beside others, and are dropped one by one', async () => {
    await store.create('sub_auth', 'acme', secret('auth'), { ref: REFS[0], credentials });
    expect(await stored('sub_auth')).toEqual({ [REFS[0]]: credentials });

    expect(await store.addCredentials('sub_auth', 'acme', { ref: REFS[1], credentials })).toBe(true);
    expect(await stored('sub_auth')).toEqual({ [REFS[0]]: credentials, [REFS[1]]: credentials });

    await store.dropCredentials('sub_auth', 'acme', [REFS[0], 'crd_nobody']);
    expect(await stored('sub_auth')).toEqual({ [REFS[1]]: credentials });
  });

  it('are added where there were none, at once by several', async () => {
    await store.create('sub_none', 'acme', secret('none'));

    const added = REFS.map((ref) => store.addCredentials('sub_none', 'acme', { ref, credentials }));

    expect(await Promise.all(added)).toContain(true);
    expect(Object.keys((await stored('sub_none'))!).length).toBe((await Promise.all(added)).filter(Boolean).length);
  });

  it('are neither added to nor taken from another organization or a deleted subscription', async () => {
    await store.create('sub_auth_theirs', 'acme', secret('theirs'), { ref: REFS[0], credentials });
    const named = { ref: REFS[1], credentials };

    expect(await store.addCredentials('sub_auth_theirs', 'other', named)).toBe(false);
    await store.dropCredentials('sub_auth_theirs', 'other', [REFS[0]]);
    expect(await stored('sub_auth_theirs')).toEqual({ [REFS[0]]: credentials });
    expect(await store.addCredentials('sub_nobody', 'acme', named)).toBe(false);
    await store.delete('sub_auth_theirs', 'acme');
    expect(await store.addCredentials('sub_auth_theirs', 'acme', named)).toBe(false);
  });
});
