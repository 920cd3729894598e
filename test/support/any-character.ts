import * as fc from 'fast-check';

/** Code points that stand for a character only in twos. */
const SURROGATES = { from: 0xd800, to: 0xdfff };
const COUNT = SURROGATES.to - SURROGATES.from + 1;
const LAST = 0x10ffff - COUNT;

/**
 * Any character, as the unit of `fc.string`: what `unit: 'binary'` gives, for the same seeds the same. That one lists all of
 * them in a Map when the first string is described, which takes a second of a processor in each process.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(LAST)
  .map((n) => String.fromCodePoint(n < SURROGATES.from ? n : n + COUNT), placeOf);

/** @throws when it is not one character: how fast-check is told that this arbitrary does not make it. */
function placeOf(character: unknown): number {
  const code = typeof character === 'string' ? (character.codePointAt(0) ?? SURROGATES.from) : SURROGATES.from;
  const isSurrogate = code >= SURROGATES.from && code <= SURROGATES.to;
  if (isSurrogate || character !== String.fromCodePoint(code)) throw new Error('Expected one character.');
  return code < SURROGATES.from ? code : code - COUNT;
}
