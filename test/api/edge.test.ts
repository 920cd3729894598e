import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// The api behind a distribution: CloudFront and API Gateway are doubled by the headers and addresses that they would add.

const DOMAIN = 'hooks.example.com';
let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, { edgeSecrets: 'newer,older', publicDomain: DOMAIN });
});
afterAll(() => api.close());

const EXECUTE_API = 'abc123.execute-api.eu-central-1.amazonaws.com';
const ask = (path: string, headers: Record<string, string>, method = 'GET', body?: string) =>
  api.raw(method, path, {
    host: EXECUTE_API,
    cookies: [],
    headers: { authorization: `Bearer ${api.adminKey}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });

describe('an api behind a firewall', () => {
  it.each(['newer', 'older'])('answers what carries the secret: %s', async (secret) => {
    expect((await ask('/v1/me', { 'x-posthorn-edge': secret })).statusCode).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an empty one', { 'x-posthorn-edge': '' }],
    ['another', { 'x-posthorn-edge': 'guessed' }],
    ['both at once', { 'x-posthorn-edge': 'newer,older' }],
  ])('refuses whoever carries %s, before a key is looked up', async (_, headers) => {
    const answer = await ask('/v1/me', { ...headers, authorization: 'Bearer phk_wrong' });

    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('This address is not for callers');
    expect(answer.body).not.toMatch(/newer|older/);
  });

  it.each(['/', '/console/overview', '/docs', '/openapi.json', '/v1/sign-in/methods', '/nowhere'])(
    'has no way around at %s',
    async (path) => {
      expect((await ask(path, {})).statusCode).toBe(403);
    },
  );

  it('names itself in links as callers reach it', async () => {
    const body = JSON.stringify({ organization: 'acme' });

    const { statusCode, body: made } = await ask('/v1/portal-links', { 'x-posthorn-edge': 'newer' }, 'POST', body);

    expect([statusCode, made]).toEqual([201, expect.stringContaining(`"url":"https://${DOMAIN}/console/portal#`)]);
  });
});

describe('the log line of a request', () => {
  it.each([
    ['API Gateway appends the distribution’s address', 'forged, 198.51.100.7, 203.0.113.9', '203.0.113.9'],
    ['API Gateway appends nothing', 'forged, 198.51.100.7', '203.0.113.9'],
  ])('has the address that the distribution saw, when %s', async (_, forwarded, sourceIp) => {
    api.lines.length = 0;

    await api.raw('GET', '/v1/me', {
      host: EXECUTE_API,
      cookies: [],
      headers: {
        authorization: `Bearer ${api.adminKey}`,
        'x-posthorn-edge': 'newer',
        'x-forwarded-for': forwarded,
      },
      sourceIp,
    });

    expect(api.lines.join('\n')).toContain('"client_ip":"198.51.100.7"');
    expect(api.lines.join('\n')).not.toContain('newer');
  });
});
