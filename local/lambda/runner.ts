import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { inspectorFlags, type Inspector } from './inspect.ts';
import type { Answer, Order } from './messages.ts';

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

/** What a function runs in: it loads the function, says so, and answers orders. */
export interface Runner {
  /** Its process; threads of one process have the same. */
  pid: number | undefined;
  send(order: Order): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

/** How a runner is started. */
export interface RunnerOptions {
  memoryMb: number;
  taskRoot: string;
  /** Its whole environment. */
  variables: Record<string, string>;
  /** @default not debugged */
  inspector?: Inspector | undefined;
  /** It leaves the processors to other functions while they want them. @default false */
  givesWay?: boolean | undefined;
  onAnswer(answer: Answer): void;
  onLog(line: string): void;
  /** It is over; lines may follow. */
  onExit(code: number | null, signal: string | null): void;
  /** After its last line. */
  onClose(): void;
}

export type StartRunner = (options: RunnerOptions) => Runner;

/**
 * What every process that runs functions is started with. V8's young generation begins with its full size (a thread's own limit is
 * less): from one megabyte on it is collected again and again while a function is loaded, when nearly everything in it stays; a tenth
 * of what a start takes.
 */
export const FLAGS = ['--disable-warning=ExperimentalWarning', '--min-semi-space-size=8'];

/** Part of a function's memory that is its heap. */
export const HEAP = 0.9;

/** A process of its own: one that is killed takes no other with it, and can be debugged. */
export const startProcess: StartRunner = ({ memoryMb, taskRoot, variables, inspector, givesWay, ...on }) => {
  const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP)}`;
  const words = givesWay ? ['gives-way'] : [];
  const child = spawn(process.execPath, [...FLAGS, heap, ...inspectorFlags(inspector), BOOTSTRAP, ...words], {
    cwd: taskRoot,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: variables,
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, on.onLog);
  child.on('message', (answer: Answer) => on.onAnswer(answer));
  child.once('error', () => on.onClose());
  child.once('exit', (code, signal) => on.onExit(code, signal));
  child.once('close', () => on.onClose());
  return {
    pid: child.pid,
    // The event 'exit' reports a process that is gone.
    send: (order) => void child.send(order, () => undefined),
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Calls back with each line of a stream. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine);
}
