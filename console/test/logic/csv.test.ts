import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/ui/csv.ts';

describe('CSV of a list', () => {
  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "ja"', '"say ""ja"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+49', "'+49"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['\t=1', "'\t=1"],
    ['', ''],
  ])('writes %j as %j', (text, written) => {
    expect(toCsv([[text, 'x']])).toBe(`${written},x\r\n`);
  });
});
