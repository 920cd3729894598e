/** The time as the local emulators see it. Tests and proofs inject one that they move by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls `callback` once, when `now() >= timeMs`; at the earliest after the caller's own code has run.
   * @returns a function that cancels the callback.
   */
  at(timeMs: number, callback: () => void): () => void;
  /** How far it is ahead of the machine's clock, which the functions use, milliseconds. @default 0 */
  readonly aheadMs?: number;
}

/** setTimeout fires at once for anything longer (2^31 - 1 ms, about 24.8 days). */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  at(timeMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      timer = setTimeout(
        () => {
          // A timer may fire a millisecond early, or have been cut to the longest timeout.
          if (Date.now() >= timeMs) callback();
          else arm();
        },
        Math.min(Math.max(timeMs - Date.now(), 0), LONGEST_TIMEOUT_MS),
      );
    };
    arm();
    return () => clearTimeout(timer);
  },
};

interface Sleeper {
  timeMs: number;
  callback: () => void;
}

/** A clock that stands still until `advance` moves it. */
export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startMs milliseconds since the epoch. @default 2026-01-31T09:15:00Z */
  constructor(startMs: number = Date.UTC(2026, 0, 31, 9, 15)) {
    this.#now = startMs;
  }

  /** How many callbacks wait for their time: lets a test see that a long poll has begun before it moves the clock. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#now;
  }

  at(timeMs: number, callback: () => void): () => void {
    const sleeper = { timeMs, callback };
    this.#sleepers.add(sleeper);
    if (timeMs <= this.#now) setImmediate(() => this.#wake(sleeper));
    return () => void this.#sleepers.delete(sleeper);
  }

  /** Moves the clock by `ms` and wakes sleepers in the order of their times, also those that were added on the way. */
  advance(ms: number): void {
    const target = this.#now + ms;
    for (let next = this.#earliest(target); next !== undefined; next = this.#earliest(target)) {
      this.#now = Math.max(this.#now, next.timeMs);
      this.#wake(next);
    }
    this.#now = target;
  }

  #earliest(limit: number): Sleeper | undefined {
    let found: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.timeMs <= limit && (found === undefined || sleeper.timeMs < found.timeMs)) found = sleeper;
    }
    return found;
  }

  #wake(sleeper: Sleeper): void {
    if (this.#sleepers.delete(sleeper)) sleeper.callback();
  }
}
