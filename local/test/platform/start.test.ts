import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArguments } from '../../arguments.ts';
import { AWS } from '../../like-aws/numbers.ts';
import { FolderInUse, lockFolder } from '../../lock.ts';
import { Log, readableLine } from '../../log.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

const FOLDER = join(import.meta.dirname, '../../../.local');

describe('arguments', () => {
  it.each<[string[], Record<string, string>, object]>([
    [[], {}, { port: 0, folder: FOLDER, reset: false }],
    [['--port', '8080', '--reset'], {}, { port: 8080, folder: FOLDER, reset: true }],
    [[], { POSTHORN_LOCAL_PORT: '9090' }, { port: 9090, folder: FOLDER, reset: false }],
    [['--port=8080'], { POSTHORN_LOCAL_PORT: '9090' }, { port: 8080, folder: FOLDER, reset: false }],
    [[], { POSTHORN_LOCAL_FOLDER: '/data/a' }, { port: 0, folder: '/data/a', reset: false }],
    [['--folder', '/data/b'], { POSTHORN_LOCAL_FOLDER: '/data/a' }, { port: 0, folder: '/data/b', reset: false }],
  ])('%j with %j', (args, env, expected) => {
    expect(readArguments(args, env)).toEqual({ inspect: new Map(), likeAws: undefined, ...expected });
  });

  it.each([[['--port', 'x']], [['--port', '65536']], [['--wipe']], [['more']]])(
    '%j are refused with the usage',
    (args) => {
      expect(() => readArguments(args, {})).toThrow(
        'Usage: npm start -- [--port <n>] [--folder <path>] [--reset] [--like-aws]',
      );
    },
  );
});

describe('a run like AWS', () => {
  it.each<[string[], Record<string, string>, object | undefined]>([
    [[], {}, undefined],
    [['--like-aws'], {}, AWS],
    [[], { POSTHORN_LIKE_AWS: '1' }, AWS],
    [
      ['--like-aws'],
      { POSTHORN_LIKE_AWS: 'accountConcurrency=10, freezes=0' },
      { ...AWS, accountConcurrency: 10, freezes: 0 },
    ],
  ])('%j with %j', (args, env, expected) => {
    expect(readArguments(args, env).likeAws).toEqual(expected);
  });

  it.each(['speed=1', 'keyWrites', 'keyWrites=-1', 'keyWrites=1;freezes=0'])(
    'refuses %s and names all numbers',
    (text) => {
      expect(() => readArguments([], { POSTHORN_LIKE_AWS: text })).toThrow(
        /Expected numbers like keyWrites=500.* freezes; got/,
      );
    },
  );
});

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-lock-'));
  });
  let shell: ChildProcess | undefined;
  let holder: number | undefined;
  afterEach(() => {
    for (const pid of [shell?.pid, holder]) if (pid !== undefined) process.kill(pid, 'SIGKILL');
    shell = holder = undefined;
    rmSync(folder, { recursive: true });
  });

  /** Lets another process hold the lock. It is the child of a shell that turns into something which never asks for it. */
  const holdElsewhere = async (): Promise<number> => {
    const lock = JSON.stringify(join(import.meta.dirname, '../../lock.ts'));
    const script = `import { lockFolder } from ${lock}; lockFolder(${JSON.stringify(folder)}); gc(); console.log(process.pid); setInterval(() => {}, 1000);`;
    const command = `"${process.execPath}" --expose-gc --input-type=module -e "$SCRIPT" & exec sleep 1000`;
    shell = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SCRIPT: script },
    });
    const [line] = (await once(shell.stdout!, 'data')) as [Buffer];
    return (holder = Number(line.toString()));
  };

  it('is held by one at a time', () => {
    const unlock = lockFolder(folder);

    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    unlock();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it.each(['2147483646', 'no number', ''])('is taken over from a process that is gone (%j)', (left) => {
    writeFileSync(join(folder, 'lock'), left);

    lockFolder(folder);

    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(String(process.pid));
  });

  it('is held against other processes, and says which one has it', async () => {
    const pid = await holdElsewhere();

    expect(() => lockFolder(folder)).toThrow(`already runs on ${folder} (process ${pid})`);
  });

  it('ends with its process, also where nobody asks for the dead', async () => {
    const pid = await holdElsewhere();

    process.kill(pid, 'SIGKILL');

    await waitFor('the lock', () => attempt(() => lockFolder(folder)));
    // Its number is still taken: by a process that is dead, but whose parent never asked.
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('is not taken for held because its number belongs to somebody else now', () => {
    writeFileSync(join(folder, 'lock'), String(process.ppid));

    lockFolder(folder);

    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(String(process.pid));
  });
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FolderInUse) return undefined;
    throw error;
  }
}

describe('log lines', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{"level":"info","message":"sent","attempt":2,"event":"evt_1","time":"t"}', 'INFO sent attempt=2 event=evt_1'],
    ['{"message":{"a":1},"list":[1]}', '{"a":1} list=[1]'],
    ['{"_aws":{},"Delivered":1}', ''],
    ['{"message":"sent","_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"Sent"}]}]},"Sent":1}', 'sent'],
    ['{broken', '{broken'],
  ])('%s', (line, readable) => {
    expect(readableLine(line)).toBe(readable);
  });

  it('are kept up to a limit, newest last', () => {
    const log = new Log();
    const write = log.from('fn');

    for (let i = 0; i < 10_001; i += 1) write(String(i));

    expect(log.entries.length).toBeLessThanOrEqual(10_000);
    expect(log.entries.at(-1)).toEqual({ source: 'fn', line: '10000' });
  });
});
