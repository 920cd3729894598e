import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, importJWK, SignJWT, type JWTPayload } from 'jose';
import type Provider from 'oidc-provider';
import type { JWK } from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignInSettings } from '../../lambdas/domain/sign-in.ts';
import { createOidc } from '../../lambdas/runtime/oidc.ts';
import { createSessionStore } from '../../lambdas/stores/dynamodb/sessions.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { signingJwk, staffProvider, throughProvider } from '../support/oidc.ts';

// Staff sign in with a real OpenID Connect provider on loopback. Its tokens may be changed on their way, as only somebody who
// has its key could, so that each check is the one thing that stands in the way.

const CLIENT = 'posthorn-console';
const HOST = 'posthorn.example.com';
const BASE = `https://${HOST}`;
const MINUTE_MS = 60_000;

let api: TestApi;
let server: Server;
let provider: Provider;
let issuer: string;
let key: JWK;
/** Who signs in at the provider, and in which groups. */
let person = { sub: 'anna', groups: ['posthorn-admins'] as unknown };
/** Changes a token's claims, and the key that it is signed with. */
let forge: ((claims: JWTPayload) => { claims?: JWTPayload; key?: JWK; alg?: string; raw?: string }) | undefined;
/** Forms sent to the token endpoint. */
let exchanges: URLSearchParams[] = [];
let nowMs = 0;

function startProvider(): void {
  provider = staffProvider({
    ...{ issuer, key, clientId: CLIENT, callback: `${BASE}/v1/sign-in/callback` },
    groups: () => person.groups,
  });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/') === true) {
      void provider.interactionFinished(request, response, { login: { accountId: person.sub } });
    } else void provider.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  key = signingJwk('first');
  startProvider();
  api = await startApi();
  api.deps.now = () => nowMs;
  api.deps.sessions = createSessionStore(api.tables.dynamoDb, api.tables.table('Idempotency'), () => nowMs);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.close();
});
beforeEach(() => {
  nowMs = Date.now();
  person = { sub: 'anna', groups: ['posthorn-admins'] };
  forge = undefined;
  exchanges = [];
  use();
});

/** Lets the api use the provider, with settings of its own if need be. */
function use(settings: Partial<SignInSettings> = {}): void {
  api.deps.identityProvider = createOidc(
    {
      issuer,
      clientId: CLIENT,
      claim: 'groups',
      scopes: { 'posthorn-admins': 'admin', desk: 'support', clinicians: 'support payloads:read' },
      ...settings,
    },
    { fetch: forging, now: () => nowMs, keysCooldownMs: 0 },
  );
}

const forging: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const url = input instanceof Request ? input.url : String(input);
  if (!url.endsWith('/token')) return answer;
  exchanges.push(init!.body as URLSearchParams);
  if (!forge || !answer.ok) return answer;
  const said = (await answer.json()) as { id_token: string };
  const claims = decodeJwt(said.id_token);
  const { claims: changed = claims, key: own = key, alg = 'RS256', raw } = forge(claims);
  const token =
    raw ??
    (await new SignJWT(changed).setProtectedHeader({ alg, kid: own.kid }).sign(await importJWK(own as never, alg)));
  return Response.json({ ...said, id_token: token });
};

type Cookies = Map<string, string>;
interface Answer {
  status: number;
  location: string;
}

/** A browser: asks the api, and keeps its cookies. */
async function visit(
  method: string,
  path: string,
  cookies: Cookies,
  headers: Record<string, string> = {},
): Promise<Answer & { body: Record<string, unknown>; set: string[] }> {
  const answer = await api.raw(method, path, {
    host: HOST,
    cookies: [...cookies].map(([name, value]) => `${name}=${value}`),
    headers,
  });
  const set = answer.cookies ?? [];
  for (const one of set) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
    if (value === '') cookies.delete(name!);
    else cookies.set(name!, value!);
  }
  return {
    status: answer.statusCode,
    location: answer.headers['location'] ?? '',
    body: answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, unknown>),
    set,
  };
}

async function signIn(cookies: Cookies = new Map(), back = '') {
  const begun = await visit('GET', `/v1/sign-in${back}`, cookies);
  const callback = (await throughProvider(begun.location, BASE)).slice(BASE.length);
  const done = await visit('GET', callback, cookies);
  return { cookies, begun, callback, done };
}

const CONSOLE = { 'posthorn-client': 'console' };
const me = (cookies: Cookies, headers: Record<string, string> = CONSOLE) => visit('GET', '/v1/me', cookies, headers);

describe('signing in', () => {
  it('leads through the provider into the console, with a session that scripts cannot read', async () => {
    const { cookies, begun, done } = await signIn(new Map(), '?back=/console/events');

    const sent = new URL(begun.location).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    expect(createHash('sha256').update(exchanges[0]!.get('code_verifier')!).digest('base64url')).toBe(
      sent.get('code_challenge'),
    );
    expect(done).toMatchObject({ status: 303, location: `${BASE}/console/events` });
    const session = done.set.find((one) => one.startsWith('__Host-posthorn-session='))!;
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/']) expect(session).toContain(part);
    expect([...cookies.keys()]).toEqual(['__Host-posthorn-session']);
    expect((await me(cookies)).body).toMatchObject({ id: 'user:anna', scopes: ['admin'] });
    expect(api.lines.join()).not.toContain(cookies.get('__Host-posthorn-session'));
  });

  it.each<[unknown, string[] | undefined]>([
    [['posthorn-admins', 'desk'], ['admin']],
    ['desk', ['support']],
    [['clinicians'], ['support', 'payloads:read']],
    [['others'], undefined],
    [[], undefined],
    [undefined, undefined],
    [{ desk: true }, undefined],
    [['constructor', '__proto__'], undefined],
  ])('gives the scopes of the groups %j', async (groups, scopes) => {
    person = { sub: 'berta', groups };

    const { cookies, done } = await signIn();

    if (scopes) expect((await me(cookies)).body).toMatchObject({ id: 'user:berta', scopes });
    else expect([done.location, cookies.size]).toEqual([`${BASE}/?sign_in=refused`, 0]);
  });

  it('leaves who it was in the audit trail of what is done then', async () => {
    const { cookies } = await signIn();

    const body = JSON.stringify({ scopes: ['support'] });
    const made = await api.raw('POST', '/v1/api-keys', {
      host: HOST,
      cookies: [...cookies].map(([name, value]) => `${name}=${value}`),
      headers: { ...CONSOLE, 'content-type': 'application/json' },
      body,
    });

    expect(made.statusCode).toBe(201);
    const { items } = await api.deps.audit.list({}, { limit: 2 });
    expect(items.map(({ actor, action }) => [actor, action])).toEqual([
      ['user:anna', 'api_key.created'],
      ['user:anna', 'user.signed_in'],
    ]);
  });

  it('is one among keys: they go on working, and without settings there is no such way', async () => {
    expect((await visit('GET', '/v1/sign-in/methods', new Map())).body).toEqual({ oidc: true });
    expect((await api.call('GET', '/v1/me')).status).toBe(200);
    api.deps.identityProvider = undefined;

    expect((await visit('GET', '/v1/sign-in/methods', new Map())).body).toEqual({ oidc: false });
    expect((await visit('GET', '/v1/sign-in', new Map())).status).toBe(404);
    expect((await visit('GET', '/v1/sign-in/callback?code=a&state=b', new Map())).status).toBe(404);
  });

  it.each(['https://evil.example.com/', '//evil.example.com', '/console/../../x\\', 'javascript:alert(1)'])(
    'does not lead to %s',
    async (back) => {
      const { status } = await visit('GET', `/v1/sign-in?back=${encodeURIComponent(back)}`, new Map());
      expect(status).toBe(422);
    },
  );
});

describe('a token that does not hold', () => {
  const other = signingJwk('first');
  const seconds = (ms = 0): number => Math.floor((Date.now() + ms) / 1000);
  const hmac = { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: 'first' } as unknown as JWK;

  it.each<[string, NonNullable<typeof forge>]>([
    ['of another audience', (claims) => ({ claims: { ...claims, aud: 'somebody-else' } })],
    ['of several audiences, for another', (claims) => ({ claims: { ...claims, aud: [CLIENT, 'x'], azp: 'x' } })],
    ['of several audiences, for nobody', (claims) => ({ claims: { ...claims, aud: [CLIENT, 'x'] } })],
    ['of another issuer', (claims) => ({ claims: { ...claims, iss: 'https://evil.example.com' } })],
    ['of another sign-in', (claims) => ({ claims: { ...claims, nonce: 'x' } })],
    ['of no sign-in', ({ nonce: _, ...claims }) => ({ claims })],
    ['that has expired', (claims) => ({ claims: { ...claims, exp: seconds(-90_000) } })],
    ['that never ends', ({ exp: _, ...claims }) => ({ claims })],
    ['of a time to come', (claims) => ({ claims: { ...claims, iat: seconds(90_000) } })],
    ['that is not valid yet', (claims) => ({ claims: { ...claims, nbf: seconds(90_000) } })],
    ['of long ago', (claims) => ({ claims: { ...claims, iat: seconds(-700_000) } })],
    ['of nobody', ({ sub: _, ...claims }) => ({ claims })],
    ['of somebody with a blank', (claims) => ({ claims: { ...claims, sub: 'anna aud_1' } })],
    ['signed by somebody else', () => ({ key: other })],
    ['signed with a shared secret', () => ({ key: hmac, alg: 'HS256' })],
    [
      'without a signature',
      (claims) => ({
        raw: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`,
      }),
    ],
    ['that is none', () => ({ raw: 'x' })],
  ])('signs nobody in: one %s', async (_what, change) => {
    forge = change;

    const { cookies, done } = await signIn();

    expect(done.location).toBe(`${BASE}/?sign_in=failed`);
    expect(cookies.size).toBe(0);
    expect(api.lines.join()).toContain('sign-in failed');
  });

  it.each<[string, NonNullable<typeof forge>]>([
    ['has just ended', (claims) => ({ claims: { ...claims, exp: seconds(-30_000) } })],
    ['is made in a moment', (claims) => ({ claims: { ...claims, iat: seconds(30_000), nbf: seconds(30_000) } })],
  ])('but for clocks: one that %s is taken', async (_what, change) => {
    forge = change;

    const { cookies } = await signIn();

    expect((await me(cookies)).status).toBe(200);
  });

  it('is one of a key that the provider has replaced; one of the new key holds at once', async () => {
    await signIn();
    const old = key;
    key = signingJwk('second');
    startProvider();

    const rotated = await signIn();
    forge = () => ({ key: old });
    const stale = await signIn();

    expect((await me(rotated.cookies)).status).toBe(200);
    expect(stale.cookies.size).toBe(0);
  });

  it('is not even asked for where the provider describes another issuer', async () => {
    use({ issuer: `${issuer}/` });

    const { status, location } = await visit('GET', '/v1/sign-in', new Map());

    expect([status, location]).toEqual([303, `${BASE}/?sign_in=failed`]);
  });
});

describe('an answer of the provider', () => {
  it('counts once, for the browser that began, and for ten minutes', async () => {
    const { callback } = await signIn();
    expect((await visit('GET', callback, new Map())).location).toBe(`${BASE}/?sign_in=failed`);

    const kept: Cookies = new Map();
    const begun = await visit('GET', '/v1/sign-in', kept);
    const copy: Cookies = new Map(kept);
    const again = (await throughProvider(begun.location, BASE)).slice(BASE.length);
    expect((await visit('GET', again, kept)).location).toBe(`${BASE}/console/overview`);
    // Also with a cookie that somebody kept: the provider takes a code once.
    expect((await visit('GET', again, copy)).location).toBe(`${BASE}/?sign_in=failed`);

    const late: Cookies = new Map();
    const begunLate = await visit('GET', '/v1/sign-in', late);
    const waiting = (await throughProvider(begunLate.location, BASE)).slice(BASE.length);
    nowMs += 11 * MINUTE_MS;
    expect((await visit('GET', waiting, late)).location).toBe(`${BASE}/?sign_in=failed`);
  });

  it.each(['?code=x', '?state=x', '?code=x&state=x', '?error=access_denied&state=x', ''])(
    '%j is refused',
    async (query) => {
      const cookies: Cookies = new Map();
      await visit('GET', '/v1/sign-in', cookies);

      expect((await visit('GET', `/v1/sign-in/callback${query}`, cookies)).location).toBe(`${BASE}/?sign_in=failed`);
    },
  );
});

describe('the session', () => {
  it('counts for the console’s own requests alone, whatever page has the browser ask', async () => {
    const { cookies } = await signIn();

    expect((await me(cookies, {})).status).toBe(401);
    expect((await me(cookies, { ...CONSOLE, 'sec-fetch-site': 'cross-site' })).status).toBe(401);
    expect((await me(cookies, { ...CONSOLE, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const token = cookies.get('__Host-posthorn-session')!;
    expect((await me(new Map(), { ...CONSOLE, authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await me(new Map([['posthorn-session', token]]))).status).toBe(401);
  });

  it('ends after a quarter of an hour without use, and stays with use', async () => {
    const { cookies } = await signIn();
    for (let n = 0; n < 3; n++) {
      nowMs += 10 * MINUTE_MS;
      expect((await me(cookies)).status).toBe(200);
    }

    nowMs += 15 * MINUTE_MS;

    expect((await me(cookies)).status).toBe(401);
  });

  it('ends after twelve hours, used or not', async () => {
    const { cookies } = await signIn();
    for (let n = 0; n < 71; n++) {
      nowMs += 10 * MINUTE_MS;
      expect((await me(cookies)).status).toBe(200);
    }

    nowMs += 10 * MINUTE_MS;

    expect((await me(cookies)).status).toBe(401);
  });

  it('ends at once for all tabs when one signs out', async () => {
    const { cookies } = await signIn();
    const tab: Cookies = new Map(cookies);

    const out = await visit('POST', '/v1/sign-out', cookies, CONSOLE);

    expect(out.status).toBe(204);
    expect(cookies.size).toBe(0);
    expect((await me(tab)).status).toBe(401);
    const { items } = await api.deps.audit.list({}, { limit: 1 });
    expect(items).toMatchObject([{ actor: 'user:anna', action: 'user.signed_out', object_id: 'user:anna' }]);
  });

  it('ends also while nobody can write down that it did', async () => {
    const { cookies } = await signIn();
    const tab: Cookies = new Map(cookies);
    const { append } = api.deps.audit;
    api.deps.audit.append = () => Promise.reject(new Error('throttled'));

    const out = await visit('POST', '/v1/sign-out', cookies, CONSOLE);
    api.deps.audit.append = append;

    expect(out.status).toBe(503);
    expect((await me(tab)).status).toBe(401);
  });
});
