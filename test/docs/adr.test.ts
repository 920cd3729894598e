import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adrProblems, type Adr } from './adr-index.ts';

const FOLDER = join(import.meta.dirname, '../../docs/adr');
const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

const adr = (number: number, status: string, title = 'We did so'): Adr => ({
  file: `000${number}-so.md`,
  text: `# ${number}. ${title}\n\n- Date: 2026-11-21\n- Status: ${status}\n\n## Context\n`,
});
const lineOf = (number: number, status: string): string =>
  `- ${number} · [We did so](000${number}-so.md) · 2026-11-21 · ${status}\n`;

describe('the decision records', () => {
  it('have one kind of header, unique numbers, a line in the index, and name each other both ways', () => {
    const files = readdirSync(FOLDER).filter((file) => /^\d/.test(file));

    expect(files.length).toBeGreaterThan(20);
    expect(
      adrProblems(
        files.map((file) => ({ file, text: read(file) })),
        read('README.md'),
      ),
    ).toEqual([]);
  });
});

describe('the check of decision records', () => {
  it('accepts a record with its line', () => {
    expect(adrProblems([adr(1, 'accepted')], lineOf(1, 'accepted'))).toEqual([]);
  });

  it('misses a record in the index', () => {
    expect(adrProblems([adr(1, 'accepted')], '')).toEqual([expect.stringContaining('README.md lacks the line')]);
  });

  it('misses a line whose status differs', () => {
    expect(adrProblems([adr(1, 'superseded by nobody')], lineOf(1, 'accepted'))).toHaveLength(1);
  });

  it('finds a line of a record that does not exist', () => {
    expect(adrProblems([], lineOf(1, 'accepted'))).toEqual(['README.md: lists 0001-so.md, which does not exist']);
  });

  it('finds a record that is listed twice', () => {
    const outdated = lineOf(1, 'proposed');

    expect(adrProblems([adr(1, 'accepted')], outdated + lineOf(1, 'accepted'))).toEqual([
      'README.md: lists 0001-so.md twice',
    ]);
  });

  it('finds another style of header', () => {
    const old = { file: '0001-so.md', text: '# 0001: We did so\n\n2026-11-21 · accepted\n\n## Context\n' };

    expect(adrProblems([old], '')).toEqual([expect.stringContaining('expected "# <n>. <title>"')]);
  });

  it('finds a number used twice, and one that is not the file’s', () => {
    const twice = [adr(1, 'accepted'), { ...adr(1, 'accepted'), file: '0002-so.md' }];

    expect(adrProblems(twice, lineOf(1, 'accepted'))).toEqual(
      expect.arrayContaining(['0002-so.md: its title has the number 1', '0002-so.md: number 1 is taken by 0001-so.md']),
    );
  });

  it('finds a relation that only one of the two names', () => {
    const amending = 'accepted; amends [1](0001-so.md)';
    const index = lineOf(1, 'accepted') + lineOf(2, amending);

    expect(adrProblems([adr(1, 'accepted'), adr(2, amending)], index)).toEqual([
      '2 says "amends 1", but 1 does not say "amended by 2"',
    ]);
  });

  it('takes “superseded in part by” as the counterpart of “supersedes”', () => {
    const [older, newer] = [
      'accepted; superseded in part by [2](0002-so.md) (how), amended by [2](0002-so.md)',
      'accepted; supersedes [1](0001-so.md) in part, amends [1](0001-so.md)',
    ];

    expect(adrProblems([adr(1, older), adr(2, newer)], lineOf(1, older) + lineOf(2, newer))).toEqual([]);
  });
});
