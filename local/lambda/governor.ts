import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('./governor-process.ts', import.meta.url));

/** Messages to the governor's process. */
export type GovernorOrder =
  | { do: 'watch'; pid: number; share: number }
  | { do: 'run' | 'freeze' | 'forget'; pid: number };

/** How environments are governed. */
export interface GovernorOptions {
  /** Memory that comes with a whole processor, MB; 0: everybody has all of it. */
  vcpuMemoryMb: number;
  /** Whether an environment is stopped between two invocations. */
  freezes: boolean;
}

/**
 * Gives each environment the share of a processor that comes with its memory, and stops it between two invocations, by
 * SIGSTOP and SIGCONT. A function with a whole processor or more is not limited.
 */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #process: ChildProcess;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#process = fork(PROCESS, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
  }

  /** Begins with an environment that loads, for which Lambda gives a whole processor. */
  watch(pid: number, memoryMb: number): void {
    const { vcpuMemoryMb } = this.#options;
    const share = vcpuMemoryMb > 0 ? memoryMb / vcpuMemoryMb : 0;
    this.#tell({ do: 'watch', pid, share: share < 1 ? share : 0 });
  }

  /** An event is on its way. */
  run(pid: number): void {
    this.#tell({ do: 'run', pid });
  }

  /** It has answered. */
  rest(pid: number): void {
    if (this.#options.freezes) this.#tell({ do: 'freeze', pid });
  }

  forget(pid: number): void {
    this.#tell({ do: 'forget', pid });
  }

  /** Ends all that are still watched. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.connected) this.#process.disconnect();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await ended;
  }

  #tell(order: GovernorOrder): void {
    if (this.#process.connected) this.#process.send(order, () => undefined);
  }
}
