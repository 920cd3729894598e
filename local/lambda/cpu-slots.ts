import { availableParallelism } from 'node:os';

/** An invocation that takes longer than this waits for something else than a processor, milliseconds. */
const COMPUTING_MS = 100;
/** Two at least: what waits for a moment only must not hold everything up. */
const PROCESSORS = Math.max(2, availableParallelism());

/** One invocation's right to run. */
export interface Turn {
  /** Its function is loaded and has the event. */
  began(): void;
  /** It is over. */
  end(): void;
}

/**
 * Lets invocations of a function run, first come, first served: no more than the limit, and of those that compute no
 * more than there are processors. A further process would only take the time of the others, and be cold.
 */
export class Turns {
  readonly #limit: number;
  readonly #line: ((turn: Turn) => void)[] = [];
  #taken = 0;
  #computing = 0;

  /** @param limit most at a time, those that wait for something included. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Invocations that run or wait in line. */
  get count(): number {
    return this.#taken + this.#line.length;
  }

  /** Waits for a turn. */
  take(): Promise<Turn> {
    return new Promise((resolve) => {
      this.#line.push(resolve);
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#line.length > 0 && this.#taken < this.#limit && this.#computing < PROCESSORS) {
      this.#line.shift()?.(this.#turn());
    }
  }

  #turn(): Turn {
    this.#taken += 1;
    this.#computing += 1;
    let timer: NodeJS.Timeout | undefined;
    let computes = true;
    const rests = (): void => {
      if (computes) this.#computing -= 1;
      computes = false;
      clearTimeout(timer);
      this.#admit();
    };
    return {
      began: () => (timer = setTimeout(rests, COMPUTING_MS)),
      end: () => {
        this.#taken -= 1;
        rests();
      },
    };
  }
}
