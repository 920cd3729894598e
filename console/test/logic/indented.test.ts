import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indented } from '../../src/ui/indented.ts';

describe('JSON broken into lines for reading', () => {
  it('keeps digits, escapes and the order of keys', () => {
    const shown = indented('{"b":9007199254740993,"a":[1.10,1e-7],"1":"\\u00e9 {,}","e":{},"f":[]}');

    expect(shown).toBe(
      [
        '{',
        '  "b": 9007199254740993,',
        '  "a": [',
        '    1.10,',
        '    1e-7',
        '  ],',
        '  "1": "\\u00e9 {,}",',
        '  "e": {},',
        '  "f": []',
        '}',
      ].join('\n'),
    );
  });

  it('means the same as before, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);

        expect(JSON.stringify(JSON.parse(indented(text)))).toBe(text);
      }),
    );
  });

  it('is what JSON.stringify makes of it, where JavaScript can hold the value', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const text = JSON.stringify(value);

        expect(indented(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
  });

  it.each(['', 'ok', '<html>', '{"cut":', '"text"'])('leaves %j as it is', (text) => {
    expect(indented(text)).toBe(text);
  });
});
