/** A moment of a run. Counts are of that moment, `delivered` and `expected` of all time. */
export interface Sample {
  atMs: number;
  waitingEvents: number;
  waitingFast: number;
  waitingSlow: number;
  inFlight: number;
  held: number;
  delivered: number;
  expected: number;
  /** Invocations of senders and of fan-out under way. */
  sending: number;
  fanningOut: number;
}

/** What a run amounts to. Times in seconds. */
export interface Summary {
  delivered: number;
  exhausted: number;
  /** Deliveries held at the end. */
  held: number;
  /** Most that were held in a sample, and when the last of them were gone, or 0. */
  mostHeld: number;
  heldUntilSeconds: number;
  /** From the acceptance of the first event to the last delivery. */
  lastSeconds: number;
  /** From acceptance to delivery, deliveries to healthy endpoints alone. */
  p50Seconds: number;
  p99Seconds: number;
  /** GB-seconds of fan-out and senders. */
  gbSeconds: number;
  mostSenders: number;
  mostInFlight: number;
  /** Sum of what both event sources of senders lacked the account's concurrency for. */
  starved: number;
  longestLogWaitSeconds: number;
  unwrittenLogLines: number;
}

/** Collects how long deliveries took. */
export class Ages {
  readonly #ms: number[] = [];

  add(ms: number): void {
    this.#ms.push(ms);
  }

  /** @param share from 0 to 1. @returns seconds; 0 without any. */
  percentile(share: number): number {
    const sorted = Float64Array.from(this.#ms).sort();
    return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1000;
  }
}
