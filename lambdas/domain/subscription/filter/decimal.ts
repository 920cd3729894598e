/** A decimal number as it was written, ready to be compared; no digit is lost, as a double would lose some. */
interface Decimal {
  negative: boolean;
  /** Without zeros at either end; empty: zero. */
  digits: string;
  /** The value is 0.digits × 10^point. */
  point: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** @param text a JSON number (RFC 8259 §6). */
function readDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  let from = 0;
  let to = all.length;
  while (from < to && all[from] === '0') from++;
  while (to > from && all[to - 1] === '0') to--;
  return { negative: sign === '-', digits: all.slice(from, to), point: whole.length - from + Number(exponent) };
}

/** Compares two JSON numbers by value, whatever their length. @returns below, equal to or above 0, as sort functions do. */
export function compareDecimals(left: string, right: string): number {
  const a = readDecimal(left);
  const b = readDecimal(right);
  const signs = signOf(a) - signOf(b);
  if (signs !== 0 || a.digits === '') return signs;
  return a.negative ? compareSizes(b, a) : compareSizes(a, b);
}

function signOf({ negative, digits }: Decimal): number {
  if (digits === '') return 0;
  return negative ? -1 : 1;
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.point !== b.point) return a.point - b.point;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}
