import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOutgoing, type Answer, type Outgoing, type OutgoingOptions } from '../../../lambdas/sender/outgoing.ts';
import { IDLE_MS, LIFE_MS } from '../../../lambdas/sender/outgoing/line.ts';
import { HEAD_LIMIT } from '../../../lambdas/sender/outgoing/response-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startBehaviourServer, type BehaviourServer } from './behaviour-server.ts';
import type { Step } from './behaviours.ts';
import { createAuthority, type Authority } from './certificates.ts';
import { startSilent } from './stage.ts';

// How connections are made, kept and given up. Doubled: the name server, which addresses are public, and the clock
// where a test sleeps through a freeze.

const HOST = 'hooks.example.com';
const ADDRESS = '127.0.0.2';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const ANSWER_ALWAYS: Step[] = [{ loop: [{ read: 'request' }, { send: OK }] }];

let authority: Authority;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  authority = await createAuthority();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  first: Step[],
  options: { tls?: boolean; later?: Step[]; versions?: string[] } = {},
): Promise<BehaviourServer> {
  const identity = options.tls ? await authority.issue([HOST]) : undefined;
  const server = await startBehaviourServer(ADDRESS, {
    first,
    later: options.later,
    placeholders: { deadlineMs: 2000, texts: {} },
    tls: identity && { identity, settings: options.versions ? { versions: options.versions } : {} },
  });
  closing.push(() => server.close());
  return server;
}

/** What undici's own session cache does not survive. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function client(options: Partial<OutgoingOptions> = {}): Outgoing {
  const outgoing = createOutgoing({
    allowHttp: true,
    localReceivers: false,
    lookup: async () => [ADDRESS],
    isAllowed: (address) => address === ADDRESS,
    tls: { ca: authority.ca },
    ...options,
  });
  closing.push(() => outgoing.close());
  return outgoing;
}

function post(outgoing: Outgoing, { port }: { port: number }, scheme = 'http', timeoutMs = 2000): Promise<Answer> {
  return outgoing.post({
    url: `${scheme}://${HOST}:${port}/hook`,
    headers: { 'x-a': 'b' },
    body: Buffer.from('{}'),
    timeoutMs,
  });
}

describe('reuse', () => {
  it.each(['http', 'https'])('sends request after request on one %s connection', async (scheme) => {
    const server = await serve(ANSWER_ALWAYS, { tls: scheme === 'https' });
    const outgoing = client();

    const answers = [
      await post(outgoing, server, scheme),
      await post(outgoing, server, scheme),
      await post(outgoing, server, scheme),
    ];

    expect(answers.map((answer) => answer.kind === 'response' && answer.status)).toEqual([200, 200, 200]);
    expect(server.conversations.map((conversation) => conversation.requests())).toEqual([3]);
    expect(answers[0]!.timings).toMatchObject({
      dns: expect.any(Number) as number,
      connect: expect.any(Number) as number,
    });
    expect(answers[1]!.timings).not.toHaveProperty('connect');
  });

  it.each(['TLSv1.2', 'TLSv1.3'])(
    'resumes the %s session on a new connection, also after a garbage collection',
    async (version) => {
      const server = await serve([{ read: 'request' }, { send: OK }, { close: 'fin' }], {
        tls: true,
        versions: [version],
      });
      const outgoing = client();

      for (let n = 0; n < 3; n++) {
        await post(outgoing, server, 'https');
        await waitFor('the connection to be closed', () => server.conversations.at(-1)!.closed);
        collectGarbage();
      }

      expect(server.resumed).toEqual([false, true, true]);
    },
  );

  it('opens as many connections to an origin as allowed and lets the rest wait', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = client({ maxConnectionsPerOrigin: 3 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => post(outgoing, server)));

    expect(answers.every((answer) => answer.kind === 'response' && answer.status === 200)).toBe(true);
    expect(server.accepted()).toBe(3);
    expect(server.conversations.reduce((sum, conversation) => sum + conversation.requests(), 0)).toBe(20);
  });

  it('ends a request that waits for a connection at its deadline, without sending it', async () => {
    const server = await serve([{ read: 'request' }, { hang: true }]);
    const outgoing = client({ maxConnectionsPerOrigin: 1 });

    const [first, second] = await Promise.all([
      post(outgoing, server, 'http', 400),
      post(outgoing, server, 'http', 200),
    ]);

    expect(first).toMatchObject({ kind: 'error', class: 'timeout' });
    expect(second).toMatchObject({ class: 'timeout', reason: expect.stringContaining('free connection') as string });
    expect(server.conversations[0]!.requests()).toBe(1);
    expect(server.accepted()).toBe(1);
  });
});

describe('connections that died while they were idle', () => {
  const idleThenClose: Step[] = [{ read: 'request' }, { send: OK }, { close: 'fin' }];

  it('notices that the peer closed and sends on a fresh connection', async () => {
    const server = await serve(idleThenClose, { later: ANSWER_ALWAYS });
    const outgoing = client();

    await post(outgoing, server);
    await waitFor('both sides to have closed', () => server.conversations[0]!.closed);

    expect(await post(outgoing, server)).toMatchObject({ kind: 'response', status: 200 });
    expect(server.conversations.map((conversation) => conversation.requests())).toEqual([1, 1]);
  });

  it('never sends a request twice when the peer closes after having received it', async () => {
    const server = await serve(
      [...([{ read: 'request' }, { send: OK }, { read: 'request' }, { close: 'fin' }] as Step[])],
      { later: ANSWER_ALWAYS },
    );
    const outgoing = client();

    await post(outgoing, server);
    const second = await post(outgoing, server);

    expect(second).toMatchObject({ kind: 'error', class: 'connection_lost' });
    expect(server.conversations.map((conversation) => conversation.requests())).toEqual([2]);
  });

  it.each([
    ['idle for longer than it may be', IDLE_MS + 1, 0],
    ['slept through on a machine whose monotonic clock stands still', 0, IDLE_MS + 1],
    ['older than it may be', LIFE_MS + 1, 0],
  ])('does not use a connection that was %s', async (_why, monotonicMs, wallMs) => {
    const server = await serve(ANSWER_ALWAYS);
    let skew = 0;
    const outgoing = client({ now: () => performance.now() + skew });
    await post(outgoing, server);

    // What a Lambda freeze looks like from inside: no timer has run, but the clocks have moved.
    skew = monotonicMs;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + wallMs });
    const second = await post(outgoing, server);

    expect(second).toMatchObject({ kind: 'response', status: 200 });
    expect(server.conversations.map((conversation) => conversation.requests())).toEqual([1, 1]);
  });

  it('gives a busy connection up at the end of its life, though it is never idle', async () => {
    const server = await serve(ANSWER_ALWAYS);
    let skew = 0;
    const outgoing = client({ now: () => performance.now() + skew });

    // 3 s between two requests, for longer than a connection may live.
    for (let n = 0; n * 3000 <= LIFE_MS + 3000; n++) {
      await post(outgoing, server);
      skew += 3000;
    }

    expect(server.accepted()).toBe(2);
  });

  it('closes idle connections by itself', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = client();

    await post(outgoing, server);

    await waitFor('the idle connection to be closed', () => server.conversations[0]!.closed, 2 * IDLE_MS);
  });
});

describe('answers that the parser alone would misjudge', () => {
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  it.each([
    ['one', [{ read: 'request' }, { send: CONTINUE + OK }]],
    ['several', [{ read: 'request' }, { send: CONTINUE + CONTINUE + OK }]],
    ['one, byte by byte', [{ read: 'request' }, { drip: CONTINUE + OK, every_ms: 1 }]],
    ['one with header fields', [{ read: 'request' }, { send: `HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n${OK}` }]],
  ] as [string, Step[]][])('takes the final answer after %s 100 Continue', async (_what, steps) => {
    const server = await serve([{ loop: steps }]);
    const outgoing = client();

    const answers = [await post(outgoing, server), await post(outgoing, server)];

    expect(answers).toMatchObject([
      { status: 200, body: 'ok' },
      { status: 200, body: 'ok' },
    ]);
    expect(server.accepted()).toBe(1);
  });

  it('takes a 1000 for what it is', async () => {
    const server = await serve([{ read: 'request' }, { send: `HTTP/1.1 1000 X\r\n\r\n${OK}` }]);

    expect(await post(client(), server)).toMatchObject({ kind: 'error', class: 'bad_response' });
  });

  const head = (size: number): string => {
    const start = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n';
    const lines = 'A: 1\r\n'.repeat(Math.floor((size - start.length - 40) / 6));
    const rest = size - start.length - lines.length - 'X-Rest: \r\n\r\n'.length;
    return `${start}${lines}X-Rest: ${'x'.repeat(rest)}\r\n\r\n`;
  };

  it('counts every byte of the head, line ends included', async () => {
    const fits = await serve([{ read: 'request' }, { send: head(HEAD_LIMIT) }]);
    const tooLong = await serve([{ read: 'request' }, { send: head(HEAD_LIMIT + 1) }]);
    const outgoing = client();

    expect(await post(outgoing, fits)).toMatchObject({ kind: 'response', status: 200 });
    expect(await post(outgoing, tooLong)).toMatchObject({ kind: 'error', class: 'bad_response' });
  });

  it('does not take a large body behind a small head for a head', async () => {
    const server = await serve([
      { read: 'request' },
      { send: 'HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r' },
      { pause_ms: 20 },
      { send: `\n${'x'.repeat(200_000)}` },
    ]);

    expect(await post(client(), server)).toMatchObject({ kind: 'response', status: 200, truncated: true });
  });

  it('breaks off a reason phrase without end', async () => {
    const server = await serve([
      { read: 'request' },
      { send: 'HTTP/1.1 200 ' },
      { repeat: 'a', times: 'until_closed' },
    ]);

    expect(await post(client(), server)).toMatchObject({ kind: 'error', class: 'bad_response' });
  });
});

describe('what is kept of an answer', () => {
  it('keeps a few headers, joins repeated ones and leaves out cookies', async () => {
    const lines = [
      'Content-Type: text/plain',
      'Retry-After: 5',
      'Retry-After: 7',
      'Set-Cookie: a=b',
      'Content-Length: 0',
    ];
    const server = await serve([{ read: 'request' }, { send: `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n` }]);

    expect(await post(client(), server)).toMatchObject({
      headers: { 'content-type': 'text/plain', 'retry-after': '5, 7', 'content-length': '0' },
    });
  });

  it('makes bytes that are no UTF-8 safe and keeps within the limit', async () => {
    const server = await serve([
      { read: 'request' },
      { send: `HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n${'\xff'.repeat(16_384)}` },
    ]);

    const answer = await post(client(), server);

    expect(answer).toMatchObject({ kind: 'response', truncated: true });
    expect(answer.kind === 'response' && Buffer.byteLength(answer.body)).toBeLessThanOrEqual(16_384);
  });

  it('keeps a body of exactly the limit whole', async () => {
    const server = await serve([
      { read: 'request' },
      { send: `HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n${'x'.repeat(16_384)}` },
    ]);

    expect(await post(client(), server)).toMatchObject({
      kind: 'response',
      truncated: false,
      body: 'x'.repeat(16_384),
    });
  });
});

describe('addresses', () => {
  it.each([
    ['refuses', '127.0.0.3'],
    ['is silent', '127.0.0.4'],
  ])('tries the next address when the first %s', async (_how, first) => {
    const server = await serve(ANSWER_ALWAYS);
    const silent = await startSilent('127.0.0.4', server.port);
    closing.push(() => silent.close());
    const outgoing = client({ lookup: async () => [first, ADDRESS], isAllowed: () => true });

    expect(await post(outgoing, server)).toMatchObject({ kind: 'response', status: 200 });
  });

  it.each([true, false])(
    'reaches a receiver on loopback by both its names, if local receivers are admitted: %s',
    async (localReceivers) => {
      const server = await startBehaviourServer('127.0.0.1', {
        first: ANSWER_ALWAYS,
        placeholders: { deadlineMs: 1000, texts: {} },
      });
      closing.push(() => server.close());
      const outgoing = client({ localReceivers, isAllowed: () => false });

      for (const host of ['127.0.0.1', 'localhost']) {
        const answer = await outgoing.post({
          url: `http://${host}:${server.port}/`,
          headers: {},
          body: Buffer.from('{}'),
          timeoutMs: 1000,
        });
        expect(answer).toMatchObject(localReceivers ? { status: 200 } : { class: 'blocked_address' });
      }
    },
  );

  it('does not admit a name that leads to loopback, though local receivers are', async () => {
    const server = await startBehaviourServer('127.0.0.1', {
      first: ANSWER_ALWAYS,
      placeholders: { deadlineMs: 1000, texts: {} },
    });
    closing.push(() => server.close());
    const outgoing = client({ localReceivers: true, lookup: async () => ['127.0.0.1'] });

    expect(await post(outgoing, server)).toMatchObject({ class: 'blocked_address' });
    expect(server.accepted()).toBe(0);
  });
});

describe('as a whole', () => {
  it('never rejects: a header that cannot be sent is an answer', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const url = `http://${HOST}:${server.port}/`;

    const answer = await client().post({
      url,
      headers: { 'x-a': 'a\r\nb: c' },
      body: Buffer.from('{}'),
      timeoutMs: 1000,
    });

    expect(answer).toMatchObject({ kind: 'error', class: 'invalid_request' });
    expect(JSON.stringify(answer)).not.toContain('b: c');
  });

  it('sends the bytes as they are, with the length and the host of the URL', async () => {
    const server = await serve(ANSWER_ALWAYS);

    await post(client(), server);

    expect(server.conversations[0]!.received).toBe(
      `POST /hook HTTP/1.1\r\nhost: ${HOST}:${server.port}\r\nconnection: keep-alive\r\nx-a: b\r\ncontent-length: 2\r\n\r\n{}`,
    );
  });

  it('ends what is under way and what waits when it is closed', async () => {
    const server = await serve([{ read: 'request' }, { hang: true }]);
    const outgoing = client({ maxConnectionsPerOrigin: 1 });
    const posts = [post(outgoing, server), post(outgoing, server)];
    await waitFor('the request to be there', () => server.conversations[0]?.requests() === 1);

    await outgoing.close();

    expect(await Promise.all(posts)).toMatchObject([{ class: 'connection_lost' }, { class: 'connection_lost' }]);
  });

  it('holds no more connections than it may, however many endpoints there are', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = client();
    // More than a Lambda function may have files; `ENDPOINTS=10000` for the long run.
    const endpoints = Number(process.env['ENDPOINTS'] ?? 1500);

    for (let n = 0; n < endpoints; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          outgoing.post({
            url: `http://h${n + i}.example.com:${server.port}/`,
            headers: {},
            body: Buffer.from('{}'),
            timeoutMs: 20_000,
          }),
        ),
      );

    expect(server.accepted()).toBe(endpoints);
    await waitFor(
      'all but the idle ones to be closed',
      () => server.conversations.filter(({ closed }) => !closed).length <= 128,
    );
    await waitFor(
      'the idle ones to be closed too',
      () => server.conversations.every(({ closed }) => closed),
      3 * IDLE_MS,
    );
  });
});
