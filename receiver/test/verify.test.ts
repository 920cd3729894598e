import { describe, expect, it } from 'vitest';
import { VerificationError, verify } from '../src/index.ts';
import { aRequest, OLDER_SECRET, SECRET } from './requests.ts';

describe('verify', () => {
  it('returns id, time of the attempt, and body of what was signed', () => {
    const { headers, body } = aRequest();

    const delivery = verify(body, headers, SECRET);

    expect(delivery).toEqual({
      id: headers['webhook-id'],
      sentAt: new Date(Number(headers['webhook-timestamp']) * 1000),
      body: JSON.parse(body) as unknown,
      rawBody: body,
    });
  });

  it.each([
    ['a Buffer', (body: string) => Buffer.from(body)],
    ['a Uint8Array', (body: string) => new TextEncoder().encode(body)],
    ['a string', (body: string) => body],
  ])('takes the body as %s', (_what, as) => {
    const { headers, body } = aRequest();
    expect(verify(as(body), headers, SECRET).rawBody).toBe(body);
  });

  it.each([
    ['Headers', (headers: Record<string, string>) => new Headers(headers)],
    ['lists of one', (headers: Record<string, string>) => mapValues(headers, (value) => [value])],
    [
      'an object with capitals',
      (headers: Record<string, string>) =>
        Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])),
    ],
  ])('takes headers as %s', (_what, as) => {
    const { headers, body } = aRequest();
    expect(verify(body, as(headers), SECRET).id).toBe(headers['webhook-id']);
  });

  it('holds while a secret is rotated, whichever side changes first', () => {
    const request = aRequest({ secret: OLDER_SECRET });
    expect(verify(request.body, request.headers, [SECRET, OLDER_SECRET]).rawBody).toBe(request.body);

    const both = aRequest();
    both.headers['webhook-signature'] += ` ${request.headers['webhook-signature']}`;
    expect(verify(both.body, both.headers, [SECRET]).rawBody).toBe(both.body);
  });

  it.each<[string, (request: ReturnType<typeof aRequest>) => void]>([
    ['a changed body', (request) => (request.body = request.body.replace('28540', '28541'))],
    [
      'a body that was parsed and written again',
      (request) => (request.body = JSON.stringify(JSON.parse(request.body), null, 1)),
    ],
    ['another id', (request) => (request.headers['webhook-id'] = 'evt_other')],
    ['no id', (request) => delete request.headers['webhook-id']],
    ['no signature', (request) => delete request.headers['webhook-signature']],
    ['an empty signature', (request) => (request.headers['webhook-signature'] = '')],
    [
      'a signature of another version',
      (request) => (request.headers['webhook-signature'] = request.headers['webhook-signature']!.replace('v1,', 'v2,')),
    ],
    ['a time that was not signed', (request) => (request.headers['webhook-timestamp'] += '0')],
    ['letters after the time', (request) => (request.headers['webhook-timestamp'] += 'x')],
  ])('refuses %s', (_what, change) => {
    const request = aRequest();
    change(request);
    expect(() => verify(request.body, request.headers, SECRET)).toThrow(VerificationError);
  });

  it('refuses what is older or newer than five minutes', () => {
    for (const secondsAgo of [330, -330]) {
      const { headers, body } = aRequest({ secondsAgo });
      expect(() => verify(body, headers, SECRET)).toThrow(/too (old|new)/);
    }
  });

  it('refuses a header that came twice', () => {
    const { headers, body } = aRequest();
    const twice = { ...headers, 'webhook-id': [headers['webhook-id']!, 'evt_other'] };
    expect(() => verify(body, twice, SECRET)).toThrow('exactly one header webhook-id');
  });

  it('refuses bytes that are no UTF-8 and text that is no JSON', () => {
    const { headers, body } = aRequest({ body: '{"a":' });
    expect(() => verify(body, headers, SECRET)).toThrow('JSON');
    expect(() => verify(new Uint8Array([0x7b, 0xff, 0x7d]), headers, SECRET)).toThrow('UTF-8');
  });

  it('says nothing of secrets or bodies when it refuses', () => {
    const { headers } = aRequest();
    try {
      verify('{"patient":"Zoë"}', headers, [SECRET, OLDER_SECRET]);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toMatch(/whsec_|MDEy|Zoë/);
    }
  });

  it('asks for a secret when none is given, which is a fault of the program and not of the request', () => {
    const { headers, body } = aRequest();
    expect(() => verify(body, headers, [])).toThrow(TypeError);
  });
});

function mapValues<A, B>(object: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
