import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';

// `npm run keys` as an operator runs it, against the running local stack.

const ROOT = join(import.meta.dirname, '../..');
let posthorn: Posthorn;
let folder: string;

beforeAll(() => {
  posthorn = connect(inject('outputs'));
  folder = mkdtempSync(join(tmpdir(), 'posthorn-keys-'));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(inject('outputs')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command. @returns its exit code and what it wrote. */
async function keys(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = [join(ROOT, 'scripts/keys.ts'), ...words, '--outputs', join(folder, 'outputs.json')];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('npm run keys', () => {
  it('makes the first admin key, shown once, and stores nothing that could be sent', async () => {
    const { code, out } = await keys('create', '--scope', 'admin', '--description', 'first');
    const [id, key] = out.split('\n');

    expect(code).toBe(0);
    expect(key).toMatch(/^phk_[A-Za-z0-9_-]{43}$/);
    const { status, body } = await posthorn.call<{ data: unknown[] }>('GET', '/v1/api-keys?limit=100', undefined, key);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain(id);
    expect(JSON.stringify(body)).not.toContain(key);
    expect((await keys('list')).out).toMatch(new RegExp(`^${id}  admin  -  valid  \\d{4}-\\S+Z  first$`, 'm'));
    expect((await keys('list')).out).not.toContain(key);
  });

  it('makes a key that may only look, sees no bodies and ends', async () => {
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const words = [
      '--scope',
      'organization',
      '--organization',
      'org_1',
      '--account',
      'a',
      '--read-only',
      '--no-payloads',
    ];
    const [id, key] = (await keys('create', ...words, '--expires-at', end)).out.split('\n');

    const rights = { scopes: ['organization'], organization: 'org_1', account: 'a', read_only: true, payloads: false };
    const { body } = await posthorn.call('GET', '/v1/me', undefined, key);
    expect(body).toEqual({ id, ...rights, expires_at: end });
    expect((await keys('list')).out).toMatch(
      new RegExp(`^${id}  organization,read-only,no-payloads  org_1/a  valid  \\S+  until ${end}$`, 'm'),
    );
  });

  it('makes a key for one organization, and revokes it', async () => {
    const [id] = (await keys('create', '--scope', 'organization', '--organization', 'org_1')).out.split('\n');

    expect((await keys('list')).out).toContain(`${id}  organization  org_1  valid`);
    expect((await keys('revoke', id!)).out).toContain('within 60 s');
    expect((await keys('list')).out).toContain(`${id}  organization  org_1  revoked`);
  });

  it.each([
    ['no command', [], 'npm run keys -- create'],
    ['no scope', ['create'], 'Expected --scope'],
    ['an unknown scope', ['create', '--scope', 'root'], 'got root'],
    [
      'a customer without organization',
      ['create', '--scope', 'organization'],
      '--organization is required with the scope organization',
    ],
    [
      'an admin bound to one',
      ['create', '--scope', 'admin', '--organization', 'o'],
      '--organization must be left out with the scope admin',
    ],
    ['support of one', ['create', '--scope', 'support', '--organization', 'o'], '--organization must be left out'],
    [
      'an account of none',
      ['create', '--scope', 'admin', '--account', 'a'],
      '--account expected only with the scope organization',
    ],
    [
      'payloads alone',
      ['create', '--scope', 'payloads:read'],
      '--scope expected payloads:read only together with support',
    ],
    ['a producer that only looks', ['create', '--scope', 'events:write', '--read-only'], '--read-only expected'],
    ['an end that is none', ['create', '--scope', 'admin', '--expires-at', 'soon'], '--expires-at expected a time'],
    ['an organization that is none', ['create', '--scope', 'organization', '--organization', 'a b'], '1 to 64'],
    ['an unknown id', ['revoke', 'key_nobody'], 'No API key'],
    ['no id', ['revoke'], 'Expected the id of a key'],
    ['a long description', ['create', '--scope', 'admin', '--description', 'x'.repeat(257)], 'at most 256'],
  ])('refuses %s and says what it expected', async (_what, words, expected) => {
    const { code, out, err } = await keys(...words);

    expect(code).toBe(1);
    expect(err).toContain(expected);
    expect(out).not.toContain('phk_');
  });
});
