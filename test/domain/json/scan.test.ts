import { describe, expect, it } from 'vitest';
import { MAX_JSON_DEPTH, scanJson } from '../../../lambdas/domain/json/scan.ts';
import type { JsonFailure, JsonScan } from '../../../lambdas/domain/json/scan.ts';

const scan = (text: string) => scanJson(text, { maxDepth: MAX_JSON_DEPTH });

function accepted(text: string): JsonScan {
  const result = scan(text);
  if (!result.ok) throw new Error(`refused: ${result.message} at ${result.offset}`);
  return result;
}

function refused(text: string): JsonFailure {
  const result = scan(text);
  if (result.ok) throw new Error('accepted');
  return result;
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('what is JSON', () => {
  it('keeps every character of the top-level members', () => {
    const text =
      ' {"n": 9007199254740993 , "f":1.10,"e" : 1e-7,"o":{ "b" : 1, "1":"\\u0061\\/" },"a":[ ],"t":true,"z":null}\n';

    const { kind, members } = accepted(text);

    expect(kind).toBe('object');
    expect([...members!]).toEqual([
      ['n', { kind: 'number', raw: '9007199254740993' }],
      ['f', { kind: 'number', raw: '1.10' }],
      ['e', { kind: 'number', raw: '1e-7' }],
      ['o', { kind: 'object', raw: '{ "b" : 1, "1":"\\u0061\\/" }' }],
      ['a', { kind: 'array', raw: '[ ]' }],
      ['t', { kind: 'boolean', raw: 'true' }],
      ['z', { kind: 'null', raw: 'null' }],
    ]);
  });

  it('takes the elements of a top-level array', () => {
    const { kind, elements, members } = accepted('[ {"a":1} ,"x", -0]');

    expect(kind).toBe('array');
    expect(members).toBeUndefined();
    expect(elements).toEqual([
      { kind: 'object', raw: '{"a":1}' },
      { kind: 'string', raw: '"x"' },
      { kind: 'number', raw: '-0' },
    ]);
  });

  it.each([
    ['"x"', 'string'],
    [' 1 ', 'number'],
    ['false', 'boolean'],
    ['null', 'null'],
    ['[]', 'array'],
    ['{}', 'object'],
  ])('reads the document %s as %s', (text, kind) => {
    expect(accepted(text).kind).toBe(kind);
  });

  it('finds a member by its unescaped key', () => {
    expect(accepted('{"\\u0064ata":1}').members!.get('data')).toEqual({ kind: 'number', raw: '1' });
  });

  it('takes __proto__ and constructor for ordinary keys', () => {
    const { members } = accepted('{"__proto__":{"admin":true},"constructor":1,"d":{"__proto__":{"admin":true}}}');

    expect([...members!.keys()]).toEqual(['__proto__', 'constructor', 'd']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('takes line separators, non-characters, DEL and whole surrogate pairs in strings', () => {
    for (const raw of ['"\u2028\u2029"', '"\uffff\ufffe"', '"\u007f\u0085"', '"🔐"', '"\\ud83d\\ude00"', '"\\u0000"'])
      expect(accepted(`{"s":${raw}}`).members!.get('s')!.raw).toBe(raw);
  });
});

describe('what is no JSON', () => {
  it.each([
    ['', '', 0, 'expected a value, got the end of the text'],
    ['{"a":1,}', '', 7, 'expected a key in quotation marks, got "}"'],
    ['{,}', '', 1, 'expected a key in quotation marks, got ","'],
    ['[1,]', '/1', 3, 'expected a value, got "]"'],
    ['[1 2]', '', 3, 'expected a comma or ], got "2"'],
    ['{"a":1 "b":2}', '', 7, 'expected a comma or }, got """'],
    ['{"a" 1}', '/a', 5, 'expected a colon after the key, got "1"'],
    ['{"a":[1,{"b":tru}]}', '/a/1/b', 13, 'expected a value, got "t"'],
    ['{"a":01}', '/a', 6, 'expected no digit after a leading zero, got "1"'],
    ['{"a":-}', '/a', 6, 'expected a digit, got "}"'],
    ['{"a":1.}', '/a', 7, 'expected a digit, got "}"'],
    ['{"a":1e+}', '/a', 8, 'expected a digit, got "}"'],
    ['{"a":"b', '/a', 7, 'expected the closing quotation mark of a string, got the end of the text'],
    ['{"a":"\t"}', '/a', 6, 'expected an escape for a control character in a string, got U+0009'],
    ['{"a":"\\x"}', '/a', 7, 'expected one of "\\/bfnrtu after a backslash, got "x"'],
    ['{"a":"\\u12G4"}', '/a', 10, 'expected four hexadecimal digits after \\u, got "G"'],
    // Setting one bit of these control characters makes digits of them.
    ['{"a":"\\u\u0011\u0011\u0011\u0011"}', '/a', 8, 'expected four hexadecimal digits after \\u, got U+0011'],
    ['{"a":"\\u006', '/a', 11, 'expected four hexadecimal digits after \\u, got the end of the text'],
    ['{} x', '', 3, 'expected the end of the text, got "x"'],
    ['\ufeff{}', '', 0, 'expected JSON in UTF-8 without a byte order mark, got one'],
    ['\u00a0{}', '', 0, 'expected a value, got U+00A0'],
    ['{"a/b":{"c~d":[}}', '/a~1b/c~0d/0', 15, 'expected a value, got "}"'],
  ])('says where and why for %j', (text, pointer, offset, message) => {
    expect(refused(text)).toEqual({ ok: false, problem: 'syntax', pointer, offset, message });
  });

  it('never quotes more than 100 characters of the text', () => {
    const key = 'k'.repeat(60);
    const texts = [
      `{"${key}":{"${key}":nope}}`,
      `{"${key.repeat(9)}":1,"${key.repeat(9)}":2}`,
      `"${key.repeat(9)}\n"`,
      key,
    ];

    for (const text of texts) {
      const { pointer, message } = refused(text);
      expect(pointer.length).toBeLessThanOrEqual(80);
      expect(message).not.toContain('kk');
    }
  });

  it('points to the nearest ancestor when the pointer would be too long', () => {
    expect(refused(`{"short":{"${'k'.repeat(90)}":nope}}`).pointer).toBe('/short');
  });
});

describe('what two readers could understand differently', () => {
  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"d":[{"x":{"k":1,"j":2,"k":3}}]}', '/d/0/x/k'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"":1,"":2}', '/'],
  ])('refuses duplicate keys: %s', (text, pointer) => {
    expect(refused(text)).toMatchObject({ problem: 'duplicate-key', pointer });
  });

  it.each([31, 32, 33, 34, 500])('finds the one duplicate among %i keys', (count) => {
    const members = Array.from({ length: count }, (_, i) => `"k${i}":${i}`);

    expect(scan(`{${members.join(',')}}`).ok).toBe(true);
    for (const twice of [0, count - 1])
      expect(refused(`{${members.join(',')},"k${twice}":0}`)).toMatchObject({
        problem: 'duplicate-key',
        pointer: `/k${twice}`,
      });
  });

  it('lets objects side by side and inside one another have the same keys', () => {
    expect(scan('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}').ok).toBe(true);
  });

  it.each([
    '"\\ud800"',
    '"\\udc00"',
    '"\\ude00\\ud83d"',
    '"\\ud800\\ud800"',
    '"\\udc00\\udc00"',
    '"\\ud83dx"',
    '"\ud800"',
    '"\udc00"',
    '"\\ud83d\ude00"',
  ])('refuses the lone surrogate in %j', (string) => {
    expect(refused(`{"a":${string}}`)).toMatchObject({ problem: 'lone-surrogate', pointer: '/a' });
    expect(refused(`{${string}:1}`)).toMatchObject({ problem: 'lone-surrogate', pointer: '' });
  });

  it('allows exactly maxDepth levels, counted over the whole text', () => {
    expect(scanJson(nested(64), { maxDepth: 64 }).ok).toBe(true);
    expect(scanJson(nested(65), { maxDepth: 64 })).toMatchObject({ ok: false, problem: 'depth', offset: 64 });
    expect(scanJson('{"data":{"a":[1]}}', { maxDepth: 3 }).ok).toBe(true);
    expect(scanJson('{"data":{"a":[1]}}', { maxDepth: 2 })).toMatchObject({ problem: 'depth', pointer: '/data/a' });
    expect(scanJson('[[],[],[[]]]', { maxDepth: 3 }).ok).toBe(true);
  });

  it.each([1_000, 100_000])('refuses %i levels without overflowing the stack', (levels) => {
    expect(scanJson(nested(levels), { maxDepth: 64 })).toMatchObject({ problem: 'depth' });
    expect(scanJson('{"a":'.repeat(levels), { maxDepth: 64 })).toMatchObject({ problem: 'depth' });
  });

  it('reads as deep as its options allow', () => {
    expect(scanJson(nested(1000), { maxDepth: 1000 }).ok).toBe(true);
    for (const maxDepth of [0, 1001, Number.NaN]) expect(() => scanJson('1', { maxDepth })).toThrow(RangeError);
  });
});

describe('a batch', () => {
  const takeApart = (text: string, checkedLevels = 2) => scanJson(text, { maxDepth: 1000, checkedLevels });

  it('is taken apart although one of its events breaks a rule', () => {
    const items = ['{"a":1,"a":2}', '{"s":"\\ud800"}', '"\ud800"', '{"\ud800":"x"}', nested(100), '{"ok":1}'];

    const body = takeApart(`{"events":[${items.join(',')}]}`);
    const list = takeApart(body.ok ? body.members!.get('events')!.raw : '', 1);

    expect(list.ok && list.elements!.map(({ raw }) => raw)).toEqual(items);
    expect(items.map((item) => scan(item).ok)).toEqual([false, false, false, false, false, true]);
  });

  it('still has the levels around its events checked', () => {
    expect(takeApart('{"events":[],"events":[]}')).toMatchObject({ problem: 'duplicate-key' });
    expect(takeApart('{"\ud800":[]}')).toMatchObject({ problem: 'lone-surrogate' });
    expect(takeApart('{"events":"\ud800"}')).toMatchObject({ problem: 'lone-surrogate' });
  });

  it.each(['{"events":[{"a":1,}]}', '{"events":[{"a":"\\ud800}]}', '{"events":[{,}]}'])('must be JSON: %s', (text) => {
    expect(takeApart(text)).toMatchObject({ ok: false, problem: 'syntax' });
  });
});
