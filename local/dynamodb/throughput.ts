import { indexUnits } from './consumption.ts';
import { dynamoDbError, type ServiceError } from './errors.ts';
import { itemBytes, writeUnits } from './item-size.ts';
import type { ItemWrite } from './item-store.ts';
import type { AttributeValue, Clock, Item, TableDescription } from './types.ts';

/** Units a second that DynamoDB gives; 0: without limit. */
export interface ThroughputLimits {
  keyWrites: number;
  keyReads: number;
  tableWrites: number;
  tableReads: number;
}

type Kind = 'Read' | 'Write';

/** Units that nobody used are kept for one second, no longer: AWS calls its burst of five minutes best effort. */
const BURST_SECONDS = 1;
/** Beyond so many buckets, those that are full are forgotten. */
const MOST_BUCKETS = 20_000;

const MESSAGE =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';

/** Units that come back with time. A call passes while any are left, and may leave a debt. */
interface Bucket {
  perSecond: number;
  units: number;
  atMs: number;
}

/** A table, or an index of one. */
interface Place {
  table: TableDescription;
  index?: string;
}

/**
 * What DynamoDB throttles: a partition key that is asked for more than one partition gives, and a table or an index that is
 * new. If an index cannot keep up, the write to its table is refused.
 */
export class Throughput {
  /** Refusals by table, or `table/index`, and kind, e.g. `Events/by-time Write`: what CloudWatch has as throttle events. */
  readonly throttled = new Map<string, number>();
  readonly #limits: ThroughputLimits;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: ThroughputLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes what a write costs the table and its indexes. @throws ThrottlingException, and takes nothing. */
  takeWrite(write: ItemWrite): void {
    const { table, old, item } = write;
    const either = item ?? old;
    if (!either) return;
    const units = Math.max(writeUnits(old ? itemBytes(old) : 0), writeUnits(item ? itemBytes(item) : 0));
    const takes: [Place, AttributeValue | undefined, number][] = [[{ table }, hashOf(table, either), units]];
    for (const index of table.GlobalSecondaryIndexes ?? []) {
      const used = indexUnits(index, table, old, item);
      const name = index.KeySchema[0]!.AttributeName;
      if (used > 0) takes.push([{ table, index: index.IndexName }, item?.[name] ?? old?.[name], used]);
    }
    for (const [place, key] of takes) this.#admit('Write', place, key);
    for (const [place, key, used] of takes) this.#charge('Write', place, key, used);
  }

  /** Whether a write of this key may be tried. @throws ThrottlingException */
  admitWrite(table: TableDescription, key: Item): void {
    this.#admit('Write', { table }, hashOf(table, key));
  }

  /** A refused condition costs what was looked at. */
  chargeRefused(table: TableDescription, key: Item, old: Item | undefined): void {
    this.#charge('Write', { table }, hashOf(table, key), writeUnits(old ? itemBytes(old) : 0));
  }

  /** Whether a partition may be read. @param hash undefined: a scan. @throws ThrottlingException */
  admitRead(table: TableDescription, hash: AttributeValue | undefined, index?: string): void {
    this.#admit('Read', { table, ...(index !== undefined && { index }) }, hash);
  }

  /** Takes what a read cost. */
  chargeRead(table: TableDescription, hash: AttributeValue | undefined, units: number, index?: string): void {
    this.#charge('Read', { table, ...(index !== undefined && { index }) }, hash, units);
  }

  #admit(kind: Kind, place: Place, hash: AttributeValue | undefined): void {
    for (const bucket of this.#bucketsOf(kind, place, hash)) {
      if (bucket.units > 0) continue;
      const name = `${place.table.TableName}${place.index === undefined ? '' : `/${place.index}`} ${kind}`;
      this.throttled.set(name, (this.throttled.get(name) ?? 0) + 1);
      throw throttling(kind, place);
    }
  }

  #charge(kind: Kind, place: Place, hash: AttributeValue | undefined, units: number): void {
    for (const bucket of this.#bucketsOf(kind, place, hash)) bucket.units -= units;
  }

  #bucketsOf(kind: Kind, { table, index = '' }: Place, hash: AttributeValue | undefined): Bucket[] {
    const name = `${kind} ${table.TableName}/${index}`;
    const limits = this.#limits;
    const [perTable, perKey] =
      kind === 'Write' ? [limits.tableWrites, limits.keyWrites] : [limits.tableReads, limits.keyReads];
    return [
      ...(perTable > 0 ? [this.#bucket(name, perTable)] : []),
      ...(perKey > 0 && hash !== undefined ? [this.#bucket(`${name} ${JSON.stringify(hash)}`, perKey)] : []),
    ];
  }

  #bucket(name: string, perSecond: number): Bucket {
    const nowMs = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { perSecond, units: perSecond * BURST_SECONDS, atMs: nowMs };
    fill(bucket, nowMs);
    if (!this.#buckets.has(name)) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#forgetFull(nowMs);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  #forgetFull(nowMs: number): void {
    for (const [name, bucket] of this.#buckets) {
      fill(bucket, nowMs);
      if (bucket.units >= bucket.perSecond * BURST_SECONDS) this.#buckets.delete(name);
    }
  }
}

function fill(bucket: Bucket, nowMs: number): void {
  const gained = (bucket.perSecond * Math.max(nowMs - bucket.atMs, 0)) / 1000;
  bucket.units = Math.min(bucket.units + gained, bucket.perSecond * BURST_SECONDS);
  bucket.atMs = nowMs;
}

/** The value of an item's partition key. */
export function hashOf({ KeySchema }: TableDescription, item: Item): AttributeValue | undefined {
  return item[KeySchema[0]!.AttributeName];
}

/** Of a table on demand; one with capacity of its own would answer ProvisionedThroughputExceededException. */
function throttling(kind: Kind, { table, index }: Place): ServiceError {
  const resource = index === undefined ? table.TableArn : `${table.TableArn}/index/${index}`;
  const reason = `${index === undefined ? 'Table' : 'Index'}${kind}KeyRangeThroughputExceeded`;
  return dynamoDbError('ThrottlingException', MESSAGE, { throttlingReasons: [{ reason, resource }] });
}
