import { AWS } from '../../local/like-aws/numbers.ts';
import type { Timeline } from './timeline.ts';

/** Write units a second of one partition, thus of one partition key. */
export const PARTITION_UNITS = AWS.keyWrites;
/** Write units a second of an on-demand table that has never had more; later twice its former peak. */
export const NEW_TABLE_UNITS = AWS.tableWrites;
/** Seconds of unused capacity that DynamoDB lets be used later. It keeps five minutes' of a partition, promises none; here: none. */
const BURST_MS = 1000;

/** A leaky bucket: when the next unit can be had. */
class Bucket {
  readonly #perMs: number;
  #fullUntilMs = 0;

  constructor(unitsPerSecond: number) {
    this.#perMs = unitsPerSecond / 1000;
  }

  /** @returns how long these units have to wait, milliseconds. */
  take(units: number, nowMs: number): number {
    this.#fullUntilMs = Math.max(this.#fullUntilMs, nowMs - BURST_MS) + units / this.#perMs;
    return Math.max(this.#fullUntilMs - nowMs, 0);
  }
}

/** An on-demand table, as far as writes to it have to wait. Its SDK client tries throttled writes again: they wait. */
export class ModelTable {
  /** Longest that a write had to wait, milliseconds. */
  longestWaitMs = 0;
  units = 0;
  readonly #timeline: Timeline;
  readonly #table: Bucket;
  readonly #partitions = new Map<string, Bucket>();

  constructor(timeline: Timeline, warmUnits = NEW_TABLE_UNITS) {
    this.#timeline = timeline;
    this.#table = new Bucket(warmUnits);
  }

  /** Writes units to a partition key. @returns how long that waits for capacity, milliseconds. */
  write(key: string, units: number): number {
    let partition = this.#partitions.get(key);
    if (!partition) this.#partitions.set(key, (partition = new Bucket(PARTITION_UNITS)));
    const { nowMs } = this.#timeline;
    const waitMs = Math.max(this.#table.take(units, nowMs), partition.take(units, nowMs));
    this.units += units;
    this.longestWaitMs = Math.max(this.longestWaitMs, waitMs);
    return waitMs;
  }
}
