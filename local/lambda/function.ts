import { randomUUID } from 'node:crypto';
import { throttled, type AccountConcurrency } from './account-concurrency.ts';
import { Environment } from './environment.ts';
import type { Governor } from './governor.ts';
import type { Inspector } from './inspect.ts';
import { MAX_PAYLOAD_BYTES, failure } from './result.ts';
import type { InvocationResult } from './result.ts';
import { Turns } from './cpu-slots.ts';
import type { Processors } from './processors.ts';
import { startProcess, type StartRunner } from './runner.ts';

/**
 * An environment that had nothing to do for this long is ended, except for the last one. Lambda keeps them for minutes;
 * here a burst would leave the machine's memory full of processes.
 */
const IDLE_MS = 60_000;

/** One function of the template, ready to run. */
export interface FunctionOptions {
  /** Physical name. */
  name: string;
  arn: string;
  /** Folder with the bundled code. */
  taskRoot: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** Most environments at a time. Further invocations wait in line. */
  limit: number;
  variables: Record<string, string>;
  /** @default not debugged */
  inspector?: Inspector | undefined;
  /** Its environments leave the processors to other functions while they want them. @default false */
  givesWay?: boolean;
  /** Limits of AWS that one machine lacks. @default none */
  sandbox?: Sandbox | undefined;
  /** Of all functions. @default of this one alone */
  processors?: Processors | undefined;
  /** What its environments run in. @default processes of their own */
  start?: StartRunner;
  onLog(line: string): void;
}

/** What Lambda's environments have and processes on one machine lack. */
export interface Sandbox {
  /** How many invocations may run at a time. @default as many as fit */
  concurrency?: AccountConcurrency | undefined;
  /** @default processes have all of a processor, and run on between events */
  governor?: Governor | undefined;
  /** Draws how long a new environment takes, milliseconds. @default none */
  coldStartMs?: (() => number) | undefined;
}

/** A function with the environments that it has at the moment: none before its first event, more when several come at once. */
export class LambdaFunction {
  readonly options: FunctionOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #turns: Turns;
  /** How often each environment has run, so that one which was used again is not taken for idle. */
  readonly #uses = new WeakMap<Environment, number>();
  #closed = false;

  constructor(options: FunctionOptions) {
    this.options = options;
    const { limit, givesWay, processors, sandbox } = options;
    // Lambda itself has nobody wait for an environment.
    const environments = sandbox ? undefined : () => this.#environments.size;
    this.#turns = new Turns(limit, { givesWay, processors, environments });
  }

  /** Process ids of the environments that live. */
  get pids(): number[] {
    return [...new Set([...this.#environments].map((e) => e.pid).filter((pid) => pid !== undefined))];
  }

  /** Invocations under way, those that wait in line included. */
  get running(): number {
    return this.#turns.count;
  }

  /** Waits until an event would run at once. */
  async ready(): Promise<void> {
    (await this.#turns.take()).end();
  }

  /** Starts an environment before there is an event for it: a debugger can set its breakpoints. */
  warm(): void {
    this.#idle.push(this.#start());
  }

  /** Runs one event. Never rejects: whatever goes wrong is the invocation's result. @param payload JSON text. */
  async invoke(payload: string): Promise<InvocationResult> {
    const id = randomUUID();
    const bytes = Buffer.byteLength(payload);
    if (bytes > MAX_PAYLOAD_BYTES) {
      return failure(
        'RequestEntityTooLarge',
        `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${MAX_PAYLOAD_BYTES} bytes)`,
      );
    }
    const turn = await this.#turns.take();
    let giveBack: (() => void) | undefined;
    try {
      if (this.#closed) return failure('ServiceException', 'The local run is ending.');
      const place = this.#takePlace();
      if (!place) return throttled();
      giveBack = place;
      let environment = this.#takeIdle() ?? this.#start();
      let result = await environment.invoke(id, payload, () => turn.began());
      // The event has not reached the function: Lambda loads it once more, for the same invocation.
      // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, "Failures during the Init phase"
      if (environment.diedLoading && !this.#closed) {
        environment = this.#start();
        result = await environment.invoke(id, payload, () => turn.began());
      }
      if (environment.alive) this.#rest(environment);
      if (!result.ok && !environment.alive)
        this.options.onLog(`${result.error.errorType}: ${result.error.errorMessage}`);
      return result;
    } finally {
      giveBack?.();
      turn.end();
    }
  }

  /** @returns a function that gives back the place in the account; undefined: it is full. */
  #takePlace(): (() => void) | undefined {
    const { sandbox, name } = this.options;
    return sandbox?.concurrency ? sandbox.concurrency.take(name) : () => undefined;
  }

  /** Ends all environments and waits until their processes are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((e) => e.close()));
  }

  /** The environment used last: few warm ones serve better than many lukewarm ones. */
  #takeIdle(): Environment | undefined {
    for (;;) {
      const environment = this.#idle.pop();
      if (!environment || environment.alive) return environment;
    }
  }

  /** Keeps an environment for the next event, for a while. */
  #rest(environment: Environment): void {
    this.#idle.push(environment);
    const uses = (this.#uses.get(environment) ?? 0) + 1;
    this.#uses.set(environment, uses);
    setTimeout(() => {
      const usedSince = this.#uses.get(environment) !== uses;
      const place = this.#idle.indexOf(environment);
      if (usedSince || place < 0 || this.#environments.size <= 1) return;
      this.#idle.splice(place, 1);
      void environment.close();
    }, IDLE_MS).unref();
  }

  #start(): Environment {
    const {
      arn,
      timeoutSeconds,
      memoryMb,
      taskRoot,
      variables,
      inspector,
      givesWay,
      start = startProcess,
      sandbox,
      onLog,
    } = this.options;
    const environment: Environment = new Environment({
      functionArn: arn,
      timeoutSeconds,
      memoryMb,
      taskRoot,
      variables,
      inspector,
      givesWay,
      start,
      governor: sandbox?.governor,
      coldStartMs: sandbox?.coldStartMs?.(),
      onLog,
      onEnd: () => this.#environments.delete(environment),
    });
    this.#environments.add(environment);
    return environment;
  }
}
