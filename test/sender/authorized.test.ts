import { afterEach, describe, expect, it } from 'vitest';
import type { StoredCredentials } from '../../lambdas/domain/subscription/auth.ts';
import { markOf } from '../../lambdas/domain/subscription/auth.ts';
import { createOutgoing, type Outgoing } from '../../lambdas/sender/outgoing.ts';
import type { Answer } from '../../lambdas/sender/ports.ts';
import { createTokens } from '../../lambdas/sender/tokens.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';
import { CLIENT_ID, CLIENT_SECRET, startTokenServer, type TokenServer } from '../support/token-server.ts';

// What requests carry for their endpoint to know them by. Doubled: the endpoint; the token server is a real one where it is
// one that answers as it should.

const REF = 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
const ORIGIN = 'https://sub-1.example.com';
const OAUTH2 = { type: 'oauth2', client_id: CLIENT_ID, client_secret: CLIENT_SECRET, origin: ORIGIN } as const;

function benchWith(credentials: StoredCredentials, row: Record<string, unknown> = {}): SenderBench {
  const bench = new SenderBench();
  bench.subscribe('sub_1', { auth: markOf(credentials, REF, '2026-01-31T09:15:00.000Z'), ...row });
  bench.credentials.set('sub_1', { [REF]: credentials });
  return bench;
}

const token = (value: string, more: Record<string, unknown> = {}): Answer =>
  answer(200, {}, { body: JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in: 600, ...more }) });

describe('a request', () => {
  it.each<[StoredCredentials, string, string]>([
    [
      { type: 'basic', username: 'Ärztin', password: 'a:b€', origin: ORIGIN },
      'authorization',
      `Basic ${Buffer.from('Ärztin:a:b€').toString('base64')}`,
    ],
    [{ type: 'bearer', token: 'abc.def', origin: ORIGIN }, 'authorization', 'Bearer abc.def'],
    [{ type: 'header', name: 'X-Api-Key', value: 'k 1', origin: ORIGIN }, 'X-Api-Key', 'k 1'],
  ])('carries the credentials, and the log only their name: %j', async (credentials, name, value) => {
    const bench = benchWith(credentials, { headers: { 'X-Ward': '7' } });

    await bench.run([aMessage()]);

    expect(bench.outcomes()).toEqual(['delivered']);
    expect(bench.requests[0]!.headers).toMatchObject({ [name]: value, 'X-Ward': '7' });
    expect(bench.log[0]!.request_headers).toMatchObject({ [name]: '***' });
    expect(JSON.stringify([bench.log, bench.lines])).not.toContain(value);
  });

  it.each<[string, (bench: SenderBench) => void]>([
    [
      'its URL leads elsewhere',
      (bench) => bench.subscribe('sub_1', { auth: bench.rowOf('sub_1').auth, url: 'https://evil.example.com/' }),
    ],
    [
      'a person says that they are for there',
      (bench) =>
        bench.subscribe('sub_1', {
          auth: { ...(bench.rowOf('sub_1').auth as object), origin: 'https://evil.example.com' },
          url: 'https://evil.example.com/',
        }),
    ],
    ['they are not there', (bench) => bench.credentials.clear()],
  ])('is not made when %s', async (_what, change) => {
    const bench = benchWith({ type: 'bearer', token: 's3cret', origin: ORIGIN });
    change(bench);

    await bench.run([aMessage()]);

    expect(bench.requests).toEqual([]);
    expect(bench.log[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/cannot be used: auth: /) as string,
    });
  });
});

describe('an access token', () => {
  let server: TokenServer | undefined;
  let outgoing: Outgoing | undefined;
  afterEach(async () => {
    await Promise.all([server?.close(), outgoing?.close()]);
  });

  /** The endpoint lets in whoever has a token of the server that nobody has revoked. */
  function guarded(bench: SenderBench, real: TokenServer, revoked = new Set<string>()): void {
    outgoing = createOutgoing({ localReceivers: true, allowHttp: false });
    bench.customer = async (request) => {
      if (request.url === real.url) return outgoing!.post(request);
      const given = request.headers.authorization?.slice('Bearer '.length) ?? '';
      return answer(!revoked.has(given) && (await real.clientOf(given)) === CLIENT_ID ? 200 : 401);
    };
  }

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'comes from a real server that wants %s',
    async (method) => {
      server = await startTokenServer({ method });
      const bench = benchWith({ ...OAUTH2, token_url: server.url, scope: 'hooks' });
      guarded(bench, server);

      await bench.run([aMessage(), aMessage(), aMessage()]);
      const asked = server.requests.length;
      await bench.run([aMessage()]);

      expect(bench.outcomes()).toEqual(Array(4).fill('delivered'));
      expect(asked).toBe(method === 'client_secret_basic' ? 1 : 2);
      expect(server.requests).toHaveLength(asked);
      expect(bench.log[0]!.request_headers).toMatchObject({ authorization: '***' });
    },
  );

  it('that is refused is fetched anew once, within the same attempt, and once for all who are told so', async () => {
    server = await startTokenServer();
    const bench = benchWith({ ...OAUTH2, token_url: server.url });
    const revoked = new Set<string>();
    guarded(bench, server, revoked);
    await bench.run([aMessage()]);
    revoked.add(bench.requests.at(-1)!.headers.authorization!.slice('Bearer '.length));

    await bench.run([aMessage(), aMessage()]);

    expect(bench.outcomes()).toEqual(['delivered', 'delivered', 'delivered']);
    expect(bench.log.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    expect(server.requests).toHaveLength(2);
  });

  it('that goes on being refused is a failed attempt with the status of the endpoint', async () => {
    server = await startTokenServer();
    const bench = benchWith({ ...OAUTH2, token_url: server.url });
    outgoing = createOutgoing({ localReceivers: true, allowHttp: false });
    bench.customer = (request) => (request.url === server!.url ? outgoing!.post(request) : answer(401));

    await bench.run([aMessage()]);

    expect(bench.log[0]).toMatchObject({ outcome: 'failed', status: 401, reason: 'status 401' });
    expect(bench.requests.filter(({ url }) => url !== server!.url)).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it('that the server does not give is a failed attempt with its word, and nothing is sent', async () => {
    server = await startTokenServer();
    const bench = benchWith({ ...OAUTH2, client_secret: 'wrong-4711', token_url: server.url });
    guarded(bench, server);

    await bench.run([aMessage()]);

    expect(bench.log[0]).toMatchObject({ outcome: 'failed', reason: 'token endpoint answered 401: invalid_client' });
    expect(bench.log[0]).not.toHaveProperty('request_headers');
    expect(bench.healthChanges).toHaveLength(1);
    expect(bench.requests.every(({ url }) => url === server!.url)).toBe(true);
    expect(JSON.stringify([bench.log, bench.lines])).not.toMatch(/4711|geheim/);
  });

  it('of a private address is never asked for', async () => {
    const real = createOutgoing({ localReceivers: false, allowHttp: false });
    outgoing = real;
    const bench = benchWith({ ...OAUTH2, token_url: 'https://10.0.0.1/token' });
    bench.customer = (request) => real.post(request);

    await bench.run([aMessage()]);

    expect(bench.log[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^token endpoint: .*(private|public)/) as string,
    });
  });

  it.each<[string, Answer, string]>([
    ['a page', answer(200, {}, { body: '<html>s3cret</html>' }), 'answered 200 without an access_token'],
    ['no token', answer(200, {}, { body: '{}' }), 'answered 200 without an access_token'],
    ['a token of two lines', token('a\r\nx: y'), 'answered 200 without an access_token'],
    ['an endless token', token('a'.repeat(9000)), 'answered 200 without an access_token'],
    ['a token that is a number', token(5 as never), 'answered 200 without an access_token'],
    ['another kind of token', token('abc', { token_type: 'DPoP' }), 'token_type that is not Bearer'],
    ['a redirect', answer(302, { location: 'https://s3cret.example.com/' }), 'answered 302'],
    ['words of its own', answer(403, {}, { body: '{"error":"s3cret"}' }), 'answered 403'],
    ['nothing', noAnswer('timeout', 'timeout after 10000 ms, waiting for the response'), ': timeout after 10000 ms'],
  ])('is not taken from %s', async (_what, given, reason) => {
    const bench = benchWith({ ...OAUTH2, token_url: 'https://login.example.com/token' });
    bench.customer = () => given;

    await bench.run([aMessage()]);

    expect(bench.log[0]!.outcome).toBe('failed');
    expect(bench.log[0]!.reason).toContain(`token endpoint${reason.startsWith(':') ? '' : ' '}`);
    expect(bench.log[0]!.reason).toContain(reason);
    expect(JSON.stringify([bench.log, bench.lines])).not.toContain('s3cret');
  });

  it('takes its time from the attempt', async () => {
    const bench = benchWith({ ...OAUTH2, token_url: 'https://login.example.com/token' }, { timeout_seconds: 10 });
    bench.customer = (request) => {
      if (!request.url.startsWith('https://login')) return answer(401);
      bench.now += 7000;
      return token('abc');
    };

    await bench.run([aMessage()]);

    expect(bench.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 3000, 3000]);
    expect(bench.log[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('waiting for the token endpoint') as string,
    });
  });
});

describe('for what the sender is late itself while it fetches a token', () => {
  const late = (bench: SenderBench, tookMs: number, ownLagMs: number): void => {
    bench.customer = (request) => {
      if (!request.url.startsWith('https://login')) return answer(200);
      bench.now += tookMs;
      bench.remainingMs -= tookMs;
      bench.ownLagMs += ownLagMs;
      return token('abc');
    };
  };

  it('the endpoint has its whole time', async () => {
    const bench = benchWith({ ...OAUTH2, token_url: 'https://login.example.com/token' }, { timeout_seconds: 10 });
    late(bench, 12_000, 11_000);

    await bench.run([aMessage()]);

    expect(bench.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 9000]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('it has no more than the function has left', async () => {
    const bench = benchWith({ ...OAUTH2, token_url: 'https://login.example.com/token' }, { timeout_seconds: 10 });
    bench.remainingMs = 20_000;
    late(bench, 12_000, 11_000);

    await bench.run([aMessage()]);

    // 5 s of reserve, 10 s for the attempt: 5 s to make up with.
    expect(bench.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 3000]);
  });

  it('a token endpoint that failed meanwhile is not taken for slow', async () => {
    const bench = benchWith({ ...OAUTH2, token_url: 'https://login.example.com/token' });
    bench.customer = () => answer(503, {}, { totalMs: 8000, ownLagMs: 7900 });

    await bench.run([aMessage()]);

    expect(bench.durations['EndpointLatency']).toEqual([100]);
  });
});

describe('how long a token is kept', () => {
  it.each<[unknown, number, number]>([
    [600, 539_000, 540_000],
    ['600', 539_000, 540_000],
    [undefined, 299_000, 300_000],
    ['soon', 299_000, 300_000],
    [10 ** 9, 86_399_000, 86_400_000],
    [30, -1, 0],
    [-5, -1, 0],
  ])('with expires_in %j', async (expiresIn, keptMs, endedMs) => {
    let now = NOW;
    let fetched = 0;
    const customers = { post: async () => token(`t${(fetched += 1)}`, { expires_in: expiresIn }) };
    const tokens = createTokens({ customers, now: () => now });
    const get = () => tokens.get(REF, { ...OAUTH2, token_url: 'https://login.example.com/' }, 1000);
    await get();
    now = NOW + keptMs;
    if (keptMs > 0) expect(await get()).toEqual({ ok: true, value: 't1' });
    now = NOW + endedMs;
    expect(await get()).toEqual({ ok: true, value: 't2' });
  });

  it('is for its own credentials alone', async () => {
    const customers = { post: async ({ body }: { body: Uint8Array }) => token(String(body.length)) };
    const tokens = createTokens({ customers, now: () => NOW });
    const client = { ...OAUTH2, token_url: 'https://login.example.com/' };

    const one = await tokens.get('crd_1', client, 1000);
    const other = await tokens.get('crd_2', { ...client, scope: 'more' }, 1000);

    expect(one).not.toEqual(other);
  });
});
