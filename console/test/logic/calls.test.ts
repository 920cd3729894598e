import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscriptionChange } from '../../../lambdas/api/subscriptions/schema.ts';
import type { Subscription } from '../../src/api/types.ts';
import { toCurl } from '../../src/pages/call/curl.ts';
import { endpointTime, partsOf } from '../../src/pages/call/parts.ts';
import { reverse } from '../../src/pages/subscription/reverse.ts';
import { anAttempt, aSubscription } from './factories.ts';

/** Puts a program named curl first in the path, which prints the words that the shell gave it, then what was piped in. */
const FAKE_CURL = `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done
for word in "$@"; do [ "$word" = @- ] && cat; done
exit 0
`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-curl-'));
  writeFileSync(join(folder, 'curl'), FAKE_CURL, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell makes of a command. On its standard input, as a terminal gives it: no limit of an argument's length. */
function run(command: string, shell = 'sh'): { words: string[]; piped: string } {
  const words = execFileSync(shell, ['-s'], {
    input: command,
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env.PATH}` },
  }).split('\0');
  return { words: words.slice(0, -1), piped: words.at(-1)! };
}

describe('a call as a curl command', () => {
  const url = 'https://customer.example/h?q={a,b}&tags[]=1';

  it('gives a shell the URL, headers and body letter for letter', () => {
    const body = `{"name":"O'Hara $HOME \`id\` \\"x\\" !!"}\n`;
    const headers = { 'webhook-id': 'evt_1', host: 'customer.example', 'x-empty': '', 'x-quote': `it's "$1"` };

    const { words } = run(toCurl(anAttempt({ url, request: { headers, body } })));

    expect(words).toEqual([
      '--globoff',
      '-X',
      'POST',
      url,
      '-H',
      'webhook-id: evt_1',
      '-H',
      'x-empty;',
      '-H',
      `x-quote: it's "$1"`,
      '--data-raw',
      body,
    ]);
  });

  it.each(['sh', 'bash'])('pipes a body that is too long for one word of a command: %s', (shell) => {
    const body = `{"note":"${"ж'".repeat(85_000)}"}`;

    const { words, piped } = run(toCurl(anAttempt({ url, request: { headers: {}, body } })), shell);

    expect(words.slice(-2)).toEqual(['--data-binary', '@-']);
    expect(piped === body).toBe(true);
  });

  it('says which headers are masked, and when the body is gone', () => {
    const headers = { 'webhook-id': 'evt_1', 'webhook-signature': 'v1,***', authorization: '***' };

    const [masked, gone, command] = toCurl(anAttempt({ request: { headers } })).split('\n');

    expect(masked).toBe(
      ": 'webhook-signature, authorization: masked in the log. An endpoint that checks them will refuse this request.'",
    );
    expect(gone).toBe(": 'The event has expired, and the body with it.'");
    expect(command).toContain('curl --globoff');
    expect(run(toCurl(anAttempt({ request: { headers } }))).words).toContain('webhook-signature: v1,***');
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

  it('tells what the endpoint took from what Posthorn was late itself', () => {
    expect(endpointTime({ first_byte: 2100, total: 2200, own_lag: 1900 })).toBe(300);
    expect(endpointTime({ total: 40 })).toBe(40);
    expect(endpointTime(undefined)).toBeUndefined();
  });
});

/** Attributes that the API removes when they are null. */
const REMOVABLE = Object.entries(subscriptionChange.shape)
  .filter(([, schema]) => schema.safeParse(null).success)
  .map(([name]) => name);

describe('taking a change back', () => {
  const before = aSubscription({ url: 'https://a.example/', description: 'old', headers: { a: '1', b: '2' } });
  const change = { url: 'https://b.example/', description: null, account: 'acc_1', headers: { b: '3', a: '1' } };
  const after = aSubscription({ ...change, description: undefined });

  it('sets what was there, and removes what was not', () => {
    const { back, kept } = reverse({ before, change, after }, { ...after, headers: { a: '1', b: '3' } });

    expect(kept).toEqual([]);
    expect(back).toEqual({
      url: 'https://a.example/',
      description: 'old',
      account: null,
      headers: { a: '1', b: '2' },
    });
  });

  it('gives back the default that was there, not its value', () => {
    const plain = aSubscription({ defaults: ['success', 'timeout_seconds', 'events'] });
    const change = { success: '200' as const, timeout_seconds: 5, events: ['visit.*'] };
    const after = aSubscription({ ...change, defaults: [] });

    const { back } = reverse({ before: plain, change, after }, after);

    expect(back).toEqual({ success: null, timeout_seconds: null, events: ['*'] });
  });

  it.each(REMOVABLE)('removes %s where it was not there before', (name) => {
    const without = aSubscription({ [name]: undefined });
    const after = aSubscription({ [name]: 'x' });

    const { back } = reverse({ before: without, change: { [name]: 'x' }, after }, after);

    expect(back).toEqual({ [name]: null });
  });

  it('leaves alone what somebody else has changed since', () => {
    const now = { ...after, url: 'https://c.example/', account: undefined } as Subscription;

    expect(reverse({ before, change, after }, now)).toEqual({
      back: { description: 'old', headers: { a: '1', b: '2' } },
      kept: ['url', 'account'],
    });
  });
});
