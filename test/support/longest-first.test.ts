import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareTurns, LONGEST, type Turn } from './longest-first.ts';

const ROOT = join(import.meta.dirname, '../..');
const turn = (path: string, of: Partial<Turn> = {}): Turn => ({
  ...{ groupOrder: 0, isolate: false, project: 'unit', path },
  ...of,
});
const pathsOf = (turns: Turn[]): string[] => turns.toSorted(compareTurns).map(({ path }) => path);

describe('the order of test files', () => {
  it('begins with the longest, and leaves all others as they were', () => {
    const [longest, second] = LONGEST as [string, string];

    expect(pathsOf(['z', second, 'a', longest].map((path) => turn(path)))).toEqual([longest, second, 'z', 'a']);
  });

  it('keeps groups and projects together, those with a process for each file first', () => {
    const [longest, second] = LONGEST as [string, string];
    const later = { groupOrder: 1 };

    expect(
      pathsOf([
        turn(longest, { ...later, project: 'e2e' }),
        turn('b', later),
        turn('c', { project: 'emulated' }),
        turn(second, { project: 'unit' }),
        turn('d', { project: 'emulated' }),
        turn('e', { ...later, project: 'proof', isolate: true }),
      ]),
    ).toEqual(['c', 'd', second, 'e', longest, 'b']);
  });

  it('has those that wait before those that compute', () => {
    const turns = [
      turn('computes', { project: 'emulated' }),
      turn('waits', { project: 'local' }),
      turn('alone', { project: 'simulation', isolate: true }),
    ];

    expect(pathsOf(turns)).toEqual(['waits', 'alone', 'computes']);
  });

  it.each(LONGEST)('knows a file that there is: %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });
});
