import type { Storage } from './storage.ts';

/** DynamoDB can restore each second of the last 35 days. */
const KEPT_MS = 35 * 86_400_000;

/**
 * What tables with point-in-time recovery held, change by change. Kept only while that is on, from the moment at which it was
 * switched on. Calls run inside the caller's transaction.
 */
export class History {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Begins with what the table holds now. @param space that of the table's items. */
  begin(space: string, nowMs: number): void {
    this.end(space);
    this.#storage
      .prepare('INSERT INTO history (space, key, at, value) SELECT space, key, ?, value FROM entries WHERE space = ?')
      .run(nowMs, space);
  }

  /** Forgets the whole history, as DynamoDB does when the recovery is switched off. */
  end(space: string): void {
    this.#storage.prepare('DELETE FROM history WHERE space = ?').run(space);
  }

  /** @param value the item as JSON; null: it was deleted. */
  note(space: string, key: string, value: string | null, nowMs: number): void {
    this.#storage
      .prepare('INSERT INTO history (space, key, at, value) VALUES (?, ?, ?, ?)')
      .run(space, key, nowMs, value);
  }

  /** The oldest time to which one can go back. */
  static earliest(sinceMs: number, nowMs: number): number {
    return Math.max(sinceMs, nowMs - KEPT_MS);
  }

  /** Copies what a space held at a time into another one. */
  copy(space: string, atMs: number, into: string): void {
    this.#storage
      .prepare(
        `INSERT INTO entries (space, key, value, expires)
         SELECT ?, key, value, NULL FROM history AS h
         WHERE space = ? AND value IS NOT NULL AND sequence =
           (SELECT MAX(sequence) FROM history WHERE space = h.space AND key = h.key AND at <= ?)`,
      )
      .run(into, space, atMs);
  }
}
