import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAsciiJson } from '../../../lambdas/domain/json/ascii.ts';
import { anyCharacter } from '../../support/any-character.ts';

describe('toAsciiJson', () => {
  it('escapes what SQS refuses and whatever else is not ASCII', () => {
    expect(toAsciiJson('{"ä":"\ufffe\uffff🔐"}')).toBe('{"\\u00e4":"\\ufffe\\uffff\\ud83d\\udd10"}');
  });

  it('leaves ASCII alone, escapes included', () => {
    const text = '{"a":"\\u00e4\\n\\\\u00e4\u007f"}';

    expect(toAsciiJson(text)).toBe(text);
  });

  it('means the same to a parser, in ASCII alone', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter })), (value) => {
        const text = JSON.stringify(value);

        const ascii = toAsciiJson(text);

        expect(JSON.parse(ascii)).toEqual(JSON.parse(text));
        expect(Buffer.byteLength(ascii)).toBe(ascii.length);
      }),
    );
  });
});
