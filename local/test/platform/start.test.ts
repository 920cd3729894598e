import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArguments } from '../../arguments.ts';
import { FolderInUse, lockFolder } from '../../lock.ts';
import { Log, readableLine } from '../../log.ts';

describe('arguments', () => {
  it.each<[string[], Record<string, string>, object]>([
    [[], {}, { port: 0, reset: false }],
    [['--port', '8080', '--reset'], {}, { port: 8080, reset: true }],
    [[], { POSTHORN_LOCAL_PORT: '9090' }, { port: 9090, reset: false }],
    [['--port=8080'], { POSTHORN_LOCAL_PORT: '9090' }, { port: 8080, reset: false }],
  ])('%j with %j', (args, env, expected) => {
    expect(readArguments(args, env)).toEqual(expected);
  });

  it.each([[['--port', 'x']], [['--port', '65536']], [['--wipe']], [['more']]])(
    '%j are refused with the usage',
    (args) => {
      expect(() => readArguments(args, {})).toThrow('Usage: npm start -- [--port <n>] [--reset]');
    },
  );
});

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

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
});

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
