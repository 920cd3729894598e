import { describe, expect, it } from 'vitest';
import {
  checkCustomHeaders,
  checkHeaderName,
  HEADER_NAME_LIMIT,
  HEADERS_LIMIT,
} from '../../../lambdas/domain/subscription/custom-headers.ts';
import corpus from '../../corpus/custom-headers.json' with { type: 'json' };

/** As JSON.parse makes it: `__proto__` is a member like any other. */
const oneHeader = (name: string, value: unknown): unknown =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value ?? null)}}`);

describe('checkCustomHeaders', () => {
  it.each(corpus.accept)('accepts $id: $why', ({ name, value }) => {
    expect(checkCustomHeaders(oneHeader(name, value))).toEqual({ ok: true, headers: { [name]: value } });
  });

  it.each(corpus.reject)('refuses $id: $why', ({ name, value }) => {
    const checked = checkCustomHeaders(oneHeader(name, value));

    expect(checked).toMatchObject({ ok: false, errors: [{ name: name.slice(0, 100) }] });
  });

  it('never repeats a value, which may be a credential', () => {
    const checked = checkCustomHeaders({ Authorization: 'Bearer sekrit\n' });

    expect(JSON.stringify(checked)).not.toContain('sekrit');
  });

  it(`takes ${HEADERS_LIMIT} headers and not one more`, () => {
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'v']));

    expect(checkCustomHeaders(headers(HEADERS_LIMIT)).ok).toBe(true);
    expect(checkCustomHeaders(headers(HEADERS_LIMIT + 1)).ok).toBe(false);
  });

  it('refuses the same name in two letter cases, because the receiver would see one of them', () => {
    expect(checkCustomHeaders({ 'X-Key': 'a', 'x-key': 'b' })).toMatchObject({
      ok: false,
      errors: [{ name: 'x-key' }],
    });
  });

  it.each([['text'], [7], [['a', 'b']], [new Set(['a'])]])('refuses %j, which is no object', (headers) => {
    expect(checkCustomHeaders(headers)).toMatchObject({ ok: false, errors: [{ name: '' }] });
  });

  it.each([[undefined], [null], [{}]])('takes %j as no headers', (headers) => {
    expect(checkCustomHeaders(headers)).toEqual({ ok: true, headers: {} });
  });
});

describe('checkHeaderName', () => {
  it('accepts the name of a signature header', () => {
    expect(checkHeaderName('Axle-Signature')).toBeUndefined();
  });

  it.each([['webhook-signature'], ['x'.repeat(HEADER_NAME_LIMIT + 1)], [''], [7]])(
    'says why %j cannot be one',
    (name) => {
      expect(checkHeaderName(name)).toMatch(/must|may|is reserved/);
    },
  );
});
