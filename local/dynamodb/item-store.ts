import { Stream } from 'node:stream';
import type { Callback, ItemDb, RangeOptions, Store } from 'dynalite/db/index.js';
import { dynamoDbError, validationError } from './errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from './item-size.ts';
import type { Storage } from './storage.ts';
import type { TableCatalogue, TableRecord } from './table-catalogue.ts';
import type { Item, TableDescription } from './types.ts';

/** One item as a write found it and left it; no `item` after a delete. */
export interface ItemWrite {
  table: TableDescription;
  /** The item's key as the store keeps it. */
  key: string;
  old: Item | undefined;
  item: Item | undefined;
  /** The item as JSON, of one that was written. */
  text?: string;
}

/** Name of the space that holds a table's items. */
export const itemSpace = (table: string): string => `item:${table}`;
/** Name of the space that holds an index's entries. */
export const indexSpace = (table: string, index: string): string => `index:${table}:${index}`;

/**
 * The store that dynalite's actions work on, kept in SQLite instead of LevelDB. Every call answers at once, so an
 * action runs synchronously and needs no lock.
 * @param observe sees each write of an item, inside the transaction that makes it.
 */
export function createItemStore(
  storage: Storage,
  catalogue: TableCatalogue,
  observe: (write: ItemWrite) => void,
): Store {
  return {
    options: { maxItemSize: MAX_ITEM_BYTES },
    getTable(name, checkStatus, done) {
      const answer = typeof checkStatus === 'function' ? checkStatus : done;
      const record = catalogue.find(name);
      if (record) answer?.(null, record.description);
      else answer?.(dynamoDbError('ResourceNotFoundException', 'Requested resource not found'));
    },
    getItemDb(name) {
      const record = catalogue.find(name);
      return record ? observedItems(storage, record, observe) : entries(storage, itemSpace(name));
    },
    getIndexDb: (_type, table, index) => entries(storage, indexSpace(table, index)),
  };
}

/** When TTL deletes the item, in seconds since the epoch; null when it never does. */
export function expiryOf(record: TableRecord, item: Item): number | null {
  const number = record.timeToLive && item[record.timeToLive]?.N;
  return number ? Math.floor(Number(number)) : null;
}

/** The items of a table, for one action: it reads an item before it writes it, which gives the write its old item. */
function observedItems(storage: Storage, record: TableRecord, observe: (write: ItemWrite) => void): ItemDb {
  const space = itemSpace(record.description.TableName);
  const plain = entries(storage, space);
  const read = (key: string): Item | undefined => parse(storage.get(space, key));
  return {
    ...plain,
    put(key, item, done) {
      attempt(done, () => {
        // dynalite counts UTF-16 units; AWS counts UTF-8 bytes, which is what matters for names and notes.
        if (itemBytes(item) > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
        const old = read(key);
        const text = JSON.stringify(item);
        storage.put(space, key, text, expiryOf(record, item));
        observe({ table: record.description, key, old, item, text });
      });
    },
    del(key, done) {
      attempt(done, () => {
        const old = read(key);
        storage.delete(space, key);
        observe({ table: record.description, key, old, item: undefined });
      });
    },
  };
}

function entries(storage: Storage, space: string): ItemDb {
  return {
    lock: (_key, run) => run((done) => done),
    get: (key, done) => done(null, parse(storage.get(space, key))),
    put: (key, item, done) => attempt(done, () => storage.put(space, key, JSON.stringify(item), null)),
    del: (key, done) => attempt(done, () => storage.delete(space, key)),
    createValueStream: (range) => new RowStream(storage, space, range),
  };
}

function attempt(done: Callback, work: () => void): void {
  try {
    work();
  } catch (error) {
    return done(error as Error);
  }
  done(null);
}

function parse(text: string | undefined): Item | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Item);
}

/**
 * Emits a range's items until it is destroyed. It is one of Node's old push streams because dynalite's list library
 * takes those as they are: it emits in the next microtask, after the reader has been attached, and without pauses.
 */
class RowStream extends Stream {
  #destroyed = false;

  constructor(storage: Storage, space: string, range: RangeOptions) {
    super();
    queueMicrotask(() => {
      try {
        for (const text of storage.range(space, range)) {
          this.emit('data', JSON.parse(text));
          if (this.#destroyed) return;
        }
        this.emit('end');
      } catch (error) {
        this.emit('error', error);
      }
    });
  }

  /** dynalite calls this when a page is full. */
  destroy(): void {
    this.#destroyed = true;
  }
}
