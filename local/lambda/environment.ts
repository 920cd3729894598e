import type { Governor } from './governor.ts';
import type { Inspector } from './inspect.ts';
import type { Answer, Order } from './messages.ts';
import { MAX_PAYLOAD_BYTES, failure } from './result.ts';
import type { InvocationResult } from './result.ts';
import type { Runner, StartRunner } from './runner.ts';

/** Lambda gives a function ten seconds to load; then it begins anew, within the time of the invocation. */
const INIT_TIMEOUT_MS = 10_000;
/** The time that a function is told it has left while somebody debugs it. */
const A_DAY_MS = 86_400_000;

/** What an environment needs to know of its function. */
export interface EnvironmentOptions {
  functionArn: string;
  timeoutSeconds: number;
  memoryMb: number;
  taskRoot: string;
  /** The whole environment of the process. */
  variables: Record<string, string>;
  /** What it runs in. */
  start: StartRunner;
  /** Debugged, a function has no time limit. @default not debugged */
  inspector?: Inspector | undefined;
  /** It leaves the processors to other functions while they want them. @default false */
  givesWay?: boolean | undefined;
  /** Keeps it to its share of a processor, and stops it between events. @default it always has a whole one */
  governor?: Governor | undefined;
  /** How long it takes until it is there, beyond loading the function, milliseconds. @default 0 */
  coldStartMs?: number | undefined;
  onLog(line: string): void;
  /** Called once when the process is gone. */
  onEnd(): void;
}

/**
 * One execution environment: a Node process, or a thread of one, that runs one invocation at a time. It lives until it is
 * closed, crashes, or overruns a timeout; its caller then gets an error, as on Lambda.
 */
export class Environment {
  readonly #options: EnvironmentOptions;
  readonly #runner: Runner;
  readonly #ended: Promise<void>;
  #loaded = false;
  /** It has said why it cannot be loaded, or was ended here. */
  #hasSpoken = false;
  /** The event that waits for the function to be loaded. */
  #waiting: (() => void) | undefined;
  #settle: ((result: InvocationResult) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why the process is about to end, when that is known before it ends. */
  #cause: InvocationResult | undefined;

  /** Starts the process; it loads its function while it waits for the first event. */
  constructor(options: EnvironmentOptions) {
    this.#options = options;
    const { memoryMb, taskRoot, variables, inspector, givesWay, onLog } = options;
    const ended = Promise.withResolvers<void>();
    this.#runner = options.start({
      memoryMb,
      taskRoot,
      variables,
      inspector,
      givesWay,
      onLog,
      onAnswer: (answer) => this.#take(answer),
      onExit: (code, signal) => (this.#cause ??= exitError(code, signal)),
      onClose: ended.resolve,
    });
    if (this.pid !== undefined) options.governor?.watch(this.pid, memoryMb);
    this.#ended = ended.promise.then(() => this.#end());
  }

  get pid(): number | undefined {
    return this.#runner.pid;
  }

  /** Whether the process can take another event. */
  get alive(): boolean {
    return this.#cause === undefined;
  }

  /** Whether it ended before its function was loaded, and the function did not say why. */
  get diedLoading(): boolean {
    return this.#cause !== undefined && !this.#loaded && !this.#hasSpoken;
  }

  /**
   * Runs one event to its end. Must not be called again before it resolved.
   * @param onStart called when the loaded function gets the event.
   */
  invoke(id: string, payload: string, onStart: () => void): Promise<InvocationResult> {
    return new Promise((resolve) => {
      this.#settle = (result) => {
        clearTimeout(this.#timer);
        this.#settle = undefined;
        resolve(result);
      };
      if (this.#cause) return this.#settle(this.#cause);
      const loadMs = INIT_TIMEOUT_MS + this.#options.timeoutSeconds * 1000;
      this.#kill(loadMs, () =>
        failure(
          'Sandbox.Timedout',
          `RequestId: ${id} Error: the function did not load within ${loadMs / 1000} seconds`,
        ),
      );
      this.#waiting = () => {
        onStart();
        this.#order(id, payload);
      };
      if (this.#loaded) this.#startWaiting();
    });
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    this.#runner.kill();
    await this.#ended;
  }

  #becomeReady(): void {
    const ready = (): void => {
      // It may have ended meanwhile.
      if (!this.alive) return;
      this.#loaded = true;
      this.#startWaiting();
    };
    const { coldStartMs = 0 } = this.#options;
    if (coldStartMs > 0) setTimeout(ready, coldStartMs);
    else ready();
  }

  #startWaiting(): void {
    const start = this.#waiting;
    this.#waiting = undefined;
    start?.();
  }

  #order(id: string, payload: string): void {
    const order: Order = {
      id,
      payload,
      timeoutMs: this.#startTimeout(id),
      functionArn: this.#options.functionArn,
      traceId: `Root=1-${id.slice(0, 8)}-${id.replaceAll('-', '').slice(8)};Sampled=0`,
    };
    if (this.pid !== undefined) this.#options.governor?.run(this.pid);
    this.#runner.send(order);
  }

  #take(answer: Answer): void {
    if ('loaded' in answer) return this.#becomeReady();
    const result = withinLimit(answer);
    if (this.pid !== undefined) this.#options.governor?.rest(this.pid);
    // An error before the function was loaded ends the process, and is the result of the event that waits for it.
    if (this.#loaded) return this.#settle?.(result);
    this.#hasSpoken = true;
    this.#cause = result;
    this.#runner.kill();
  }

  #startTimeout(id: string): number {
    const { timeoutSeconds, inspector } = this.#options;
    if (inspector) return A_DAY_MS;
    this.#kill(timeoutSeconds * 1000, () => {
      const message = `${new Date().toISOString()} ${id} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      this.#options.onLog(message);
      return failure('Sandbox.Timedout', message);
    });
    return timeoutSeconds * 1000;
  }

  /** Kills the process after some time, unless the invocation ends first. */
  #kill(afterMs: number, cause: () => InvocationResult): void {
    clearTimeout(this.#timer);
    if (this.#options.inspector) return;
    this.#timer = setTimeout(() => {
      this.#hasSpoken = true;
      this.#cause = cause();
      this.#runner.kill();
    }, afterMs);
  }

  #end(): void {
    this.#cause ??= failure('Runtime.ExitError', 'The process could not be started.');
    if (this.pid !== undefined) this.#options.governor?.forget(this.pid);
    this.#settle?.(this.#cause);
    this.#options.onEnd();
  }
}

function withinLimit(result: InvocationResult): InvocationResult {
  const bytes = result.ok ? Buffer.byteLength(result.payload) : 0;
  if (bytes <= MAX_PAYLOAD_BYTES) return result;
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
  );
}

/** Lambda's wording for a runtime that went away. */
function exitError(code: number | null, signal: string | null): InvocationResult {
  const how = signal ? `signal: ${signal === 'SIGKILL' ? 'killed' : signal}` : `exit status ${code}`;
  return failure('Runtime.ExitError', `Error: Runtime exited with error: ${how}`);
}
