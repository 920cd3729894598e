import type { Action, Store } from 'dynalite/db/index.js';
import type { Consumption } from './consumption.ts';
import { History } from './history.ts';
import { createItemStore, itemSpace, type ItemWrite } from './item-store.ts';
import { Storage } from './storage.ts';
import { StreamLog, type StreamRecord } from './stream-log.ts';
import { TableCatalogue } from './table-catalogue.ts';
import { Throughput, type ThroughputLimits } from './throughput.ts';
import type { Clock } from './types.ts';

/** Sees a table's new stream records after they are stored. */
export type StreamListener = (records: StreamRecord[]) => void;

/** Where the engine keeps its data and who it says it is. */
export interface EngineOptions {
  folder: string | undefined;
  region: string;
  accountId: string;
  clock: Clock;
  /** @default nothing is throttled */
  throughput?: ThroughputLimits | undefined;
}

/** What differs from a caller's own write. */
export interface WriteOptions {
  /** Marks the stream records as written by DynamoDB itself, which nothing throttles. */
  identity?: StreamRecord['userIdentity'];
  /** Its units have been taken already. @default false */
  isAdmitted?: boolean;
}

/** What all operations share: the data, the clock, and the way to write. */
export class Engine {
  readonly storage: Storage;
  readonly catalogue: TableCatalogue;
  readonly streams: StreamLog;
  readonly history: History;
  readonly clock: Clock;
  /** Start of every table ARN, e.g. `arn:aws:dynamodb:eu-west-1:000000000000:table/`. */
  readonly tableArnPrefix: string;
  /** Units used since the start, per table. */
  readonly capacity = new Map<string, { read: number; write: number }>();
  /** Undefined: nothing is throttled. */
  readonly throughput: Throughput | undefined;
  readonly #listeners = new Map<string, Set<StreamListener>>();

  constructor({ folder, region, accountId, clock, throughput }: EngineOptions) {
    this.storage = new Storage(folder);
    this.catalogue = new TableCatalogue(this.storage);
    this.history = new History(this.storage);
    this.streams = new StreamLog(this.storage, clock, region);
    this.clock = clock;
    this.throughput = throughput && new Throughput(throughput, clock);
    this.tableArnPrefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  }

  /** A store for actions that only read. */
  reader(): Store {
    return createItemStore(this.storage, this.catalogue, () => {
      throw new Error('Expected a reading action, got a write: use Engine.write.');
    });
  }

  /**
   * Runs `work` in one transaction on a store that meters writes and feeds the streams. Stream listeners hear of it
   * after the commit; when `work` throws, nothing has happened.
   * @throws ThrottlingException where a partition, table or index is asked for too much.
   */
  write<T>(
    consumption: Consumption,
    work: (store: Store) => T,
    { identity, isAdmitted = identity !== undefined }: WriteOptions = {},
  ): T {
    const fresh = new Map<string, StreamRecord[]>();
    const store = createItemStore(this.storage, this.catalogue, (write) => {
      if (!isAdmitted) this.throughput?.takeWrite(write);
      consumption.addWrite(write);
      this.#remember(write);
      const record = this.streams.append(write, identity);
      const table = write.table.TableName;
      if (record) fresh.set(table, [...(fresh.get(table) ?? []), record]);
    });
    const result = this.storage.transaction(() => work(store));
    if (fresh.size > 0)
      void this.storage.durable().then(
        () => this.#announce(fresh),
        () => undefined,
      );
    return result;
  }

  /** Calls `listener` with the stream records of a table from now on; returns the way to stop. It must not throw. */
  subscribe(table: string, listener: StreamListener): () => void {
    const listeners = this.#listeners.get(table) ?? new Set();
    this.#listeners.set(table, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  close(): void {
    this.storage.close();
  }

  /** Keeps what a table with point-in-time recovery holds now. */
  #remember({ table, key, text }: ItemWrite): void {
    if (this.catalogue.find(table.TableName)?.recoverySince === undefined) return;
    this.history.note(itemSpace(table.TableName), key, text ?? null, this.clock.now());
  }

  #announce(fresh: Map<string, StreamRecord[]>): void {
    for (const [table, records] of fresh) {
      for (const listener of this.#listeners.get(table) ?? []) listener(records);
    }
  }
}

/**
 * Runs one of dynalite's item actions, which on our store answers before it returns.
 * @throws the action's error, or one that says that dynalite has become asynchronous.
 */
export function run(action: Action, store: Store, data: object): Record<string, unknown> {
  let outcome: { error?: Error | null | undefined; result: Record<string, unknown> } | undefined;
  action(store, data, (error, result) => (outcome = { error, result: result ?? {} }));
  if (!outcome) throw new Error('Expected the action to answer at once, got none: dynalite must stay at 4.0.0.');
  if (outcome.error) throw outcome.error;
  return outcome.result;
}

/** Runs a reading action that streams rows: query and scan. */
export function runReading(action: Action, store: Store, data: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    action(store, data, (error, result) => (error ? reject(error) : resolve(result ?? {})));
  });
}
