import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/domain/problem.ts';
import { readBody } from '../../lambdas/runtime/http/body.ts';
import type { HttpEvent } from '../../lambdas/runtime/http/event.ts';

const MAX = { maxBytes: 100 };
const json = { 'content-type': 'application/json' };

/** What a request's body is read as: its text, or the status it is refused with. */
function read(event: HttpEvent, options = MAX): string | number {
  try {
    return readBody(event, options).text;
  } catch (error) {
    if (error instanceof Problem) return error.status;
    throw error;
  }
}

describe('content type and coding', () => {
  it.each([
    'application/json',
    'APPLICATION/Json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    ' application/json ',
  ])('takes %j', (type) => {
    expect(read({ headers: { 'Content-Type': type }, body: '{}' })).toBe('{}');
  });

  it.each([
    undefined,
    '',
    'json',
    'text/plain',
    'application/jsonp',
    'application/json, text/plain',
    'application/json; charset=utf-7',
    'application/json; charset=latin1',
  ])('refuses %j', (type) => {
    expect(read({ headers: type === undefined ? {} : { 'content-type': type }, body: '{}' })).toBe(415);
  });

  it('refuses a compressed body, but not one that is said to be as it is', () => {
    expect(read({ headers: { ...json, 'content-encoding': 'gzip' }, body: '' })).toBe(415);
    expect(read({ headers: { ...json, 'Content-Encoding': 'Identity' }, body: '{}' })).toBe('{}');
  });

  it('finds the type in either map of headers, and takes two types for none', () => {
    expect(read({ multiValueHeaders: { 'content-TYPE': ['application/json'] }, body: '{}' })).toBe('{}');
    const two = ['application/json', 'text/plain'];
    expect(read({ headers: json, multiValueHeaders: { 'content-type': two }, body: '{}' })).toBe(415);
  });

  it.each([{}, { headers: null, multiValueHeaders: null, body: null }])(
    'answers an event without maps: %j',
    (event) => {
      expect(read(event)).toBe(415);
    },
  );
});

describe('bytes', () => {
  const base64 = (bytes: Buffer | string): HttpEvent => ({
    headers: json,
    body: Buffer.from(bytes as string).toString('base64'),
    isBase64Encoded: true,
  });

  it('decodes base64 once', () => {
    expect(read(base64('{"a":"é"}'))).toBe('{"a":"é"}');
    expect(read(base64('e30='))).toBe('e30=');
  });

  it.each(['@@@not base64@@@', 'e30', 'e3==0', '=e30'])('refuses the broken base64 %j', (body) => {
    expect(read({ headers: json, body, isBase64Encoded: true })).toBe(400);
  });

  it.each([[[0xff]], [[0xc1, 0xbf]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0xe2, 0x82]]])(
    'refuses the bytes %j, which are no UTF-8',
    (bytes) => {
      expect(read(base64(Buffer.from(bytes)))).toBe(400);
    },
  );

  it('keeps a byte order mark for the JSON scanner to refuse', () => {
    expect(read(base64('\ufeff{}'))).toBe('\ufeff{}');
  });

  it('counts bytes, not characters, at the limit', () => {
    expect(read({ headers: json, body: 'é'.repeat(50) })).toBe('é'.repeat(50));
    expect(read({ headers: json, body: 'é'.repeat(51) })).toBe(413);
    expect(read(base64('x'.repeat(100)))).toBe('x'.repeat(100));
    expect(read(base64('x'.repeat(101)))).toBe(413);
    expect(read({ headers: json, body: '@'.repeat(1000), isBase64Encoded: true })).toBe(413);
  });

  it('refuses text in which the gateway replaced bytes, and takes what the client sent itself', () => {
    const replaced = '{"s":"\ufffd"}';
    const length = (bytes: number): HttpEvent => ({
      headers: { ...json, 'content-length': `${bytes}` },
      body: replaced,
    });
    expect(read(length(9))).toBe(400);
    expect(read(length(11))).toBe(replaced);
    expect(read({ headers: json, body: replaced })).toBe(replaced);
  });

  it('refuses text that cannot be UTF-8', () => {
    expect(read({ headers: json, body: '"\ud800"' })).toBe(400);
  });
});
