import type { Clock } from '../../local/clock.ts';

interface Sleeper {
  timeMs: number;
  callback: () => void;
  timer: NodeJS.Timeout;
}

/** The machine's clock, which a test may move forward: what AWS does after minutes happens at once. */
export class SkippingClock implements Clock {
  #offset = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #isFollowed: boolean;

  /** @param isFollowed whoever moves it moves the functions' clocks too, which live by the machine's else. */
  constructor({ isFollowed = false } = {}) {
    this.#isFollowed = isFollowed;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  get aheadMs(): number {
    return this.#isFollowed ? 0 : this.#offset;
  }

  at(timeMs: number, callback: () => void): () => void {
    const sleeper = { timeMs, callback } as Sleeper;
    this.#sleepers.add(sleeper);
    this.#arm(sleeper);
    return () => this.#forget(sleeper);
  }

  /** Moves the clock forward; whoever waits for a time that has come by then is woken. */
  skip(ms: number): void {
    this.#offset += ms;
    for (const sleeper of this.#sleepers) this.#arm(sleeper);
  }

  #arm(sleeper: Sleeper): void {
    clearTimeout(sleeper.timer);
    const delay = Math.min(Math.max(sleeper.timeMs - this.now(), 0), 2_147_483_647);
    sleeper.timer = setTimeout(() => {
      if (this.now() < sleeper.timeMs) return this.#arm(sleeper);
      this.#forget(sleeper);
      sleeper.callback();
    }, delay);
  }

  #forget(sleeper: Sleeper): void {
    clearTimeout(sleeper.timer);
    this.#sleepers.delete(sleeper);
  }
}
