import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outputs } from '../../local/outputs-file.ts';
import { attachDebugger } from '../support/debugger.ts';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { waitFor } from '../support/wait-for.ts';

// `npm start` as a developer types it, in a data folder of its own.

const START_MS = 120_000;
const PROJECT = join(import.meta.dirname, '../..');
const API_EVENT = {
  routeKey: 'GET /openapi.json',
  rawPath: '/openapi.json',
  headers: {},
  requestContext: { requestId: 'r', http: { method: 'GET', path: '/openapi.json' } },
};

let folder: string;
let npm: ChildProcess;
let printed = '';
let posthorn: Posthorn;
const outputsFile = (): string => join(folder, 'outputs.json');

/** `npm run invoke` of the api function. @returns what it printed. */
async function invokeApi(): Promise<{ stdout: string; stderr: string }> {
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(API_EVENT));
  const words = ['run', '--silent', 'invoke', '--', 'api', event, '--folder', folder];
  return promisify(execFile)('npm', words, { cwd: PROJECT });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-start-'));
  npm = spawn('npm', ['start', '--', '--folder', folder], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, POSTHORN_INSPECT: 'sender' },
  });
  for (const stream of [npm.stdout!, npm.stderr!]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await waitFor('the outputs', () => existsSync(outputsFile()), START_MS);
  posthorn = connect(JSON.parse(readFileSync(outputsFile(), 'utf8')) as Outputs);
}, START_MS);
afterAll(() => {
  npm.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('npm start', () => {
  it('stops at a line of the sender when the debugger that it announced says so', async () => {
    const [, port] = await waitFor(
      'the address',
      () => /Debug {4}sender at 127\.0\.0\.1:(\d+)/.exec(printed) ?? undefined,
    );
    const tool = await attachDebugger(Number(port));
    await tool.breakAt('lambdas/domain/secrets/signature.ts', 'createHmac(');
    await posthorn.subscribe({ organization: 'org_debug', url: 'http://127.0.0.1:9/closed' });

    await posthorn.publish({ organization: 'org_debug', type: 'visit.ended', data: {} });

    expect((await tool.paused()).file).toBe(join(PROJECT, 'lambdas/domain/secrets/signature.ts'));
    await tool.resume();
    tool.close();
  });

  it('keeps its outputs, which hold keys, for its owner alone', () => {
    expect(statSync(outputsFile()).mode & 0o077).toBe(0);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('lets one function run once beside it', async () => {
    const { stdout, stderr } = await invokeApi();

    expect(JSON.parse(stdout)).toMatchObject({ statusCode: 200 });
    expect(stderr).toContain('INFO request stage=api');
  });

  it('ends when npm is told to, and lets one function run once without it', async () => {
    npm.kill('SIGTERM');

    await waitFor('its end', () => !existsSync(outputsFile()));
    await waitFor('the folder to be free', () => !existsSync(join(folder, 'lock')));
    expect(JSON.parse((await invokeApi()).stdout)).toMatchObject({ statusCode: 200 });
  });
});
