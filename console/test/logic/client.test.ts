import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, bodyOf, createClient } from '../../src/api/client.ts';

let server: Server;
let baseUrl: string;
let refusals = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const answers: Record<string, [number, string]> = {
      '/v1/events/evt_1': [200, '{"id":"evt_1","data":{"fee":9007199254740993}}'],
      '/v1/events/no%2Fpath': [404, '{"detail":"Nothing has this id.","errors":[{"pointer":"/id","detail":"odd"}]}'],
      '/v1/me': [401, '{"message":"Unauthorized"}'],
      '/v1/event-types': [502, '<html>'],
      '/v1/status': [429, '{"detail":"Too many."}'],
    };
    const [status, text] = answers[request.url!] ?? [204, ''];
    response
      .writeHead(status, {
        'x-asked-by': String(request.headers['posthorn-client']),
        ...(status === 429 && { 'retry-after': '7' }),
      })
      .end(text || undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

const client = () => createClient('phk_test', () => (refusals += 1), baseUrl);
const refused = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error('expected a refusal')),
    (error: ApiError) => error,
  );

describe("the console's client", () => {
  it('gives an answer as text where JavaScript would change its digits', async () => {
    const params = { path: { id: 'evt_1' } };

    const text: string = await bodyOf(client().GET('/v1/events/{id}', { params, parseAs: 'text' }));

    expect(text).toContain('9007199254740993');
  });

  it('throws the words and places of a refusal, whatever the path parameter holds', async () => {
    const error = await refused(client().GET('/v1/events/{id}', { params: { path: { id: 'no/path' } } }));

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 404,
      message: 'Nothing has this id.',
      errors: [{ pointer: '/id', detail: 'odd' }],
    });
  });

  it('says when it may ask again, where the API does', async () => {
    const tooSoon = await refused(client().GET('/v1/status'));
    const other = await refused(client().GET('/v1/event-types'));

    expect([tooSoon.status, tooSoon.retryAfter, other.retryAfter]).toEqual([429, 7, undefined]);
  });

  it('says when the key is no longer known, in the words of whoever refused it', async () => {
    const error = await refused(client().GET('/v1/me'));

    expect([error.status, error.message, refusals]).toEqual([401, 'Unauthorized', 1]);
  });

  it('has words for an answer that is no JSON, and for none', async () => {
    const odd = await refused(client().GET('/v1/event-types'));
    const none = await refused(createClient('phk_test', () => undefined, 'http://127.0.0.1:1').GET('/v1/me'));

    expect([odd.status, odd.message]).toEqual([502, 'The API answered with status 502.']);
    expect([none.status, none.message]).toEqual([
      0,
      'The API could not be reached. Check the connection, then try again.',
    ]);
  });

  it('is written against the API: what it does not have does not compile', () => {
    const never = () => {
      const { GET, POST, PATCH } = client();
      return [
        // @ts-expect-error no such path
        GET('/v1/subscription'),
        // @ts-expect-error no such method there
        POST('/v1/me'),
        // @ts-expect-error the path needs an id
        GET('/v1/subscriptions/{id}', {}),
        // @ts-expect-error no such filter
        GET('/v1/events', { params: { query: { organisation: 'org_1' } } }),
        // @ts-expect-error no such format
        PATCH('/v1/subscriptions/{id}', { params: { path: { id: 'sub_1' } }, body: { format: 'xml' } }),
        // @ts-expect-error no such member of the answer
        bodyOf(GET('/v1/me')).then((me) => void me.secret),
      ];
    };

    expect(never).toBeTypeOf('function');
  });
});
