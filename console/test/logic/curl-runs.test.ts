import { spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCurl } from '../../src/pages/call/curl.ts';
import { anAttempt } from './factories.ts';

// The copied command, run by real shells with the real curl against a receiver: the bytes and headers that arrive.

const isThere = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;
/** What a person may paste it into; `bash -i` expands `!` as an interactive shell does. */
const SHELLS: [string, string[]][] = (
  [
    ['sh', ['-s']],
    ['bash', ['-s']],
    ['bash', ['--norc', '-i', '-s']],
    ['zsh', ['-f', '-s']],
  ] as [string, string[]][]
).filter(([shell]) => shell === 'sh' || isThere(shell));

interface Arrived {
  url: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}
let arrived: Arrived[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { url = '', method = '', headers } = request;
    arrived.push({ url, method, headers, body: Buffer.concat(chunks) });
    response.end('ok');
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Runs a command as if it were pasted, and gives what came of it. */
async function paste(command: string, [shell, args]: [string, string[]]): Promise<Arrived> {
  arrived = [];
  const run = spawn(shell, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, HOME: '/nowhere' },
  });
  run.stdin.end(`${command}\n`);
  const code = await new Promise((resolve) => run.on('close', resolve));
  expect(code).toBe(0);
  expect(arrived).toHaveLength(1);
  return arrived[0]!;
}

const BODIES: [string, string][] = [
  ['quotes of every kind', `{"a":"O'Hara \\"x\\" \`id\` ''' \\\\'"}`],
  ['what shells and their history expand', '{"a":"!! !1 $HOME $(id) ${x} ~ * ? [a] {a,b} %s \\\\n #c"}'],
  ['line ends at the end and inside', '{\n  "a": "1",\r\n  "b": 2\n}\n\n'],
  ['letters of any script, and a byte order mark', '\ufeff{"a":"Zoë – 日本 🩺 \u2028"}'],
  ['control characters, which a terminal takes for keys', `{"a":"\u0001\u0008\u001b[31m\u007f\t\u0085"}`],
  ['what curl would read from a file', '@/etc/hostname'],
  ['what curl would take for an option', '--data x'],
  ['nothing', ''],
  ['more than a word of a command may hold', `{"note":"${"ж'!%s\\".repeat(40_000)}"}`],
];

describe.each(SHELLS)('pasted into %s %j, the command', (...shell) => {
  it.each(BODIES)('sends the same bytes: %s', async (_what, body) => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/h?q={a,b}&tags[]=1&x=%27!'`;
    const headers = {
      host: 'customer.example',
      'content-length': '1',
      'content-type': 'application/cloudevents+json',
      'user-agent': 'Posthorn/1.2.3',
      'webhook-id': 'evt_1',
      'x-empty': '',
      'x-quote': `it's "$1" !! \\ \`id\``,
      'x-at': '@/etc/hostname',
    };

    const got = await paste(toCurl(anAttempt({ url, request: { headers, body } })), shell);

    expect(got.body.equals(Buffer.from(body))).toBe(true);
    expect([got.method, got.url]).toEqual(['POST', `/h?q={a,b}&tags[]=1&x=%27!'`]);
    const { host: _host, 'content-length': _length, ...own } = headers;
    expect(got.headers).toMatchObject(own);
    expect(got.headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(got.headers).not.toHaveProperty('expect');
  });
});
