/** API Gateway's limits of a stage or route. */
export interface ThrottleLimits {
  /** Requests per second, over time. */
  rate: number;
  /** Requests at once. */
  burst: number;
}

/** A token bucket: `burst` tokens at most, `rate` new ones a second, one per request. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** @param now milliseconds from any start; must not go back. */
  constructor(limits: ThrottleLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#tokens = limits.burst;
    this.#filledAt = now();
  }

  /** Whether one more request may pass now. */
  admit(): boolean {
    const now = this.#now();
    const refill = ((now - this.#filledAt) / 1000) * this.#limits.rate;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
