import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../lambdas/api/http/csv.ts';
import { readCsv } from '../support/read-csv.ts';
import { anyCharacter } from '../support/any-character.ts';

/** The one cell of a record that has this value alone. */
const cellOf = (value: unknown): string => readCsv(toCsv(['value', 'end'], [{ value, end: 1 }]))[1]![0]!;

describe('CSV', () => {
  it('has a line of headings, and each line ends with CRLF', () => {
    expect(toCsv(['id', 'status'], [{ id: 'a', status: 200 }, { id: 'b' }])).toBe('id,status\r\na,200\r\nb,\r\n');
  });

  it('has its headings also when there is nothing below them', () => {
    expect(toCsv(['id', 'status'], [])).toBe('id,status\r\n');
  });

  it('has the columns that are asked for, in their order, and nothing else', () => {
    expect(toCsv(['b', 'a'], [{ a: 1, secret: 'x', b: 2 }])).toBe('b,a\r\n2,1\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['a\nb', '"a\nb"'],
    [['x', 'y'], '"[""x"",""y""]"'],
    [{ old: 'x' }, '"{""old"":""x""}"'],
    [[], '[]'],
    [true, 'true'],
    [0, '0'],
    [null, ''],
    ['', ''],
    ['Ärzte ✓', 'Ärzte ✓'],
  ])('writes %j as %s', (value, cell) => {
    expect(toCsv(['value'], [{ value }])).toBe(`value\r\n${cell}\r\n`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠A'])(
    'defuses %j, which a spreadsheet would compute',
    (text) => {
      expect(cellOf(text)).toBe(`'${text}`);
    },
  );

  it('leaves numbers below zero and signs inside of a text as they are', () => {
    expect(cellOf(-1)).toBe('-1');
    expect(cellOf('a=1')).toBe('a=1');
  });

  it('gives back every text and value, whatever it holds, and no cell begins a formula', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'",\r\n\t=+-@\'a ＝é✓'), maxLength: 8 });
    const value = fc.oneof(
      odd,
      fc.string({ unit: anyCharacter }),
      fc.integer(),
      fc.boolean(),
      fc.array(odd),
      fc.dictionary(odd, odd),
    );
    const columns = ['a', 'b', 'c'];
    const record = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });

    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const [headings, ...lines] = readCsv(toCsv(columns, records));

        expect(headings).toEqual(columns);
        expect(lines.length).toBe(records.length);
        lines.forEach((cells, line) => {
          expect(cells.length).toBe(columns.length);
          cells.forEach((cell, column) => {
            const given = (records[line] as Record<string, unknown>)[columns[column]!];
            const plain = typeof given === 'string' ? given : (JSON.stringify(given) ?? '');
            expect([plain, `'${plain}`]).toContain(cell);
            if (typeof given === 'string') expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
          });
        });
      }),
    );
  });
});
