import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../../local/platform.ts';

const PRELOADED = new URL('../../../test/support/moved-clock.mjs', import.meta.url).href;
/** Functions whose clocks are moved: what their names have in them, by their short names. Neither signs for customers. */
const MOVABLE = { statistics: 'tatistics', 'recovery-function': 'ecovery' } as const;
type Movable = keyof typeof MOVABLE;

/** The clocks of functions may be so far ahead of the tables' and queues', milliseconds. */
export const FURTHEST_MS = 10 * 24 * 3_600_000;

/** Clocks of functions, each moved by itself: all others live by the machine's. */
export class Clocks {
  readonly #file: string;
  readonly #aheadMs: Record<Movable, number> = { statistics: 0, 'recovery-function': 0 };

  constructor(folder: string) {
    this.#file = join(folder, 'moved-clocks.json');
    this.#write();
  }

  /** What functions are told, so that they look. */
  variables(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PRELOADED}`, MOVED_CLOCK: this.#file };
  }

  /** Moves the clock of a function. @returns what it says now, milliseconds. */
  move(platform: Platform, name: Movable, ms: number): number {
    this.#aheadMs[name] += ms;
    this.#write();
    for (const pid of platform.environments()[name] ?? []) signal(pid);
    return Date.now() + this.#aheadMs[name];
  }

  /** As a whole: a process that starts meanwhile reads it. */
  #write(): void {
    const ahead = Object.entries(MOVABLE).map(([name, part]) => [part, this.#aheadMs[name as Movable]]);
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(ahead)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR2');
  } catch {
    // It has just ended; the next one reads the file.
  }
}
