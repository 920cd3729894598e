import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning } from './fixture.ts';

/** A /proc in which this process has threads in these states, its first one first. */
function procWith(...states: string[]): string {
  const proc = mkdtempSync(join(tmpdir(), 'posthorn-proc-'));
  for (const [n, state] of states.entries()) {
    const thread = join(proc, `${process.pid}/task/${process.pid + n}`);
    mkdirSync(thread, { recursive: true });
    writeFileSync(join(thread, 'stat'), `${process.pid + n} (node (a) Z) ${state} 1 1`);
  }
  return proc;
}

describe.runIf(process.platform === 'linux')('a process', () => {
  it.each<[string, string[], boolean]>([
    ['whose threads work', ['R', 'S', 'S'], true],
    ['whose first thread died before the others, which still have its files', ['Z', 'S', 'D'], true],
    ['whose threads are all dead, and that nobody has asked for', ['Z'], false],
    ['that is just being taken away', ['X', 'X'], false],
    ['that is gone', [], false],
  ])('%s', (_, states, expected) => {
    expect(isRunning(process.pid, procWith(...states))).toBe(expected);
  });

  it('of the system itself is running', () => {
    expect(isRunning(process.pid)).toBe(true);
  });
});
