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
/** Nobody waits longer than this for a processor, or for an environment, milliseconds. */
const LONGEST_MS = 300;
/** So many times as long for a function that gives way: it may get no processor although one was free for the platform's timers. */
const GIVING_WAY = 3;
/** Two at least: what waits for a moment only must not hold everything up. */
const PROCESSORS = Math.max(2, availableParallelism());

/** One invocation's right to run. */
export interface Turn {
  /** Its function is loaded and has the event. */
  began(): void;
  /** It is over. */
  end(): void;
}

interface Waiting {
  resolve(turn: Turn): void;
  /** It has waited for an environment as long as it takes to start one. */
  isPatient: boolean;
  stopWaiting?: () => void;
}

/** What decides on turns, beside their number. */
export interface TurnsOptions {
  /** Milliseconds. @default the machine's */
  now?: () => number;
  /** Of all functions. @default of this one alone */
  processors?: Processors | undefined;
  /** Its environments leave the processors to other functions while they want them. @default false */
  givesWay?: boolean | undefined;
  /** How many environments there are, for as many turns; for one more another one has to be started. @default enough */
  environments?: (() => number) | undefined;
}

/**
 * Lets invocations of a function run, first come, first served: no more than the limit, and of those that compute no
 * more than there are processors. A further process would only take the time of the others, and be cold. So while one computes,
 * another environment is started only for an invocation that has waited in vain for one of those that are there: most are free
 * again within milliseconds, and starting one takes a tenth of a second of a processor.
 */
export class Turns {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #times: number;
  readonly #processors: Processors;
  readonly #environments: () => number;
  readonly #line: Waiting[] = [];
  #taken = 0;
  #computing = 0;
  #loading = 0;

  /** @param limit most at a time, those that wait for something included. */
  constructor(limit: number, options: TurnsOptions = {}) {
    this.#limit = limit;
    this.#now = options.now ?? (() => performance.now());
    this.#times = options.givesWay ? GIVING_WAY : 1;
    this.#processors = options.processors ?? new Processors();
    this.#environments = options.environments ?? (() => Infinity);
  }

  /** Invocations that run or wait in line. */
  get count(): number {
    return this.#taken + this.#line.length;
  }

  /** Waits for a turn. */
  take(): Promise<Turn> {
    return new Promise((resolve) => {
      const waiting: Waiting = { resolve, isPatient: false };
      this.#line.push(waiting);
      this.#admit();
      if (this.#loading === 0 && this.#line.includes(waiting) && this.#allTaken) this.#wait(waiting);
    });
  }

  /** Whether for one more an environment has to be started. */
  get #allTaken(): boolean {
    return this.#taken >= this.#environments();
  }

  /** Lets an invocation have an environment started when none of those that are there comes free. */
  #wait(waiting: Waiting): void {
    waiting.isPatient = false;
    waiting.stopWaiting?.();
    waiting.stopWaiting = this.#whenItWaits(() => {
      waiting.isPatient = true;
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#line[0]; next && this.#mayBegin(next); next = this.#line[0]) {
      this.#line.shift();
      next.stopWaiting?.();
      next.resolve(this.#turn());
    }
  }

  #mayBegin({ isPatient }: Waiting): boolean {
    if (this.#taken >= this.#limit || this.#computing >= PROCESSORS) return false;
    if (this.#computing === 0 || !this.#allTaken) return true;
    return isPatient && this.#loading === 0;
  }

  #turn(): Turn {
    let loads = this.#allTaken;
    this.#taken += 1;
    this.#computing += 1;
    if (loads) this.#loading += 1;
    const giveBack = this.#processors.take();
    let stopLooking: (() => void) | undefined;
    let computes = true;
    const loaded = (): void => {
      if (!loads) return;
      loads = false;
      this.#loading -= 1;
      // What they waited for until now was this one; it may be free in a moment.
      if (this.#loading === 0) for (const waiting of this.#line) this.#wait(waiting);
    };
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
      began: () => {
        stopLooking = this.#whenItWaits(rests);
        loaded();
      },
      end: () => {
        this.#taken -= 1;
        loaded();
        rests();
      },
    };
  }

  /** Calls back when what begins now takes so long that it waits for something. @returns takes the call back. */
  #whenItWaits(happen: () => void): () => void {
    const beganMs = this.#now();
    let counted = 0;
    let timer: NodeJS.Timeout;
    const look = (): void => {
      const dueMs = this.#now() + LOOK_MS;
      timer = setTimeout(() => {
        const nowMs = this.#now();
        if (nowMs - dueMs < LATE_MS) counted += LOOK_MS;
        if (counted >= this.#times * COMPUTING_MS || nowMs - beganMs >= this.#times * LONGEST_MS) happen();
        else look();
      }, LOOK_MS);
    };
    look();
    return () => clearTimeout(timer);
  }
}
