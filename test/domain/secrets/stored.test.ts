import { describe, expect, it } from 'vitest';
import { readSecrets, wrongSecret } from '../../../lambdas/domain/secrets/stored.ts';

const BYTES = Buffer.from(Array.from({ length: 32 }, (_, n) => 255 - n));
const KEY = `whsec_${BYTES.toString('base64')}`;
const secret = (key: unknown, fields: Record<string, unknown> = {}) => ({ key, created_ms: 1, ...fields });
const keysOf = (stored: unknown): string[] => readSecrets(stored).map(({ key }) => key);

describe('a signing secret that an operator typed into the table', () => {
  it.each<[string, string]>([
    ['a line break behind it', `${KEY}\n`],
    ['blanks around it', `  ${KEY} `],
    ['no prefix', KEY.slice(6)],
    ['no prefix, and blanks', ` ${KEY.slice(6)}\r\n`],
    ['the alphabet of base64url', `whsec_${BYTES.toString('base64url')}`],
    ['no padding', KEY.replace(/=+$/, '')],
  ])('with %s is the one that was meant', (_what, typed) => {
    expect(keysOf([secret(typed)])).toEqual([KEY]);
    expect(wrongSecret(typed)).toBeUndefined();
  });

  it('may stand there alone, as text or in a list', () => {
    expect(keysOf(KEY)).toEqual([KEY]);
    expect(keysOf([KEY, secret(KEY)])).toEqual([KEY, KEY]);
  });

  it('may have its times as text', () => {
    expect(readSecrets([secret(KEY, { created_ms: '7', expires_ms: '8' })])).toEqual([
      { key: KEY, created_ms: 7, expires_ms: 8 },
    ]);
  });

  it.each(['soon', 1e300, [], {}])('has ended when nobody can tell when it ends: %j', (expires_ms) => {
    expect(readSecrets([secret(KEY, { expires_ms })])).toMatchObject([{ expires_ms: 0 }]);
  });

  it.each<[string, string, string]>([
    ['20 bytes', `whsec_${Buffer.alloc(20, 1).toString('base64')}`, 'one of 20 bytes'],
    ['65 bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`, 'one of 65 bytes'],
    ['nothing', ' ', 'an empty one'],
    ['the prefix alone', 'whsec_', 'an empty one'],
    ['a sentence', 'whsec_not a secret, but a sentence', 'one with a character that base64 has not'],
    ['both alphabets at once', `whsec_${'-'.repeat(20)}${'+'.repeat(20)}`, 'one with a character that base64 has not'],
    ['hexadecimal digits', BYTES.toString('hex'), 'one in hexadecimal digits'],
  ])('of %s stays as it is and is named without being shown', (_what, typed, wrong) => {
    expect(keysOf([secret(typed)])).toEqual([typed]);
    expect(wrongSecret(typed)).toBe(wrong);
  });

  it.each<[string, unknown, string[]]>([
    ['no list', 7, []],
    ['nothing', undefined, []],
    ['NULL in a list', [null, secret(KEY)], ['', KEY]],
    ['a number in a list', [7], ['']],
    ['a map without a key', [{ created_ms: 1 }], ['']],
    ['a key that is a number', [secret(7)], ['']],
  ])('and is %s never throws', (_what, stored, keys) => {
    expect(keysOf(stored)).toEqual(keys);
  });
});

describe('secrets that the platform wrote', () => {
  it('come as the very objects, so that what is made of them can be kept', () => {
    const stored = [secret(KEY), secret(KEY, { expires_ms: 2 })];

    expect(readSecrets(stored).every((one, index) => one === stored[index])).toBe(true);
  });
});
