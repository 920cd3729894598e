import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../../test/support/wait-for.ts';
import { firstLine, isRunning, startFixture, synthesizeFixture } from './fixture.ts';

// `npm start` is a chain: npm, a shell where npm's does not turn into the command, node24.mjs, the platform, its functions.

const PROJECT = join(import.meta.dirname, '../../..');
const COMMAND = `"${process.execPath}" scripts/node24.mjs local/test/platform/fixture-app/run.ts "$APP" "$FOLDER"; exit $?`;
const SYNTH_MS = 180_000;

let app: string;
let folder: string;
let shell: ChildProcess;

beforeAll(async () => {
  app = await synthesizeFixture();
}, SYNTH_MS);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-ending-'));
});
afterEach(() => {
  shell.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the chain as npm does. */
function start(command: string): void {
  const env = { ...process.env, npm_lifecycle_event: 'start', APP: command, FOLDER: folder };
  shell = spawn(COMMAND, { cwd: PROJECT, shell: true, stdio: ['ignore', 'pipe', 'inherit'], env });
}

interface Pids {
  starter: number;
  platform: number;
  functions: number[];
}

describe('a run that npm started', () => {
  it.each<[NodeJS.Signals, string, (pids: Pids) => number[]]>([
    ['SIGTERM', 'the shell', () => [shell.pid!]],
    ['SIGKILL', 'the shell', () => [shell.pid!]],
    ['SIGTERM', 'node24.mjs', ({ starter }) => [starter]],
    ['SIGKILL', 'node24.mjs', ({ starter }) => [starter]],
    ['SIGTERM', 'the platform', ({ platform }) => [platform]],
    ['SIGKILL', 'the platform', ({ platform }) => [platform]],
    ['SIGKILL', 'all of them', ({ starter, platform, functions }) => [shell.pid!, starter, platform, ...functions]],
  ])('ends with all its processes on %s to %s, and its folder can be used again', async (signal, _, whom) => {
    start(app);
    const pids = JSON.parse(await firstLine(shell.stdout!)) as Pids;
    const all = [shell.pid!, pids.starter, pids.platform, ...pids.functions];

    // Some may be gone already: they noticed the end of another.
    for (const pid of whom(pids).filter((pid) => isRunning(pid))) process.kill(pid, signal);

    expect(pids.functions.length).toBeGreaterThanOrEqual(3);
    await waitFor('all processes to end', () => !all.some((pid) => isRunning(pid)));
    const again = await startFixture({ app, folder });
    await again.platform.close();
  });

  it.each<[string, (pids: number[]) => number | undefined]>([
    ['is asked to', ([platform]) => platform],
    ['loses the process that started it', ([, starter]) => starter],
  ])('ends in the middle of synthesizing when it %s', async (_, whom) => {
    const file = join(folder, 'pids');
    start(`sleep 1000 & echo "$! $PPID $(ps -o ppid= -p $PPID)" > "${file}.new" && mv "${file}.new" "${file}"; wait`);
    await waitFor('the synthesis to begin', () => existsSync(file));
    const [sleeper = 0, ...chain] = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);

    process.kill(whom(chain) ?? 0, 'SIGTERM');

    await waitFor('all to end', () => ![sleeper, ...chain].some((pid) => isRunning(pid)));
  });
});
