/**
 * The parts of dynalite 4.0.0 that this folder uses: its private modules for validation, expressions, key encoding and
 * the item actions. They have no stability promise, hence the exact pin in package.json.
 */
declare module 'dynalite/db/index.js' {
  import type { Stream } from 'node:stream';

  /** A DynamoDB value as it travels in JSON: exactly one member set, `B` in base64, `N` as decimal text. */
  export interface AttributeValue {
    S?: string;
    N?: string;
    B?: string;
    BOOL?: boolean;
    NULL?: boolean;
    SS?: string[];
    NS?: string[];
    BS?: string[];
    L?: AttributeValue[];
    M?: Item;
  }

  /** An item or a key: attribute name to value. */
  export interface Item {
    [name: string]: AttributeValue;
  }

  /** One attribute of a key schema; the partition key comes first. */
  export interface KeyElement {
    AttributeName: string;
    KeyType: 'HASH' | 'RANGE';
  }

  /** A local or global secondary index as DescribeTable shows it. */
  export interface SecondaryIndex {
    IndexName: string;
    IndexArn?: string;
    IndexStatus?: 'ACTIVE';
    KeySchema: KeyElement[];
    Projection: { ProjectionType: 'ALL' | 'INCLUDE' | 'KEYS_ONLY'; NonKeyAttributes?: string[] };
  }

  /** What a stream record carries of the item. */
  export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

  /** A table as DescribeTable shows it. Members nobody here reads pass through untouched. */
  export interface TableDescription {
    TableName: string;
    TableArn: string;
    TableStatus: 'ACTIVE' | 'CREATING' | 'UPDATING' | 'DELETING';
    AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
    KeySchema: KeyElement[];
    GlobalSecondaryIndexes?: SecondaryIndex[];
    LocalSecondaryIndexes?: SecondaryIndex[];
    StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: StreamViewType };
    LatestStreamArn?: string;
    LatestStreamLabel?: string;
    DeletionProtectionEnabled?: boolean;
    [member: string]: unknown;
  }

  /** Node callback: an error with `statusCode` and `body` is an answer for the caller. */
  export type Callback<T = unknown> = (error?: Error | null, result?: T) => void;
  /** Bounds of a range read over encoded keys; `limit` -1 means all. */
  export interface RangeOptions {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }
  /** Where the actions keep the items of a table or of an index. */
  export interface ItemDb {
    lock(key: string, run: (release: <T>(done: T) => T) => void): void;
    get(key: string, done: Callback<Item>): void;
    put(key: string, item: Item, done: Callback): void;
    del(key: string, done: Callback): void;
    createValueStream(range: RangeOptions): Stream;
  }
  /** What the actions need of a store; dynalite's own rests on LevelDB, ours on SQLite. */
  export interface Store {
    options: { maxItemSize: number };
    getTable(name: string, checkStatus: boolean | Callback<TableDescription>, done?: Callback<TableDescription>): void;
    getItemDb(table: string): ItemDb;
    getIndexDb(type: string, table: string, index: string): ItemDb;
  }
  /** One API call: checked input in, the answer's body out. */
  export type Action = (store: Store, data: object, done: Callback<Record<string, unknown>>) => void;

  const db: {
    createKey(item: Item, table: TableDescription): string;
    validateKey(key: Item, table: TableDescription): Error | null | undefined;
    /** Whether the condition holds, e.g. `GT`. */
    compare(condition: string, value: AttributeValue, other: AttributeValue): boolean;
    checkConditional(data: object, existing: Item | undefined): Error | null | undefined;
    updateIndexes(
      store: Store,
      table: TableDescription,
      old: Item | undefined,
      item: Item | null,
      done: Callback,
    ): void;
    validationError(message: string): Error;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    /** Keeps the members that `types` knows and converts them; throws a SerializationException. */
    checkTypes<T extends object>(data: T, types: object): T;
    /** Applies the constraints and parses the expressions; throws a ValidationException. */
    checkValidations(data: object, types: object, custom: unknown, store: unknown): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: { types: object; custom?: (data: object, store: unknown) => string | undefined };
  export default validation;
}

declare module 'dynalite/actions/*.js' {
  import type { Action } from 'dynalite/db/index.js';

  const action: Action;
  export default action;
}
