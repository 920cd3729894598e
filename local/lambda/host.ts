import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openLines, type Lines } from './lines.ts';
import type { Answer, FromHost, ToHost } from './messages.ts';
import { writeParts } from './parts.mjs';
import { FLAGS, HEAP, readLines, type RunnerOptions, type StartRunner } from './runner.ts';

const HOST = fileURLToPath(new URL('./host-process.mjs', import.meta.url));

interface Thread extends RunnerOptions {
  /** By which it calls. */
  name: string;
  lines(text: string, isAll?: boolean): void;
  /** On which it gets events and answers them; undefined until it has called. */
  socket?: Socket;
  /** How it ended: it is over when all that it said on its line was heard. */
  ended?: () => void;
}

/**
 * Runs functions as threads of one process, each with its own environment and modules: a third of the memory of processes
 * of their own, and a start without Node's. What kills that process kills all of them, so debugged functions, and proofs in
 * which one dies, have processes.
 */
export class Host {
  #child: ChildProcess | undefined;
  #next = 0;
  #lines: Lines | undefined;
  readonly #threads = new Map<number, Thread>();

  /** Starts a thread; and the process, unless it runs. */
  readonly start: StartRunner = (options) => {
    const child = this.#running();
    const { path } = (this.#lines ??= openLines((name, socket) => this.#connect(name, socket)));
    const number = (this.#next += 1);
    const thread: Thread = { ...options, name: randomUUID(), lines: intoLines(options.onLog) };
    this.#threads.set(number, thread);
    const tell = (message: ToHost): void => void child.send(message, () => undefined);
    const { variables, memoryMb, givesWay = false } = options;
    const line = { path, name: thread.name };
    tell({ thread: number, start: { variables, heapMb: Math.floor(memoryMb * HEAP), givesWay, line } });
    return {
      pid: child.pid,
      // It has called before it said that it is loaded.
      send: ({ payload, ...order }) => void thread.socket?.write(writeParts([JSON.stringify(order), payload])),
      kill: () => tell({ thread: number, kill: true }),
    };
  };

  /** Ends the process and whatever runs in it. */
  close(): void {
    this.#child?.kill('SIGKILL');
    this.#lines?.close();
    this.#lines = undefined;
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(HOST, {
      execArgv: FLAGS,
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

  /** A thread has called. @returns hears what it says; undefined: nobody has that name. */
  #connect(name: string, socket: Socket): ((parts: string[]) => void) | undefined {
    const thread = [...this.#threads.values()].find((one) => one.name === name);
    if (!thread) return undefined;
    thread.socket = socket;
    socket.once('close', () => thread.ended?.());
    return ([answer = '', payload = '', text = '']) => {
      if (text !== '') thread.lines(text);
      const said = JSON.parse(answer) as Answer;
      thread.onAnswer('ok' in said && said.ok ? { ...said, payload } : said);
    };
  }

  #take(message: FromHost): void {
    const thread = this.#threads.get(message.thread);
    if (!thread) return;
    if ('text' in message) return thread.lines(message.text);
    thread.ended = (): void => {
      if (!this.#threads.delete(message.thread)) return;
      thread.lines('', true);
      thread.onExit(message.killed ? null : message.exit, message.killed ? 'SIGKILL' : null);
      thread.onClose();
    };
    if (!thread.socket || thread.socket.closed) thread.ended();
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
