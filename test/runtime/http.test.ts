import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/domain/problem.ts';
import { createApiKey, hashApiKey } from '../../lambdas/runtime/api-key.ts';
import { authenticate, requireScope } from '../../lambdas/runtime/http/authenticate.ts';
import { jsonAnswer, type HttpAnswer, type HttpContext, type HttpEvent } from '../../lambdas/runtime/http/event.ts';
import { problemJson } from '../../lambdas/runtime/http/problem-json.ts';
import { requestLog } from '../../lambdas/runtime/http/request-log.ts';
import { traceparent } from '../../lambdas/runtime/http/traceparent.ts';
import type { LogFields, Logger } from '../../lambdas/runtime/logger.ts';
import type { ApiKey } from '../../lambdas/stores/api-keys.ts';

/** A handler behind all middlewares, one key it knows, a clock that stands still, and what it logged and looked up. */
function rig(options: { key?: Partial<ApiKey>; handle?: () => HttpAnswer } = {}) {
  const { key, hash } = createApiKey();
  const row: ApiKey = { id: 'key_1', hash, scopes: ['events:write'], created_at: '', ...options.key };
  const rows = new Map([[hash, row]]);
  const lookups: string[] = [];
  const lines: { level: string; message: string; fields: LogFields }[] = [];
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  const logger: Logger = { info: log('INFO'), warn: log('WARN'), error: log('ERROR') };
  const clock = { ms: 1_000_000 };
  const now = (): number => clock.ms;
  const store = {
    byHash: async (wanted: string) => {
      lookups.push(wanted);
      return rows.get(wanted);
    },
  };
  const handler = middy<HttpEvent, HttpAnswer, Error, HttpContext>()
    .use(requestLog(logger, { now }))
    .use(problemJson(logger))
    .use(authenticate(store, { now }))
    .use(requireScope('events:write'))
    .handler(async (_event: HttpEvent, context: HttpContext) =>
      options.handle ? options.handle() : jsonAnswer(200, context.principal),
    );
  const call = (authorization?: string): Promise<HttpAnswer> =>
    handler(
      { routeKey: 'GET /', headers: authorization === undefined ? {} : { Authorization: authorization } },
      {} as Context as HttpContext,
    );
  return { key, row, rows, lookups, lines, clock, call };
}

describe('authenticate', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer '])('takes the scheme spelt %j', async (scheme) => {
    const { call, key } = rig();
    const answer = await call(`${scheme} ${key} `);
    expect(JSON.parse(answer.body)).toEqual({ keyId: 'key_1', scopes: ['events:write'] });
  });

  it.each([
    ['nothing', () => undefined],
    ['a bare key', (key: string) => key],
    ['another scheme', (key: string) => `Basic ${key}`],
    ['two keys', (key: string) => `Bearer ${key} ${key}`],
    ['two headers, joined', (key: string) => `Bearer ${key},Bearer ${key}`],
    ['quotation marks', (key: string) => `Bearer "${key}"`],
    ['a key cut short', (key: string) => `Bearer ${key.slice(0, -1)}`],
  ])('refuses %s without asking the store', async (_name, spell) => {
    const { call, key, lookups } = rig();
    const answer = await call(spell(key));
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(lookups).toEqual([]);
  });

  it('asks the store once in 30 seconds for a key that it knows', async () => {
    const { call, key, lookups, clock } = rig();
    await call(`Bearer ${key}`);
    clock.ms += 29_999;
    await call(`Bearer ${key}`);
    expect(lookups).toEqual([hashApiKey(key)]);
    clock.ms += 1;
    await call(`Bearer ${key}`);
    expect(lookups).toHaveLength(2);
  });

  it('stops a revoked key within 30 seconds', async () => {
    const { call, key, row, clock } = rig();
    await call(`Bearer ${key}`);
    row.revoked_at = '2026-01-31T09:15:00.123Z';
    clock.ms += 30_000;
    expect((await call(`Bearer ${key}`)).statusCode).toBe(401);
  });

  it('ends a key when it ends, also one that it remembers', async () => {
    const { call, key, clock } = rig({ key: { expires_at: new Date(1_010_000).toISOString() } });
    clock.ms = 1_009_999;
    expect((await call(`Bearer ${key}`)).statusCode).toBe(200);
    clock.ms = 1_010_000;
    expect((await call(`Bearer ${key}`)).statusCode).toBe(401);
  });

  it('asks once in 5 seconds for a wrong key, and finds it once it exists', async () => {
    const { call, rows, row, lookups, clock } = rig();
    const { key, hash } = createApiKey();
    await call(`Bearer ${key}`);
    await call(`Bearer ${key}`);
    expect(lookups).toHaveLength(1);
    rows.set(hash, { ...row, hash });
    clock.ms += 5000;
    expect((await call(`Bearer ${key}`)).statusCode).toBe(200);
  });

  it('tells the handler which organization a key is bound to', async () => {
    const { call, key } = rig({ key: { organization: 'org_1' } });
    expect(JSON.parse((await call(`Bearer ${key}`)).body)).toMatchObject({ organization: 'org_1' });
  });

  it.each<[string, Partial<ApiKey>]>([
    ['an admin bound to an organization', { scopes: ['admin', 'events:write'], organization: 'org_1' }],
    ['a customer without an organization', { scopes: ['organization', 'events:write'] }],
  ])('takes only the rest of the rights from a row typed by hand into %s', async (_who, change) => {
    const { call, key } = rig({ key: change });
    expect(JSON.parse((await call(`Bearer ${key}`)).body)).toMatchObject({ scopes: ['events:write'] });
  });
});

describe('requireScope', () => {
  it.each([
    [['events:write'], 200],
    [['admin'], 200],
    [['organization'], 403],
    [[], 403],
  ] as const)('answers a key with %j by %i', async (scopes, status) => {
    const { call, key } = rig({ key: { scopes: [...scopes] } });
    expect((await call(`Bearer ${key}`)).statusCode).toBe(status);
  });
});

describe('problemJson', () => {
  it('answers a problem with its own status, type and errors', async () => {
    const errors = [{ pointer: '/url', detail: 'Expected https.' }];
    const { call, key } = rig({
      handle: () => {
        throw new Problem('invalid-request', 'It breaks a rule.', errors);
      },
    });
    const answer = await call(`Bearer ${key}`);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    // A cache on the way may keep a 404 unasked, and knows no callers.
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(answer.body)).toEqual({
      type: 'urn:posthorn:problem:invalid-request',
      title: 'The request is not valid',
      status: 422,
      detail: 'It breaks a rule.',
      errors,
    });
  });

  it('says nothing of an unexpected error, neither in the answer nor its message in the log', async () => {
    const { call, key, lines } = rig({
      handle: () => {
        throw new TypeError('patient Jane Roe');
      },
    });
    const answer = await call(`Bearer ${key}`);
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toMatch(/Jane|TypeError|\bat /);
    expect(JSON.stringify(lines)).not.toContain('Jane');
    expect(lines.find(({ level }) => level === 'ERROR')!.fields).toMatchObject({ error: 'TypeError' });
  });
});

describe('requestLog', () => {
  it('writes one line with route, status, who and why, for a refused request too', async () => {
    const { call, key, lines } = rig({ key: { scopes: [] } });
    await call(`Bearer ${key}`);
    expect(lines).toEqual([
      {
        level: 'INFO',
        message: 'request',
        fields: {
          request_id: undefined,
          route: 'GET /',
          status: 403,
          duration_ms: 0,
          key_id: 'key_1',
          problem: 'forbidden',
        },
      },
    ]);
  });
});

describe('traceparent', () => {
  const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  it.each([
    [valid, valid],
    [undefined, undefined],
    [valid.toUpperCase(), undefined],
    [`${valid}-x`, undefined],
    [valid.replace(/^00/, 'ff'), undefined],
    [valid.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)), undefined],
    [valid.replace('b7ad6b7169203331', '0'.repeat(16)), undefined],
  ])('reads %j as %j', (value, expected) => {
    expect(traceparent({ headers: value === undefined ? {} : { Traceparent: value } })).toBe(expected);
  });
});
