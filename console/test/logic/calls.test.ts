import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Attempt, Subscription } from '../../src/api/types.ts';
import { toCurl } from '../../src/pages/call/curl.ts';
import { partsOf } from '../../src/pages/call/parts.ts';
import { reverse } from '../../src/pages/subscription/reverse.ts';

const attempt = (request: Attempt['request']): Attempt => ({
  id: 'att_1',
  event_id: 'evt_1',
  subscription_id: 'sub_1',
  organization: 'org_1',
  type: 'visit.ended',
  attempt: 1,
  attempted_at: '2026-01-31T09:15:00.123Z',
  outcome: 'failed',
  url: 'https://customer.example/hook?a=1&b=2',
  format: 'standard',
  ...(request ? { request } : {}),
});

describe('a call as a curl command', () => {
  it('gives a shell the URL, headers and body letter for letter', () => {
    const body = `{"name":"O'Hara $HOME \`id\` \\"x\\""}`;
    const command = toCurl(attempt({ headers: { 'webhook-id': 'evt_1', host: 'customer.example' }, body }));

    // The shell itself says what it understood.
    const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);

    expect(words).toEqual([
      '-X',
      'POST',
      'https://customer.example/hook?a=1&b=2',
      '-H',
      'webhook-id: evt_1',
      '--data-raw',
      body,
    ]);
  });
});

describe('the waterfall of a call', () => {
  it('puts each part behind the one before, and what is left into reading', () => {
    const parts = partsOf({ dns: 2, connect: 3, tls: 5, first_byte: 40, total: 60 });

    expect(parts.map(({ kind, start, length }) => [kind, start, length])).toEqual([
      ['dns', 0, 2],
      ['connect', 2, 3],
      ['tls', 5, 5],
      ['wait', 10, 40],
      ['read', 50, 10],
    ]);
  });

  it('leaves out what did not happen: a connection that was open, an answer that never came', () => {
    expect(partsOf({ first_byte: 4, total: 5 }).map(({ kind }) => kind)).toEqual(['wait', 'read']);
    expect(partsOf({ dns: 1, connect: 2, total: 10_000 }).map(({ kind }) => kind)).toEqual(['dns', 'connect']);
  });
});

describe('taking a change back', () => {
  it('sets what was there, and removes what was not', () => {
    const before = { url: 'https://a.example/', active: true, description: 'old' } as Subscription;

    expect(reverse(before, { url: 'https://b.example/', description: null, account: 'acc_1' })).toEqual({
      url: 'https://a.example/',
      description: 'old',
      account: null,
    });
  });
});
