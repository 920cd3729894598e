/** How long a process may use more than its share at a stretch, milliseconds of wall time: cgroups count in periods of 20. */
const PERIOD_MS = 20;

/**
 * Keeps a process to its share of a processor: what it uses more than that in a moment it has to wait for. Times are
 * milliseconds, of a clock that only goes forward.
 */
export class CpuShare {
  readonly #share: number;
  #credit: number;
  #usedMs: number;
  #atMs: number;

  /**
   * @param share of one processor: 0.145 of a function with 256 MB.
   * @param usedMs of processor time, so far.
   */
  constructor(share: number, usedMs: number, nowMs: number) {
    this.#share = share;
    this.#credit = share * PERIOD_MS;
    this.#usedMs = usedMs;
    this.#atMs = nowMs;
  }

  /**
   * @param usedMs of processor time, so far.
   * @returns for how long it has to stop, milliseconds; 0: it may go on.
   */
  account(usedMs: number, nowMs: number): number {
    const gained = this.#share * (nowMs - this.#atMs);
    // What nobody used in a period is gone.
    this.#credit = Math.min(this.#credit + gained - (usedMs - this.#usedMs), this.#share * PERIOD_MS);
    this.#usedMs = usedMs;
    this.#atMs = nowMs;
    return this.#credit >= 0 ? 0 : -this.#credit / this.#share;
  }
}
