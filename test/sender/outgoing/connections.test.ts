import { setImmediate as turn } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { IDLE_MS, LIFE_MS } from '../../../lambdas/sender/outgoing/connection.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Step } from './behaviours.ts';
import { ADDRESS, ANSWER_ALWAYS, client, closeAll, closeLater, HOST, OK, post, serve } from './set-up.ts';
import { startSilent } from './stage.ts';

// How connections are made, kept and given up. Doubled: the name server, which addresses are public, and the clocks
// where a test sleeps through a freeze.

afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

/** What undici's own session cache does not survive. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('reuse', () => {
  it.each(['http', 'https'])('sends request after request on one %s connection', async (scheme) => {
    const server = await serve(ANSWER_ALWAYS, { tls: scheme === 'https' });
    const outgoing = await client();

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
      const outgoing = await client();

      for (let n = 0; n < 3; n++) {
        await post(outgoing, server, 'https');
        await waitFor('the connection to be closed', () => server.conversations.at(-1)!.closed);
        collectGarbage();
      }

      expect(server.resumed).toEqual([false, true, true]);
    },
  );

  it('keeps a connection whose answer comes before the write is reported as done', async () => {
    const server = await serve(ANSWER_ALWAYS, { tls: true });
    const outgoing = await client();
    let asked = 0;
    Object.defineProperty(TLSSocket.prototype, 'writableLength', {
      configurable: true,
      get: () => (asked++ % 2 === 0 ? 1 : 0),
    });
    onTestFinished(() => void delete (TLSSocket.prototype as { writableLength?: number }).writableLength);

    for (let request = 0; request < 3; request++) {
      await post(outgoing, server, 'https');
      // The handler answers Lambda and gets the next batch: far more than this one turn of the event loop.
      await turn();
    }

    expect(server.accepted()).toBe(1);
  });

  it('opens as many connections to an origin as allowed and lets the rest wait', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = await client({ maxConnectionsPerOrigin: 3 });

    const answers = await Promise.all(Array.from({ length: 20 }, () => post(outgoing, server)));

    expect(answers.every((answer) => answer.kind === 'response' && answer.status === 200)).toBe(true);
    expect(server.accepted()).toBe(3);
    expect(server.conversations.reduce((sum, conversation) => sum + conversation.requests(), 0)).toBe(20);
  });

  it('ends a request that waits for a connection at its deadline, without sending it', async () => {
    const server = await serve([{ read: 'request' }, { hang: true }]);
    const outgoing = await client({ maxConnectionsPerOrigin: 1 });

    const [first, second] = await Promise.all([
      post(outgoing, server, 'http', 400, 60_000),
      post(outgoing, server, 'http', 200, 60_000),
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
    const outgoing = await client();

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
    const outgoing = await client();

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
    const outgoing = await client({ now: () => performance.now() + skew });
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
    const outgoing = await client({ now: () => performance.now() + skew });

    // 3 s between two requests, for longer than a connection may live.
    for (let n = 0; n * 3000 <= LIFE_MS + 3000; n++) {
      await post(outgoing, server);
      skew += 3000;
    }

    expect(server.accepted()).toBe(2);
  });

  it('closes idle connections by itself', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = await client();

    await post(outgoing, server);

    await waitFor('the idle connection to be closed', () => server.conversations[0]!.closed, 2 * IDLE_MS);
  });
});

describe('addresses', () => {
  it.each([
    ['refuses', '127.0.0.3'],
    ['is silent', '127.0.0.4'],
  ])('tries the next address when the first %s', async (_how, first) => {
    const server = await serve(ANSWER_ALWAYS);
    const silent = await startSilent('127.0.0.4', server.port);
    closeLater(silent);
    const outgoing = await client({ lookup: async () => [first, ADDRESS], isAllowed: () => true });

    expect(await post(outgoing, server)).toMatchObject({ kind: 'response', status: 200 });
  });

  it.each([true, false])(
    'reaches a receiver on loopback by both its names, if local receivers are admitted: %s',
    async (localReceivers) => {
      const server = await serve(ANSWER_ALWAYS, { address: '127.0.0.1' });
      const outgoing = await client({ localReceivers, isAllowed: () => false });

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
    const server = await serve(ANSWER_ALWAYS, { address: '127.0.0.1' });
    const outgoing = await client({ localReceivers: true, lookup: async () => ['127.0.0.1'] });

    expect(await post(outgoing, server)).toMatchObject({ class: 'blocked_address' });
    expect(server.accepted()).toBe(0);
  });
});

describe('as a whole', () => {
  it('never rejects: a header that cannot be sent is an answer', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const url = `http://${HOST}:${server.port}/`;

    const answer = await (
      await client()
    ).post({
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

    await post(await client(), server);

    expect(server.conversations[0]!.received).toBe(
      `POST /hook HTTP/1.1\r\nhost: ${HOST}:${server.port}\r\nconnection: keep-alive\r\nx-a: b\r\ncontent-length: 2\r\n\r\n{}`,
    );
  });

  it('ends what is under way and what waits when it is closed', async () => {
    const server = await serve([{ read: 'request' }, { hang: true }]);
    const outgoing = await client({ maxConnectionsPerOrigin: 1 });
    const posts = [post(outgoing, server), post(outgoing, server)];
    await waitFor('the request to be there', () => server.conversations[0]?.requests() === 1);

    await outgoing.close();

    expect(await Promise.all(posts)).toMatchObject([{ class: 'connection_lost' }, { class: 'connection_lost' }]);
  });

  it('holds no more connections than it may, however many endpoints there are', async () => {
    const server = await serve(ANSWER_ALWAYS);
    const outgoing = await client();
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
