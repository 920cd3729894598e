import { describe, expect, it } from 'vitest';
import { canonicalRow, changedAttributes, changedBy, recordNamedBy, shownValue } from '../../lambdas/domain/audit.ts';

const ROW = { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/', headers: { B: '1', A: '2' } };

describe('the canonical form of a row', () => {
  it.each<[string, Record<string, unknown>]>([
    ['attributes in another order', Object.fromEntries(Object.entries(ROW).reverse())],
    ['headers in another order', { ...ROW, headers: { A: '2', B: '1' } }],
    ['notes of the platform', { ...ROW, problem: 'x', created_at: 'x', updated_at: 'x', changed_by: 'x' }],
    ['an attribute without a value', { ...ROW, account: undefined }],
  ])('is the same with %s', (_what, row) => {
    expect(canonicalRow(row)).toBe(canonicalRow(ROW));
    expect(changedAttributes(ROW, row)).toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    ['a number and its text', 7, '7'],
    ['a list and a set', ['a'], new Set(['a'])],
    ['an empty list and an empty map', [], {}],
    ['NULL and nothing', null, undefined],
    ['lists in another order', ['a', 'b'], ['b', 'a']],
    ['binary data and its bytes as a list', new Uint8Array([1]), [1]],
    ['a number and a list that looks like one', 7, ['number', '7']],
    ['true and its text', true, 'true'],
  ])('tells %s apart', (_what, one, other) => {
    expect(canonicalRow({ value: one })).not.toBe(canonicalRow({ value: other }));
    expect(changedAttributes({ value: one }, { value: other })).toEqual(['value']);
  });

  it.each<[string, unknown, unknown]>([
    ['sets in another order', new Set(['a', 'b']), new Set(['b', 'a'])],
    ['a number in another type', 7, 7n],
  ])('takes %s for the same', (_what, one, other) => {
    expect(canonicalRow({ value: one })).toBe(canonicalRow({ value: other }));
  });
});

describe('names of changed attributes', () => {
  it('are all of a row that is new or gone', () => {
    expect(changedAttributes(undefined, ROW)).toEqual(['headers', 'id', 'organization', 'url']);
    expect(changedAttributes(ROW, undefined)).toEqual(['headers', 'id', 'organization', 'url']);
  });

  it('are few and short, whatever a person typed', () => {
    const row = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${'x'.repeat(300)}${n}`, n]));
    const names = changedAttributes({}, row);
    expect(names).toHaveLength(50);
    expect(Math.max(...names.map((name) => name.length))).toBe(64);
  });
});

describe('changed_by', () => {
  it('leads to the record it names', () => {
    const id = `aud_${'0'.repeat(26)}`;
    expect(recordNamedBy(changedBy('key_1', id))).toBe(id);
  });

  it.each([undefined, null, 7, '', 'table', 'posthorn', 'key_1 aud_1', 'key_1', `aud_${'0'.repeat(26)}`])(
    'leads nowhere as %j',
    (text) => {
      expect(recordNamedBy(text)).toBeUndefined();
    },
  );
});

describe('a value in the trail', () => {
  const hash = (text: string): string => `#${text.length}`;

  it.each([
    ['https://hooks.example.com/in', 'https://hooks.example.com/in'],
    ['https://hooks.example.com/in?token=abc', 'https://hooks.example.com/in?#10'],
    ['https://hooks.example.com/in#abc', 'https://hooks.example.com/in##4'],
    ['https://ada:geheim@hooks.example.com/in', 'https://#10@hooks.example.com/in'],
    ['https://hooks.example.com/@ada', 'https://hooks.example.com/@ada'],
    ['ada:geheim@hooks.example.com', '#10@hooks.example.com'],
  ])('of the URL %s shows %s', (url, shown) => {
    expect(shownValue('url', url, hash)).toBe(shown);
  });

  it.each([
    ['password', 'geheim', '#6'],
    ['description', 'x'.repeat(513), '#513'],
    ['headers', { 'X-A': 'geheim' }, '{"X-A":"#8"}'],
    ['headers', 'X-A: geheim', '#11'],
    ['auth', { type: 'basic', password: 'geheim' }, '#36'],
    ['events', new Set(['b', 'a']), '["a","b"]'],
    ['timeout_seconds', 10, '10'],
    ['active', false, 'false'],
    ['url', undefined, undefined],
  ])('of %s with %o shows %s', (name, value, shown) => {
    expect(shownValue(name, value, hash)).toBe(shown);
  });
});
