import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals } from '../../../../lambdas/domain/subscription/filter/decimal.ts';

/** Thousandths, written in one of the ways that JSON allows. */
const written = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 9 }), fc.boolean())
  .map(([value, zeros, isScientific]) => {
    const digits = value < 0n ? -value : value;
    const sign = value < 0n ? '-' : '';
    const plain = `${digits / 1000n}.${String(digits % 1000n).padStart(3, '0')}${'0'.repeat(zeros)}`;
    return { value, text: isScientific ? `${sign}${digits}${zeros % 2 ? 'e' : 'E'}-3` : `${sign}${plain}` };
  });

describe('decimals', () => {
  it('compare as the numbers that they are, however they are written and however long', () => {
    fc.assert(
      fc.property(written, written, (a, b) => {
        const expected = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
        expect(Math.sign(compareDecimals(a.text, b.text))).toBe(expected);
      }),
    );
  });

  it.each([
    ['9007199254740993', '9007199254740992', 1],
    ['0', '-0.000e9', 0],
    ['1e400', '1e399', 1],
    ['-1e-400', '0', -1],
    ['0.1', '0.10', 0],
    ['1E+2', '100', 0],
  ])('%s and %s', (a, b, order) => {
    expect(Math.sign(compareDecimals(a, b))).toBe(order);
  });
});
