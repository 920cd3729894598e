import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromHost, ToHost } from './messages.ts';
import { FLAGS, HEAP, readLines, type RunnerOptions, type StartRunner } from './runner.ts';

const HOST = fileURLToPath(new URL('./host-process.mjs', import.meta.url));

/**
 * Runs functions as threads of one process, each with its own environment and modules: a third of the memory of processes
 * of their own, and a start without Node's. What kills that process kills all of them, so debugged functions, and proofs in
 * which one dies, have processes.
 */
export class Host {
  #child: ChildProcess | undefined;
  #next = 0;
  readonly #threads = new Map<number, RunnerOptions & { lines(text: string, isAll?: boolean): void }>();

  /** Starts a thread; and the process, unless it runs. */
  readonly start: StartRunner = (options) => {
    const child = this.#running();
    const thread = (this.#next += 1);
    this.#threads.set(thread, { ...options, lines: intoLines(options.onLog) });
    const tell = (message: ToHost): void => void child.send(message, () => undefined);
    const { variables, memoryMb } = options;
    tell({ thread, start: { variables, heapMb: Math.floor(memoryMb * HEAP) } });
    return {
      pid: child.pid,
      send: (order) => tell({ thread, order }),
      kill: () => tell({ thread, kill: true }),
    };
  };

  /** Ends the process and whatever runs in it. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(HOST, {
      execArgv: FLAGS,
      // Buffers and text of events are not turned into JSON and back.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        // As on Lambda; what else a function sees comes with its thread.
        PATH: '/usr/local/bin:/usr/bin:/bin',
        TZ: 'UTC',
        LANG: 'en_US.UTF-8',
        // Most threads would get heaps of their own from the C library, which keeps what one of them frees: 6 MiB each.
        MALLOC_ARENA_MAX: '2',
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) readLines(stream, (line) => [...this.#threads.values()][0]?.onLog(line));
    }
    child.on('message', (message: FromHost) => this.#take(message));
    const ended = (code: number | null, signal: string | null): void => {
      // Both events may come, and another process be there by the second.
      if (this.#child !== child) return;
      this.#child = undefined;
      const threads = [...this.#threads.values()];
      this.#threads.clear();
      for (const { onExit, onClose } of threads) {
        onExit(code, signal);
        onClose();
      }
    };
    child.once('error', () => ended(null, null));
    // Not `exit`: its last words may still be on their way.
    child.once('close', ended);
    return child;
  }

  #take(message: FromHost): void {
    const options = this.#threads.get(message.thread);
    if (!options) return;
    if ('text' in message) {
      if (message.text !== '') options.lines(message.text);
      if (message.answer) options.onAnswer(message.answer);
    } else {
      this.#threads.delete(message.thread);
      options.lines('', true);
      options.onExit(message.killed ? null : message.exit, message.killed ? 'SIGKILL' : null);
      options.onClose();
    }
  }
}

/** Calls back with each whole line of what is written bit by bit; with what is left when that is all. */
function intoLines(onLine: (line: string) => void): (text: string, isAll?: boolean) => void {
  let begun = '';
  return (text, isAll = false) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    if (isAll && begun !== '') lines.push(begun);
    for (const line of lines) onLine(line);
  };
}
