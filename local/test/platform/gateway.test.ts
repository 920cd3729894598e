import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toEvent } from '../../gateway/event.ts';
import type { GatewayRequest } from '../../gateway/event.ts';
import { toResponse } from '../../gateway/response.ts';
import { matchRoute, parseRoute } from '../../gateway/routes.ts';
import { Gateway } from '../../gateway/server.ts';
import { Throttle } from '../../gateway/throttle.ts';
import { failure } from '../../lambda/result.ts';
import type { InvocationResult } from '../../lambda/result.ts';

describe('routes', () => {
  const routes = [
    'GET /',
    'GET /v1/events',
    'ANY /v1/events',
    'GET /v1/events/{id}',
    'POST /v1/events/batch',
    'ANY /v1/{proxy+}',
    'GET /v1/{kind}/{id}',
    '$default',
  ].map((key) => parseRoute(key, key));

  it.each<[method: string, path: string, key: string, parameters: Record<string, string>]>([
    ['GET', '/', 'GET /', {}],
    ['GET', '/v1/events', 'GET /v1/events', {}],
    ['PUT', '/v1/events', 'ANY /v1/events', {}],
    ['GET', '/v1/events/evt_1', 'GET /v1/events/{id}', { id: 'evt_1' }],
    ['POST', '/v1/events/batch', 'POST /v1/events/batch', {}],
    ['DELETE', '/v1/events/batch', 'ANY /v1/{proxy+}', { proxy: 'events/batch' }],
    ['GET', '/v1/attempts/a', 'GET /v1/{kind}/{id}', { kind: 'attempts', id: 'a' }],
    ['GET', '/v1/a/b/c', 'ANY /v1/{proxy+}', { proxy: 'a/b/c' }],
    ['GET', '/v1/events/', 'ANY /v1/{proxy+}', { proxy: 'events/' }],
    ['GET', '/v1/', '$default', {}],
    ['GET', '/elsewhere', '$default', {}],
  ])('%s %s takes %s', (method, path, key, parameters) => {
    const match = matchRoute(routes, method, path);

    expect(match?.route.key).toBe(key);
    expect(match?.parameters).toEqual(parameters);
  });

  it('match nothing without $default', () => {
    expect(matchRoute([parseRoute('GET /{proxy+}', 1)], 'GET', '/')).toBeUndefined();
  });

  it('refuse a key that is none', () => {
    expect(() => parseRoute('/v1/events', 1)).toThrow(
      'Expected a route key like "GET /path" or "$default", got "/v1/events".',
    );
  });
});

const request = (change: Partial<GatewayRequest> = {}): GatewayRequest => ({
  method: 'POST',
  decodedPath: '/v1/a b',
  query: '',
  rawHeaders: [],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  protocol: 'HTTP/1.1',
  ...change,
});
const event = (
  change: Partial<GatewayRequest> = {},
  parameters: Record<string, string> = {},
): Record<string, unknown> =>
  toEvent(request(change), {
    accountId: '000000000000',
    apiId: 'api',
    host: '127.0.0.1:80',
    requestId: 'r',
    timeMs: Date.UTC(2026, 2, 12, 19, 3, 58),
    routeKey: 'POST /v1/{id}',
    parameters,
  });

describe('events', () => {
  it('name the request as payload format 2.0 does', () => {
    expect(event({ rawHeaders: ['User-Agent', 'curl'] }, { id: 'a b' })).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/{id}',
      rawPath: '/v1/a b',
      rawQueryString: '',
      headers: { 'user-agent': 'curl' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        domainName: '127.0.0.1:80',
        domainPrefix: '127',
        http: { method: 'POST', path: '/v1/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl' },
        requestId: 'r',
        routeKey: 'POST /v1/{id}',
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: 1773342238000,
      },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
    });
  });

  it('lower-case header names, join repeated ones by comma, and keep cookies apart', () => {
    expect(event({ rawHeaders: ['X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2', '__proto__', 'x'] })).toMatchObject({
      headers: { 'x-a': '1,2' },
      cookies: ['a=1', 'b=2'],
    });
  });

  it('decode query parameters and join repeated ones by comma', () => {
    expect(event({ query: 'a=1&b=x%20y&a=2&c' })).toMatchObject({
      rawQueryString: 'a=1&b=x%20y&a=2&c',
      queryStringParameters: { a: '1,2', b: 'x y', c: '' },
    });
  });

  it.each<[string, string | undefined, Buffer, string, boolean]>([
    ['JSON', 'application/json; charset=utf-8', Buffer.from('{"ü":1}'), '{"ü":1}', false],
    ['a JSON kind', 'application/cloudevents+json', Buffer.from('{}'), '{}', false],
    ['text without a type', undefined, Buffer.from('x'), 'x', false],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), 'YT0x', true],
    ['JSON that is no UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22]), 'Iv8i', true],
  ])('carry the body of %s', (_, type, body, text, isBase64Encoded) => {
    expect(event({ rawHeaders: type ? ['Content-Type', type] : [], body })).toMatchObject({
      body: text,
      isBase64Encoded,
    });
  });
});

describe('answers', () => {
  const answer = (value: unknown): { status: number; headers: Record<string, string | string[]>; body: string } => {
    const { status, headers, body } = toResponse({ ok: true, payload: JSON.stringify(value) });
    return { status, headers, body: body.toString() };
  };
  const broken = {
    status: 500,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Internal Server Error"}',
  };

  it.each<[string, unknown, object]>([
    ['a plain object', { a: 1 }, { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":1}' }],
    ['a plain string', 'hi', { status: 200, headers: { 'content-type': 'application/json' }, body: 'hi' }],
    [
      'a status',
      { statusCode: 204 },
      { status: 204, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '' },
    ],
    [
      'headers of any case',
      { statusCode: 200, headers: { 'Content-Type': 'text/html', 'X-N': 1 }, body: 'x' },
      { status: 200, headers: { 'content-type': 'text/html', 'x-n': '1' }, body: 'x' },
    ],
    ['base64', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, { status: 200, body: 'hi' }],
    [
      'cookies',
      { statusCode: 200, cookies: ['a=1', 'b=2'] },
      { headers: { 'content-type': 'text/plain; charset=utf-8', 'set-cookie': ['a=1', 'b=2'] } },
    ],
    ['a status that is none', { statusCode: 'x' }, broken],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }, broken],
    ['a header that would split the answer', { statusCode: 200, headers: { a: 'x\r\ny: z' } }, broken],
  ])('map %s', (_, value, expected) => {
    expect(answer(value)).toMatchObject(expected);
  });

  it('of a failed function are 500', () => {
    expect(toResponse(failure('Error', 'secret detail')).body.toString()).toBe('{"message":"Internal Server Error"}');
  });
});

it('a throttle lets a burst pass, then as many as the rate allows', () => {
  let now = 0;
  const throttle = new Throttle({ rate: 2, burst: 3 }, () => now);

  const atOnce = [1, 2, 3, 4].map(() => throttle.admit());
  now += 500;
  const later = [throttle.admit(), throttle.admit()];

  expect(atOnce).toEqual([true, true, true, false]);
  expect(later).toEqual([true, false]);
});

describe('the server', () => {
  let gateway: Gateway;
  let invoke: (payload: string) => Promise<InvocationResult>;

  beforeEach(async () => {
    invoke = () => Promise.resolve({ ok: true, payload: '{"statusCode":200,"body":"hello"}' });
    gateway = await Gateway.listen(0);
    const target = { functionArn: 'arn', timeoutMs: 50 };
    const routes = [
      parseRoute('ANY /open', target),
      parseRoute('GET /limited', target),
      parseRoute('GET /{id}', target),
    ];
    const throttles = new Map([['GET /limited', { rate: 0.001, burst: 1 }]]);
    gateway.open({
      api: { apiId: 'api', routes, basePath: '', throttles },
      accountId: '000000000000',
      invoke: (_, payload) => invoke(payload),
    });
  });
  afterEach(() => gateway.close());

  it('below a path finds routes there alone, and tells functions the path as it came', async () => {
    const below = await Gateway.listen(0);
    const payloads: string[] = [];
    below.open({
      api: {
        apiId: 'api',
        routes: [parseRoute('GET /open', { functionArn: 'arn', timeoutMs: 5000 })],
        basePath: '/clinic/webhooks',
        throttles: new Map(),
      },
      accountId: '000000000000',
      invoke: (_, payload) => {
        payloads.push(payload);
        return Promise.resolve({ ok: true, payload: '{"statusCode":200,"body":"hello"}' });
      },
    });

    const paths = ['/clinic/webhooks/open', '/open', '/clinic/open', '/clinic/webhooksopen', '/clinic/webhooks'];
    const answers = await Promise.all(paths.map((path) => fetch(below.url + path)));
    await below.close();

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404, 404]);
    expect(payloads.map((payload) => JSON.parse(payload) as object)).toMatchObject([
      {
        routeKey: 'GET /open',
        rawPath: '/clinic/webhooks/open',
        requestContext: { http: { path: '/clinic/webhooks/open' } },
      },
    ]);
  });

  const host = (): string => `host: ${new URL(gateway.url).host}\r\n`;

  /** @param next is sent when the first answer is there. */
  const raw = (text: string, next?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      if (next !== undefined) socket.once('data', () => socket.write(next));
      socket.on('end', () => resolve(answer)).on('error', reject);
    });

  it.each<[string, () => Promise<Response>, number, string]>([
    ['an unknown route', () => fetch(`${gateway.url}/a/b`), 404, '{"message":"Not Found"}'],
    ['an unknown method', () => fetch(`${gateway.url}/x`, { method: 'DELETE' }), 404, '{"message":"Not Found"}'],
    ['an escape that is none', () => fetch(`${gateway.url}/%zz`), 400, '{"message":"Bad Request"}'],
    ['an escape that is no UTF-8', () => fetch(`${gateway.url}/%ff`), 400, '{"message":"Bad Request"}'],
    [
      'headers beyond 10 KB',
      () => fetch(`${gateway.url}/open`, { headers: { a: 'x'.repeat(10_240) } }),
      431,
      '{"message":"Request Header Fields Too Large"}',
    ],
    [
      'a body beyond 10 MB',
      () => fetch(`${gateway.url}/open`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) }),
      413,
      '{"message":"Request Entity Too Large"}',
    ],
  ])('answers %s by itself', async (_, send, status, body) => {
    const response = await send();

    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });

  it('answers a function that takes too long with 503', async () => {
    invoke = () => new Promise(() => undefined);

    const response = await fetch(`${gateway.url}/open`);

    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it('throttles the route that has limits and no other', async () => {
    const statuses = [];
    for (const path of ['/limited', '/limited', '/open']) statuses.push((await fetch(gateway.url + path)).status);

    expect(statuses).toEqual([200, 429, 200]);
  });

  it('sends no body in answer to HEAD', async () => {
    const response = await fetch(`${gateway.url}/open`, { method: 'HEAD' });

    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '5', '']);
  });

  it('answers what is no HTTP with 400', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request/);
  });

  it('serves the next request of a connection whose last one had a body and no route', async () => {
    const lost = `POST /a/b HTTP/1.1\r\n${host()}content-length: 2\r\n\r\n{}`;
    const next = `GET /open HTTP/1.1\r\n${host()}connection: close\r\n\r\n`;

    const answers = await raw(lost, next);

    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('tells the client of a body that it refuses to read to use another connection', async () => {
    const answer = await raw(`POST /open HTTP/1.1\r\n${host()}content-length: 10485761\r\n\r\n{`);

    expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close.*Too Large"}$/is);
  });

  it('keeps quiet about a client that goes away in the middle', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const gone = new Promise((resolve) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => {
        socket.write(`POST /open HTTP/1.1\r\n${host()}content-length: 9\r\n\r\n{`, () => socket.resetAndDestroy());
      });
      socket.on('close', resolve);
    });

    await gone;

    // A later request is answered after the gateway has noticed.
    expect(await raw(`GET /open HTTP/1.1\r\n${host()}connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });

  it('matches decoded paths', async () => {
    let seen = '';
    invoke = (payload) => {
      seen = payload;
      return Promise.resolve({ ok: true, payload: '{}' });
    };

    await fetch(`${gateway.url}/a%20b`);

    expect(JSON.parse(seen)).toMatchObject({ rawPath: '/a b', pathParameters: { id: 'a b' } });
  });
});
