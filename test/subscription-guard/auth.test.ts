import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { markOf, type StoredCredentials } from '../../lambdas/domain/subscription/auth.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import type { SecretStore } from '../../lambdas/stores/secrets.ts';
import { startGuard, type Guard } from '../support/guard.ts';

// Whoever edits a row by hand can send its credentials nowhere.

const ORIGIN = 'https://hooks.example.com';
const PASSWORD = 'geheim-4711';
const CREDENTIALS: StoredCredentials = { type: 'basic', username: 'posthorn', password: PASSWORD, origin: ORIGIN };
const OLD = 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
let guard: Guard;
let secrets: SecretStore;
let made = 0;
let lines = '';

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines += String(text);
    return true;
  });
  guard = await startGuard();
  secrets = createSecretStore(guard.tables.dynamoDb, guard.tables.table('SigningSecrets'));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await guard.close();
});

/** A row with credentials, as the API leaves them. */
async function aRow(ref = OLD) {
  const id = `sub_auth_${(made += 1)}`;
  const secret = { key: `whsec_${Buffer.alloc(32, made).toString('base64')}`, created_ms: 1 };
  await secrets.create(id, 'acme', secret, { ref, credentials: CREDENTIALS });
  const mark = Object.entries(markOf(CREDENTIALS, ref, '2026-01-31T09:15:00.000Z'));
  const auth = { M: Object.fromEntries(mark.map(([name, S]) => [name, { S: String(S) }])) };
  const row = { organization: { S: 'acme' }, id: { S: id }, url: { S: `${ORIGIN}/in` }, auth };
  await guard.put(row);
  await guard.settle();
  return { id, row };
}

async function credentialsOf(subscription: string): Promise<unknown> {
  const TableName = guard.tables.table('SigningSecrets');
  return (await guard.tables.dynamoDb.send(new GetCommand({ TableName, Key: { subscription } }))).Item?.credentials;
}
const problemOf = async (id: string) => (await guard.row('acme', id))?.problem?.S;

describe('a row with credentials', () => {
  it('is fine, and stays so at another path', async () => {
    const { id, row } = await aRow();
    await guard.put({ ...row, url: { S: `${ORIGIN}/elsewhere` } });
    await guard.settle();

    expect(await problemOf(id)).toBeUndefined();
    expect(await credentialsOf(id)).toEqual({ [OLD]: CREDENTIALS });
  });

  it('whose URL leads to another origin loses them for good, and says why', async () => {
    const { id, row } = await aRow();

    await guard.put({ ...row, url: { S: 'https://evil.example.com/in' } });
    await guard.settle();

    expect(await problemOf(id)).toMatch(/^Nothing is sent .* auth: expected a URL of https:\/\/hooks\.example\.com/);
    expect(await credentialsOf(id)).toEqual({});
    await guard.put(row);
    await guard.settle();
    expect(await problemOf(id)).toMatch(/auth: expected stored credentials, found none/);
    expect(lines).toContain('"decision":"explained"');
    expect(lines).not.toContain(PASSWORD);
  });

  it('loses them also where its own words were changed with the URL', async () => {
    const { id, row } = await aRow();
    const auth = { M: { ...row.auth.M, origin: { S: 'https://evil.example.com' } } };

    await guard.put({ ...row, url: { S: 'https://evil.example.com/in' }, auth });
    await guard.settle();

    expect(await problemOf(id)).toMatch(/auth: expected stored credentials, found none/);
    expect(await credentialsOf(id)).toEqual({});
  });

  it('is mended when the attribute is taken out, and what was stored goes', async () => {
    const { id, row } = await aRow();
    const { auth: _, ...without } = row;

    await guard.put(without);
    await guard.settle();

    expect(await problemOf(id)).toBeUndefined();
    expect(await credentialsOf(id)).toEqual({});
  });

  it('does not lose those that the API has just stored and is about to name', async () => {
    const { id, row } = await aRow();
    const { createIds } = await import('../../lambdas/domain/ids.ts');
    const ref = createIds({ now: Date.now, random: Math.random }).credentials();
    await secrets.addCredentials(id, 'acme', { ref, credentials: CREDENTIALS });

    await guard.put({ ...row, description: { S: 'x' } });
    await guard.settle();

    expect(await credentialsOf(id)).toEqual({ [OLD]: CREDENTIALS, [ref]: CREDENTIALS });
  });

  it('that is deleted and put back has them again', async () => {
    const { id, row } = await aRow();
    await secrets.delete(id, 'acme');

    await guard.put({ ...row, description: { S: 'back' } });
    await guard.settle();

    expect(await problemOf(id)).toBeUndefined();
    expect((await secrets.get(id))?.credentials).toEqual({ [OLD]: CREDENTIALS });
  });
});
