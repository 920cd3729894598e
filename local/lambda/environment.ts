import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RuntimeApi } from './runtime-api.ts';
import { failure } from './result.ts';
import type { InvocationResult } from './result.ts';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));
/** Lambda gives a function ten seconds to load; then it begins anew, within the time of the invocation. */
const INIT_TIMEOUT_MS = 10_000;

/** What an environment needs to know of its function. */
export interface EnvironmentOptions {
  functionArn: string;
  timeoutSeconds: number;
  memoryMb: number;
  taskRoot: string;
  /** The whole environment of the process but for the address of its Runtime API. */
  variables: Record<string, string>;
  onLog(line: string): void;
  /** Called once when the process is gone. */
  onEnd(): void;
}

/**
 * One execution environment: a Node process that runs one invocation at a time. It lives until it is closed, crashes,
 * or overruns a timeout; the one whom it runs for then gets an error, as on Lambda.
 */
export class Environment {
  readonly #options: EnvironmentOptions;
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #settle: ((result: InvocationResult) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why the process is about to end, when that is known before it ends. */
  #cause: InvocationResult | undefined;

  private constructor(options: EnvironmentOptions, api: RuntimeApi, child: ChildProcess) {
    this.#options = options;
    this.#api = api;
    this.#child = child;
    api.onInitError = (result) => {
      this.#cause = result;
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => options.onLog(line));
    }
    // Writes nothing to it; it only has to stay open. Its errors mean that the process is gone, which 'exit' tells too.
    child.stdin?.on('error', () => undefined);
    this.#ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', (code, signal) => {
        this.#cause ??= exitError(code, signal);
        resolve();
      });
    }).then(() => this.#end());
  }

  /** Starts the process; it loads its function while it waits for the first event. */
  static async start(options: EnvironmentOptions): Promise<Environment> {
    const api = await RuntimeApi.start();
    const flags = [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${Math.floor(options.memoryMb * 0.9)}`,
    ];
    const child = spawn(process.execPath, [...flags, BOOTSTRAP], {
      cwd: options.taskRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...options.variables, AWS_LAMBDA_RUNTIME_API: api.address },
    });
    return new Environment(options, api, child);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the process can take another event. */
  get alive(): boolean {
    return this.#cause === undefined;
  }

  /** Runs one event to its end. Must not be called again before it resolved. */
  invoke(id: string, payload: string): Promise<InvocationResult> {
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
      this.#api.offer({
        id,
        payload,
        functionArn: this.#options.functionArn,
        onStart: () => this.#startTimeout(id),
        onResult: (result) => this.#settle?.(result),
      });
    });
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #startTimeout(id: string): number {
    const { timeoutSeconds } = this.#options;
    this.#kill(timeoutSeconds * 1000, () => {
      const message = `${new Date().toISOString()} ${id} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      this.#options.onLog(message);
      return failure('Sandbox.Timedout', message);
    });
    return Date.now() + timeoutSeconds * 1000;
  }

  /** Kills the process after some time, unless the invocation ends first. */
  #kill(afterMs: number, cause: () => InvocationResult): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#cause = cause();
      this.#child.kill('SIGKILL');
    }, afterMs);
  }

  #end(): void {
    this.#cause ??= failure('Runtime.ExitError', 'The process could not be started.');
    this.#api.close();
    this.#settle?.(this.#cause);
    this.#options.onEnd();
  }
}

/** Lambda's wording for a runtime that went away. */
function exitError(code: number | null, signal: string | null): InvocationResult {
  const how = signal ? `signal: ${signal === 'SIGKILL' ? 'killed' : signal}` : `exit status ${code}`;
  return failure('Runtime.ExitError', `Error: Runtime exited with error: ${how}`);
}
