import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../lambdas/sender/outgoing.ts';
import { classify } from '../../../lambdas/sender/outgoing/failure.ts';
import { ADDRESS, authority, client, closeAll, closeLater, HOST, post } from './set-up.ts';

// What the log says of handshakes that fail: the one line that customers and support have to go by. Over real TLS.

afterEach(closeAll);

async function listen(server: Server): Promise<{ port: number }> {
  await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
  closeLater({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  return server.address() as AddressInfo;
}

/** The answer of a TLS server with these options, a 200 where it comes to that. */
async function answerOf(options: TlsOptions): Promise<Answer> {
  const identity = await (await authority).issue([HOST]);
  const server = createServer({ ...identity, ...options }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  });
  server.on('tlsClientError', () => undefined);
  return post(await client(), await listen(server), 'https');
}

/** What is said of an endpoint that does this when the first bytes come. */
async function afterHello(act: (socket: Socket) => void): Promise<Answer> {
  const server = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => act(socket));
  });
  return post(await client(), await listen(server), 'https');
}

const NO_CERTIFICATE = /the endpoint demands a client certificate, which Posthorn does not send/;

describe('a handshake that fails names', () => {
  it.each<[what: string, options: TlsOptions, reason: RegExp]>([
    ['a client certificate that TLS 1.2 demands', { requestCert: true, maxVersion: 'TLSv1.2' }, NO_CERTIFICATE],
    ['a client certificate that TLS 1.3 demands', { requestCert: true, minVersion: 'TLSv1.3' }, NO_CERTIFICATE],
    ['no cipher in common', { maxVersion: 'TLSv1.2', ciphers: 'PSK' }, /cipher in common.*ALERT_HANDSHAKE_FAILURE/],
    ['no curve in common', { ecdhCurve: 'brainpoolP256r1' }, /in common.*ALERT_HANDSHAKE_FAILURE/],
    [
      'versions that are too old',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      /no protocol version from TLS 1.2 on/,
    ],
  ])('%s', async (_what, options, reason) => {
    const answer = await answerOf({ rejectUnauthorized: true, ...options });

    expect(answer).toMatchObject({
      kind: 'error',
      class: 'tls_error',
      reason: expect.stringMatching(reason) as string,
    });
  });

  // RFC 8446 §6.2, and older ones that servers still send.
  it.each([10, 22, 40, 42, 43, 45, 46, 47, 48, 49, 50, 51, 70, 71, 80, 86, 90, 109, 112, 115, 116, 120])(
    'the alert %d that the endpoint sends',
    async (alert) => {
      const answer = await afterHello((socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));

      expect(answer).toMatchObject({ kind: 'error', class: 'tls_error' });
      expect(answer).toMatchObject({ reason: expect.stringMatching(/ERR_SSL_[\w/]+/) as string });
    },
  );

  it('an endpoint that speaks plain HTTP', async () => {
    const answer = await afterHello((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

    expect(answer).toMatchObject({
      class: 'tls_error',
      reason: expect.stringContaining('does not speak TLS') as string,
    });
  });

  it.each<[what: string, act: (socket: Socket) => void]>([
    ['closed', (socket) => socket.end()],
    ['reset', (socket) => socket.resetAndDestroy()],
  ])('a connection that is %s in the middle', async (_what, act) => {
    expect(await afterHello(act)).toMatchObject({
      class: 'connection_lost',
      reason: 'the connection was closed during the TLS handshake: ECONNRESET',
    });
  });

  it("what OpenSSL says where Node's code says nothing", () => {
    const weak = Object.assign(new Error('EE certificate key too weak'), { code: 'UNSPECIFIED' });

    expect(classify(weak, 'tls').message).toBe('the TLS handshake failed: EE certificate key too weak');
  });
});
