import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let nowMs = Date.now();
beforeAll(async () => {
  api = await startApi();
  api.deps.now = () => nowMs;
  const { createSessionStore } = await import('../../lambdas/stores/dynamodb/sessions.ts');
  api.deps.sessions = createSessionStore(api.tables.dynamoDb, api.tables.table('Idempotency'), () => nowMs);
});
afterAll(() => api.close());

const HOST = { host: 'posthorn.example.com' };
interface Link {
  url: string;
  expires_at: string;
}
interface Opened {
  key: string;
  expires_at: string;
  return_url?: string;
}
const MINUTE_MS = 60_000;

const make = (body: unknown, key?: string) =>
  api.call<Link>('POST', '/v1/portal-links', { body, headers: HOST, ...(key === undefined ? {} : { key }) });
const open = (token: string) =>
  api.call<Opened>('POST', '/v1/portal-sessions', { body: { token }, headers: { authorization: '' } });
async function linked(body: Record<string, unknown> = {}): Promise<{ link: Link; token: string }> {
  const { status, body: link } = await make({ organization: 'acme', ...body });
  expect(status).toBe(201);
  return { link, token: new URL(link.url).hash.slice(1) };
}

describe('a portal link', () => {
  it('leads to one organization’s console, and its token stays out of what browsers send', async () => {
    const { link, token } = await linked({ minutes: 30, return_url: 'https://admin.internal/clinics/7' });

    const { pathname, origin, search } = new URL(link.url);
    const { status, body } = await open(token);
    const me = await api.call('GET', '/v1/me', { key: body.key });

    expect([origin, pathname, search]).toEqual(['https://posthorn.example.com', '/console/portal', '']);
    expect(link.expires_at).toBe(new Date(nowMs + 30 * MINUTE_MS).toISOString());
    expect(status).toBe(201);
    expect(body).toMatchObject({ expires_at: link.expires_at, return_url: 'https://admin.internal/clinics/7' });
    expect(me.body).toMatchObject({
      id: expect.stringMatching(/^lnk_/) as string,
      scopes: ['organization'],
      organization: 'acme',
    });
    expect(api.lines.join()).not.toContain('phs_');
  });

  it('can be opened once, also by several at the same time', async () => {
    const { token } = await linked();

    const opened = await Promise.all(Array.from({ length: 5 }, () => open(token)));

    expect(opened.map(({ status }) => status).sort()).toEqual([201, 404, 404, 404, 404]);
    expect((await open(token)).status).toBe(404);
    const alive = opened.filter(({ status }) => status === 201);
    expect((await api.call('GET', '/v1/me', { key: alive[0]!.body.key })).status).toBe(200);
  });

  it('shows nothing else: one account, nothing to change, no keys, no audit, nobody else’s', async () => {
    const { token } = await linked({ account: 'north', read_only: true });
    const { key } = (await open(token)).body;
    const ask = async (method: string, path: string, body?: unknown) =>
      (await api.call(method, path, { key, body })).status;

    expect((await api.call('GET', '/v1/me', { key })).body).toMatchObject({ account: 'north', read_only: true });
    expect(await ask('GET', '/v1/subscriptions')).toBe(200);
    expect((await api.call('GET', '/v1/subscriptions?organization=other', { key })).body).toMatchObject({ data: [] });
    expect(await ask('POST', '/v1/subscriptions', { url: 'https://a.example.com/' })).toBe(403);
    expect(await ask('GET', '/v1/api-keys')).toBe(403);
    expect(await ask('GET', '/v1/audit')).toBe(403);
    expect(await ask('POST', '/v1/portal-links', { organization: 'acme' })).toBe(403);
  });

  it('ends with its time, whatever is done meanwhile', async () => {
    const { token } = await linked({ minutes: 5 });
    const late = await linked({ minutes: 5 });
    const { key } = (await open(token)).body;
    nowMs += 4 * MINUTE_MS;
    expect((await api.call('GET', '/v1/me', { key })).status).toBe(200);

    nowMs += MINUTE_MS;

    expect((await api.call('GET', '/v1/me', { key })).status).toBe(401);
    expect((await open(late.token)).status).toBe(404);
  });

  it('leaves its maker and its opening in the audit trail, and no token', async () => {
    const { token } = await linked({ account: 'north' });
    await open(token);
    const { items } = await api.deps.audit.list({ organization: 'acme' }, { limit: 2 });

    expect(items.map(({ action }) => action)).toEqual(['portal_link.opened', 'portal_link.created']);
    expect(items[0]!.actor).toBe(items[1]!.object_id);
    expect(items[1]!.changed).toEqual(expect.arrayContaining(['account', 'organization', 'scopes']));
    expect(JSON.stringify(items)).not.toContain(token);
  });

  it.each(['record', 'start'])('can be opened again when that failed at %s', async (where) => {
    const { token } = await linked();
    const { audit, sessions } = api.deps;
    const fail = (): Promise<never> => Promise.reject(new Error('throttled'));
    if (where === 'record') api.deps.audit = { ...audit, append: fail };
    else api.deps.sessions = { ...sessions, start: fail };

    const failed = await open(token);
    Object.assign(api.deps, { audit, sessions });

    expect(failed.status).toBe(503);
    expect((await open(token)).status).toBe(201);
  });

  it.each([
    [{}, '/organization'],
    [{ organization: 'a b' }, '/organization'],
    [{ organization: 'acme', account: '' }, '/account'],
    [{ organization: 'acme', minutes: 4 }, '/minutes'],
    [{ organization: 'acme', minutes: 721 }, '/minutes'],
    [{ organization: 'acme', minutes: '60' }, '/minutes'],
    [{ organization: 'acme', read_only: 'yes' }, '/read_only'],
    [{ organization: 'acme', return_url: 'javascript:alert(1)' }, '/return_url'],
    [{ organization: 'acme', return_url: 'http://admin.example.com/' }, '/return_url'],
    [{ organization: 'acme', return_url: 'https://a:b@admin.example.com/' }, '/return_url'],
    [{ organization: 'acme', scopes: ['admin'] }, '/scopes'],
  ])('is refused with what is wrong: %j', async (body, pointer) => {
    const answer = await make(body);

    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  it.each(['', 'phs_', `phs_${'x'.repeat(43)}`, 'phk_x', '__proto__'])('is not found by %j', async (token) => {
    expect((await open(token)).status).toBe(404);
  });

  it('is neither a key nor a session itself, and a session is no link', async () => {
    const { token } = await linked();
    expect((await api.call('GET', '/v1/me', { key: token })).status).toBe(401);
    const { key } = (await open(token)).body;
    expect((await open(key)).status).toBe(404);
  });
});
