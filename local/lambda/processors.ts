import { availableParallelism } from 'node:os';

/**
 * How many processors the invocations of all functions want. Each function's own are limited ({@link Turns} of cpu-slots.ts),
 * but there are several functions: together they may want more than there are, and then whatever is begun only takes the time of
 * what has begun.
 */
export class Processors {
  readonly #count: number;
  #wanted = 0;

  /** @param count of the machine. @default as many as it has */
  constructor(count = availableParallelism()) {
    this.#count = count;
  }

  /** An invocation computes from now on. @returns it does not any more. */
  take(): () => void {
    this.#wanted += 1;
    return () => void (this.#wanted -= 1);
  }

  /** Whether none is free. */
  get areTaken(): boolean {
    return this.#wanted >= this.#count;
  }
}
