import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as setImmediately } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupCommit } from '../group-commit.ts';
import { aDynamoDb } from './dynamodb/support.ts';
import { startTestSqs } from './sqs/sqs.ts';

let folder: string;
let sqlite: DatabaseSync;
/** A second look at the file: sees what was committed. */
let other: DatabaseSync;
let lost: number;
let commits: GroupCommit;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commits-'));
  sqlite = new DatabaseSync(join(folder, 'data.sqlite'));
  // A child without its parent is noticed by the commit: the way to make one fail.
  sqlite.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE lines (n INTEGER PRIMARY KEY);
    CREATE TABLE children (parent INTEGER REFERENCES lines (n) DEFERRABLE INITIALLY DEFERRED);`);
  other = new DatabaseSync(join(folder, 'data.sqlite'));
  lost = 0;
  commits = new GroupCommit(sqlite, () => (lost += 1));
});
afterEach(() => {
  vi.restoreAllMocks();
  sqlite.close();
  other.close();
  rmSync(folder, { recursive: true });
});

const insert = (n: number): void => void sqlite.prepare('INSERT INTO lines VALUES (?)').run(n);
const kept = (): unknown[] =>
  other
    .prepare('SELECT n FROM lines ORDER BY n')
    .all()
    .map(({ n }) => n);

describe('transactions that share a commit', () => {
  it('reach the file together, by the time that they are durable', async () => {
    commits.run(() => insert(1));
    commits.run(() => insert(2));
    const before = kept();

    await commits.durable();

    expect([before, kept()]).toEqual([[], [1, 2]]);
  });

  it('are those of two turns of the event loop', async () => {
    commits.run(() => insert(1));
    const first = commits.durable();
    setImmediately(() => commits.run(() => insert(2)));

    await first;

    expect(kept()).toEqual([1, 2]);
  });

  it('leave out the one that throws, with all that it wrote', async () => {
    commits.run(() => insert(1));
    const broken = () =>
      commits.run(() => {
        insert(2);
        throw new Error('no');
      });
    expect(broken).toThrow('no');
    commits.run(() => insert(3));

    await commits.durable();

    expect(kept()).toEqual([1, 3]);
  });

  it('tell everybody when the commit fails, and none of them has happened', async () => {
    commits.run(() => insert(1));
    commits.run(() => sqlite.exec('INSERT INTO children VALUES (99)'));

    await expect(commits.durable()).rejects.toThrow('FOREIGN KEY');
    commits.run(() => insert(2));
    await commits.durable();

    expect([kept(), lost]).toEqual([[2], 1]);
  });

  it('do not fail the process when nobody waits for a commit that fails', async () => {
    commits.run(() => sqlite.exec('INSERT INTO children VALUES (99)'));

    await setImmediate();
    await setImmediate();

    expect(lost).toBe(1);
  });

  it('are committed at once when the file is about to be closed', () => {
    commits.run(() => insert(1));

    commits.flush();

    expect(kept()).toEqual([1]);
  });
});

describe('a server whose file does not take a commit', () => {
  it.each([
    ['SQS', async () => (await startTestSqs()).client.send(new ListQueuesCommand({}))],
    ['DynamoDB', async () => (await aDynamoDb()).client.send(new ListTablesCommand({}))],
  ])('answers 500 instead of what it would have done: %s', async (_, call) => {
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(GroupCommit.prototype, 'durable').mockRejectedValue(new Error('disk full'));

    await expect(call()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });
});
