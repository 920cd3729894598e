import { availableParallelism } from 'node:os';
import { Processors } from './processors.ts';

/** An invocation that takes longer than this waits for something else than a processor, milliseconds in which one was free. */
const COMPUTING_MS = 100;
/**
 * It is looked at so often, milliseconds, and what is looked at too late does not count: then the invocation, too, may have waited for a
 * processor, or for this process. By the clock alone a busy machine starts environment after environment, each of which is cold.
 */
const LOOK_MS = 20;
const LATE_MS = 10;
/** Nobody waits longer than this for a processor, milliseconds. */
const LONGEST_MS = 300;
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
  readonly #now: () => number;
  readonly #processors: Processors;
  readonly #line: ((turn: Turn) => void)[] = [];
  #taken = 0;
  #computing = 0;

  /**
   * @param limit most at a time, those that wait for something included.
   * @param now milliseconds. @default the machine's
   * @param processors of all functions. @default of this one alone
   */
  constructor(limit: number, now = () => performance.now(), processors = new Processors()) {
    this.#limit = limit;
    this.#processors = processors;
    this.#now = now;
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
    const giveBack = this.#processors.take();
    let stopLooking: (() => void) | undefined;
    let computes = true;
    const rests = (): void => {
      if (computes) {
        this.#computing -= 1;
        giveBack();
      }
      computes = false;
      stopLooking?.();
      this.#admit();
    };
    return {
      began: () => (stopLooking = whenItWaits(rests, this.#now)),
      end: () => {
        this.#taken -= 1;
        rests();
      },
    };
  }
}

/** Calls back when an invocation that begins now takes so long that it waits for something. @returns takes the call back. */
function whenItWaits(happen: () => void, now: () => number): () => void {
  const beganMs = now();
  let counted = 0;
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const dueMs = now() + LOOK_MS;
    timer = setTimeout(() => {
      const nowMs = now();
      if (nowMs - dueMs < LATE_MS) counted += LOOK_MS;
      if (counted >= COMPUTING_MS || nowMs - beganMs >= LONGEST_MS) happen();
      else look();
    }, LOOK_MS);
  };
  look();
  return () => clearTimeout(timer);
}
