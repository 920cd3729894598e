import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '../../../lambdas/domain/json/scan.ts';

const scan = (text: string) => scanJson(text, { maxDepth: 1000 });

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Any JSON value, with the blanks that three common writers put in; `fc.jsonValue` never repeats a key. */
const jsonText = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary', depthSize: 'medium' }), fc.constantFrom('', ' ', '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

/** Pieces that turn JSON into almost JSON. */
const piece = fc.oneof(
  fc.constantFrom(...'{}[]:,"\\/-+.eE0123456789truefalsnu \t\r\n\0\u000b\u001f\u00a0\u2028\ufeff'),
  fc.constantFrom('\\u', '\\u00', '\\ud83d', '\\ude00', 'null', '""', '00', '1.', '.1', '1e', '//', '\ud800', '\udc00'),
);
const mutated = fc
  .tuple(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat(2), piece), { minLength: 1, maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((current, [place, removed, added]) => {
      const at = place % (current.length + 1);
      return current.slice(0, at) + added + current.slice(at + removed);
    }, text),
  );

describe('scanJson beside JSON.parse', () => {
  it('takes whatever JSON.stringify writes of well-formed strings, and its members mean the same', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const result = scan(text);
        // JSON.stringify writes a lone surrogate as an escape, which scanJson refuses.
        if (!result.ok) return expect(result.problem).toBe('lone-surrogate');
        const value: unknown = JSON.parse(text);
        if (result.members) {
          const entries = [...result.members].map(([key, { raw }]) => [key, JSON.parse(raw) as unknown]);
          expect(Object.fromEntries(entries)).toEqual(value);
        }
        if (result.elements) expect(result.elements.map(({ raw }) => JSON.parse(raw) as unknown)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees on what is JSON in mutated texts', () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        const result = scan(text);
        if (result.ok) expect(parses(text)).toBe(true);
        else if (result.problem === 'syntax') expect(parses(text)).toBe(false);
        if (parses(text)) valid++;
        else invalid++;
      }),
      { numRuns: 5000 },
    );
    // Both kinds came up, so that the agreement means something.
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  it('refuses a key again anywhere in the text, however it is escaped', () => {
    const key = fc.string({ unit: 'grapheme', maxLength: 5 });
    fc.assert(
      fc.property(key, fc.nat(40), fc.boolean(), fc.nat(5), (name, others, escaped, depth) => {
        const plain = JSON.stringify(name);
        const units = [...Array(name.length).keys()].map((i) => name.charCodeAt(i).toString(16).padStart(4, '0'));
        const again = escaped ? `"${units.map((unit) => `\\u${unit}`).join('')}"` : plain;
        const between = Array.from({ length: others }, (_, i) => `,"other key ${i}":${i}`).join('');
        const object = (last: string) => '['.repeat(depth) + `{${plain}:1${between}${last}}` + ']'.repeat(depth);

        expect(scan(object('')).ok).toBe(true);
        expect(scan(object(`,${again}:2`))).toMatchObject({ ok: false, problem: 'duplicate-key' });
      }),
    );
  });
});
