import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { GroupCommit } from '../group-commit.ts';
import { keepAsOwn, openPrivate } from '../private-file.ts';

/**
 * Two tables for messages: `messages` holds what every receive changes (small rows, ten to a page), `bodies` what is
 * written once. `seq` is the order of a queue. `hidden` says that a message waits for `visible_at`: in flight when it
 * was received before, delayed when not.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL, tags TEXT NOT NULL,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, purged_at INTEGER
);
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, queue_id INTEGER NOT NULL, message_id TEXT NOT NULL, group_id TEXT,
  hidden INTEGER NOT NULL, visible_at INTEGER NOT NULL, sent_at INTEGER NOT NULL, receive_count INTEGER NOT NULL,
  first_received_at INTEGER, received_at INTEGER, source_arn TEXT
);
CREATE INDEX IF NOT EXISTS messages_ready ON messages (queue_id, seq, group_id) WHERE hidden = 0;
CREATE INDEX IF NOT EXISTS messages_hidden ON messages (queue_id, visible_at) WHERE hidden = 1;
CREATE INDEX IF NOT EXISTS messages_age ON messages (queue_id, sent_at);
CREATE TABLE IF NOT EXISTS bodies (
  seq INTEGER PRIMARY KEY, body TEXT NOT NULL, md5 TEXT NOT NULL, attributes TEXT, trace_header TEXT,
  sender_id TEXT NOT NULL, deduplication_id TEXT, sequence_number TEXT
);
CREATE TRIGGER IF NOT EXISTS bodies_follow AFTER DELETE ON messages BEGIN DELETE FROM bodies WHERE seq = OLD.seq; END;
CREATE TABLE IF NOT EXISTS deduplications (
  queue_id INTEGER NOT NULL, deduplication_id TEXT NOT NULL, message_id TEXT NOT NULL, sequence_number TEXT NOT NULL,
  expires_at INTEGER NOT NULL, PRIMARY KEY (queue_id, deduplication_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS move_tasks (
  id TEXT PRIMARY KEY, source_arn TEXT NOT NULL, destination_arn TEXT, per_second INTEGER, status TEXT NOT NULL,
  moved INTEGER NOT NULL, to_move INTEGER NOT NULL, started_at INTEGER NOT NULL, failure TEXT
);
`;

export type Row = Record<string, string | number | null>;

/** The SQLite file, with prepared statements kept by their text. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** One transaction per request. */
  readonly commits: GroupCommit;

  /**
   * @param file path of the file, created when missing, or `:memory:`.
   * @param onLost see {@link GroupCommit}.
   */
  constructor(file: string, onLost: () => void) {
    this.#sqlite = openPrivate(file);
    this.#sqlite.exec('PRAGMA busy_timeout = 5000;');
    keepAsOwn(this.#sqlite);
    this.#sqlite.exec(SCHEMA);
    this.commits = new GroupCommit(this.#sqlite, onLost);
  }

  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number } {
    const result = this.#prepare(sql).run(...values);
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** Rows one by one, for scans that end early. Nothing may be written before the loop is left. */
  iterate(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepare(sql).iterate(...values) as Iterable<Row>;
  }

  close(): void {
    this.commits.flush();
    this.#statements.clear();
    this.#sqlite.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#sqlite.prepare(sql)));
    return statement;
  }
}
