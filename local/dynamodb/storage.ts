import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { RangeOptions } from 'dynalite/db/index.js';
import { GroupCommit } from '../group-commit.ts';
import { keepAsOwn, openPrivate, privateFolder } from '../private-file.ts';

// `expires` (seconds) is set only in tables with TTL, so the partial index stays empty for all others.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER, UNIQUE (space, key));
  CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires) WHERE expires IS NOT NULL;
  CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS streams (arn TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS stream_records (sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS stream_records_by_stream ON stream_records (stream, sequence);
  CREATE INDEX IF NOT EXISTS stream_records_by_age ON stream_records (at);
  CREATE TABLE IF NOT EXISTS history (sequence INTEGER PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, value TEXT);
  CREATE INDEX IF NOT EXISTS history_by_key ON history (space, key, sequence);
  CREATE TABLE IF NOT EXISTS request_tokens (token TEXT PRIMARY KEY, request TEXT NOT NULL, at INTEGER NOT NULL);
`;

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * One SQLite file (or memory) with everything: items, index entries, stream records, table descriptions. Calls are
 * synchronous, so an API call runs from start to end without another in between, and a transaction is one of SQLite's.
 */
export class Storage {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #commits: GroupCommit;

  /** @param folder is created if missing; undefined keeps the data in memory only. */
  constructor(folder: string | undefined) {
    if (folder) privateFolder(folder);
    this.#database = openPrivate(folder ? join(folder, 'dynamodb.sqlite') : ':memory:');
    try {
      keepAsOwn(this.#database);
      // 64 MB of pages in memory; the default is 2.
      this.#database.exec('PRAGMA cache_size = -65536;');
      this.#database.exec(SCHEMA);
      this.#commits = new GroupCommit(this.#database, () => undefined);
    } catch (cause) {
      this.#database.close();
      throw new Error(
        `Cannot open the local DynamoDB in ${folder}: expected a folder that no other process uses. Stop the other one or choose another folder.`,
        { cause },
      );
    }
  }

  /** Prepares a statement once and reuses it. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  /** Runs `work` so that all of its writes happen or, when it throws, none. Its result may be told once it is {@link durable}. */
  transaction<T>(work: () => T): T {
    return this.#commits.run(work);
  }

  /** Resolves when all that was run until now is kept. @throws when the file did not take it. */
  durable(): Promise<void> {
    return this.#commits.durable();
  }

  /** The JSON stored under a key, or undefined. */
  get(space: string, key: string): string | undefined {
    return this.prepare('SELECT value FROM entries WHERE space = ? AND key = ?').get(space, key)?.['value'] as
      | string
      | undefined;
  }

  /** @param expires seconds since the epoch, or null for never. */
  put(space: string, key: string, value: string, expires: number | null): void {
    this.prepare(
      'INSERT INTO entries (space, key, value, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires',
    ).run(space, key, value, expires);
  }

  delete(space: string, key: string): void {
    this.prepare('DELETE FROM entries WHERE space = ? AND key = ?').run(space, key);
  }

  /** Empties a space. */
  clear(space: string): void {
    this.prepare('DELETE FROM entries WHERE space = ?').run(space);
  }

  /** The values of a key range in key order, read row by row. */
  *range(space: string, range: RangeOptions = {}): Generator<string> {
    const values: SQLInputValue[] = [space];
    let sql = 'SELECT value FROM entries WHERE space = ?';
    for (const [name, operator] of Object.entries(COMPARISONS)) {
      const bound = range[name as keyof typeof COMPARISONS];
      if (bound === undefined) continue;
      sql += ` AND key ${operator} ?`;
      values.push(bound);
    }
    sql += ` ORDER BY key ${range.reverse ? 'DESC' : 'ASC'} LIMIT ?`;
    for (const row of this.prepare(sql).iterate(...values, range.limit ?? -1)) yield row['value'] as string;
  }

  /** Hands everything to the file and releases it. */
  close(): void {
    this.#commits.flush();
    this.#database.close();
  }
}
