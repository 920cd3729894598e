import type { Storage } from './storage.ts';
import type { TableDescription } from './types.ts';

/** Everything known about a table besides its items. */
export interface TableRecord {
  description: TableDescription;
  /** Name of the TTL attribute while TTL is on. */
  timeToLive?: string;
  /** Since when point-in-time recovery is on, milliseconds; absent while it is off. */
  recoverySince?: number;
  tags: Record<string, string>;
}

/** The tables, read once and kept in memory because every call needs one. */
export class TableCatalogue {
  readonly #storage: Storage;
  readonly #records = new Map<string, TableRecord>();

  constructor(storage: Storage) {
    this.#storage = storage;
    for (const row of storage.prepare('SELECT name, record FROM tables').all()) {
      this.#records.set(row['name'] as string, JSON.parse(row['record'] as string) as TableRecord);
    }
  }

  find(name: string): TableRecord | undefined {
    return this.#records.get(name);
  }

  /** Names in alphabetical order, as ListTables gives them. */
  names(): string[] {
    return [...this.#records.keys()].toSorted();
  }

  /** Stores a new or changed record. */
  save(record: TableRecord): void {
    const name = record.description.TableName;
    this.#storage
      .prepare('INSERT INTO tables (name, record) VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record')
      .run(name, JSON.stringify(record));
    this.#records.set(name, record);
  }

  remove(name: string): void {
    this.#storage.prepare('DELETE FROM tables WHERE name = ?').run(name);
    this.#records.delete(name);
  }
}
