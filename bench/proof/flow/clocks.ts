import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SkippingClock } from '../../../test/support/skipping-clock.ts';

const PRELOADED = new URL('../../../test/support/moved-clock.mjs', import.meta.url).href;
/** What the name of the function has in it whose clock is moved further than all others. */
const STATISTICS = 'tatistics';

/** The clocks of functions may be so far ahead of the machine's, by which their calls are checked, milliseconds. */
export const FURTHEST_MS = 1000 * 24 * 3_600_000;

/**
 * The time of a flow: queues, tables, schedules and functions go by one clock, which is moved for all of them at once. Were
 * some left behind, recovery would let deliveries go in a future that has not come for the sender, which holds them again.
 * That of statistics, which compares nothing with the others' times, may be further ahead.
 */
export class Clocks {
  /** Of queues, tables and schedules. */
  readonly clock = new SkippingClock({ isFollowed: true });
  readonly #file: string;
  #skippedMs = 0;
  #statisticsMs = 0;

  constructor(folder: string) {
    this.#file = join(folder, 'moved-clocks.json');
    this.#write();
  }

  /** What functions are told, so that they look. */
  variables(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PRELOADED}`, MOVED_CLOCK: this.#file };
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Lets time pass for all. An invocation under way does not notice. */
  skip(ms: number): void {
    this.#skippedMs += ms;
    // First: who is woken by the other clock reads it.
    this.#write();
    this.clock.skip(ms);
  }

  /** Moves the clock of statistics alone. @returns what it says now, milliseconds since the epoch. */
  moveStatistics(ms: number): number {
    this.#statisticsMs += ms;
    this.#write();
    return this.now() + this.#statisticsMs;
  }

  /** As a whole: a process may read it at any time. */
  #write(): void {
    const ahead = { [STATISTICS]: this.#skippedMs + this.#statisticsMs, '': this.#skippedMs };
    writeFileSync(`${this.#file}.new`, JSON.stringify(ahead));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
