import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow } from '../../lambdas/api/console/files-below.ts';
import { startApi, type TestApi } from '../support/api.ts';

// The api below a path of a domain that others share. API Gateway is doubled: it leaves the path in what a function is told.

const BASE = '/clinic/webhooks';
const HOST = 'api.example.com';
let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, { basePath: BASE });
});
afterAll(() => api.close());

const ask = async (path: string, method = 'GET', headers: Record<string, string> = {}, body?: object) => {
  const answer = await api.raw(method, path, {
    host: HOST,
    cookies: [],
    headers: { authorization: `Bearer ${api.adminKey}`, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { ...answer, json: () => JSON.parse(answer.body) as Record<string, unknown> };
};
const subscribe = (organization: string) =>
  ask(`${BASE}/v1/subscriptions`, 'POST', {}, { organization, url: 'https://hooks.example.com/' });

describe('an api below a path', () => {
  it('finds its routes there, and their ids', async () => {
    const { id } = (await subscribe('below')).json();

    const found = await ask(`${BASE}/v1/subscriptions/${String(id)}`);

    expect([found.statusCode, found.json()['id']]).toEqual([200, id]);
  });

  it.each(['/clinic/v1/me', '/clinic/webhooksv1/me', `${BASE}${BASE}/v1/me`, `${BASE}/clinic/webhooks`])(
    'has nothing at %s',
    async (path) => {
      expect((await ask(path)).statusCode).toBe(404);
    },
  );

  it('leads to the next page of a list below it', async () => {
    await subscribe('paged');
    await subscribe('paged');

    const { headers } = await ask(`${BASE}/v1/subscriptions?organization=paged&limit=1`, 'GET', { accept: 'text/csv' });

    expect(headers['link']).toMatch(
      new RegExp(`^<https://${HOST}${BASE}/v1/subscriptions\\?cursor=.*&organization=paged&limit=1>; rel="next"$`),
    );
  });

  it('opens portal links below it', async () => {
    const made = await ask(`${BASE}/v1/portal-links`, 'POST', {}, { organization: 'below' });

    expect(made.json()['url']).toMatch(new RegExp(`^https://${HOST}${BASE}/console/portal#`));
  });

  it('says in its description that paths are below it; at the root there is nothing to say', async () => {
    const root = await startApi();
    const atRoot = await root.call('GET', '/openapi.json');
    await root.close();

    expect((await ask(`${BASE}/openapi.json`)).json()['servers']).toEqual([{ url: BASE }]);
    expect(atRoot.body).not.toHaveProperty('servers');
  });
});

describe('pages below a path', () => {
  const PAGES: Record<string, string> = {
    'index.html':
      '<script type="module" src="/console/assets/index-1.js"></script><a href="https://example.com/">x</a>',
    'docs/index.html': '<a href="/">Console</a> <a href="#top">up</a> <a href="//elsewhere.example">no</a>',
    'assets/index-1.js': 'const a = \'<a href="/x">\'',
  };
  const files = {
    typeOf: (name: string) => (name.endsWith('.html') ? 'text/html; charset=utf-8' : 'text/javascript'),
    read: (name: string) => Promise.resolve(Buffer.from(PAGES[name]!)),
  };

  it('lead below it, and leave what leads elsewhere', async () => {
    const below = filesBelow(files, BASE);
    const read = async (name: string): Promise<string> => gunzipSync(await below.read(name, 'gzip')).toString();

    expect(await read('index.html')).toBe(
      `<script type="module" src="${BASE}/console/assets/index-1.js"></script><a href="https://example.com/">x</a>`,
    );
    expect(await read('docs/index.html')).toBe(
      `<a href="${BASE}/">Console</a> <a href="#top">up</a> <a href="//elsewhere.example">no</a>`,
    );
  });

  it('have scripts as they were built', async () => {
    expect(await filesBelow(files, BASE).read('assets/index-1.js', 'identity')).toEqual(
      Buffer.from(PAGES['assets/index-1.js']!),
    );
    expect(filesBelow(files, '')).toBe(files);
  });
});
