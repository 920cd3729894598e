import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { client, closeAll, HOST, post, serve } from './set-up.ts';

// What a new connection must not cost, and what saving it must not break. Doubled: the name server, which addresses are
// public, and Node's ways to a certificate.

const CLOSING = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nok';

afterEach(async () => {
  vi.restoreAllMocks();
  await closeAll();
});

it('checks the name of a server without gathering its chain of certificates', async () => {
  const gather = vi.spyOn(TLSSocket.prototype, 'getPeerCertificate');
  const server = await serve([{ read: 'request' }, { send: CLOSING }], { tls: true });

  expect(await post(await client(), server, 'https')).toMatchObject({ status: 200 });
  expect(gather).not.toHaveBeenCalled();
});

it('sends nothing to a server whose certificate is for another name', async () => {
  const server = await serve([{ read: 'request' }, { send: CLOSING }], { tls: true });
  const outgoing = await client();

  for (const host of [`x.${HOST}`, 'example.com', HOST.replace('hooks', 'h00ks')]) {
    const answer = await outgoing.post({
      url: `https://${host}:${server.port}/`,
      headers: {},
      body: Buffer.from('{}'),
      timeoutMs: 2000,
    });
    expect(answer).toMatchObject({ class: 'tls_error', reason: expect.stringContaining('ALTNAME_INVALID') as string });
  }
  expect(server.conversations.filter((conversation) => conversation.requests() > 0)).toEqual([]);
});

it('sends nothing when the certificate cannot be read', async () => {
  vi.spyOn(TLSSocket.prototype, 'getPeerX509Certificate').mockReturnValue(undefined);
  const server = await serve([{ read: 'request' }, { send: CLOSING }], { tls: true });

  expect(await post(await client(), server, 'https')).toMatchObject({ class: 'tls_error' });
  expect(server.conversations.filter((conversation) => conversation.requests() > 0)).toEqual([]);
});

it.each(['http', 'https'])('makes no error for the end of a %s connection whose answer says close', async (scheme) => {
  const destroy = vi.spyOn(Socket.prototype, 'destroy');
  const server = await serve([{ read: 'request' }, { send: CLOSING }, { hang: true }], { tls: scheme === 'https' });
  const outgoing = await client();

  for (let n = 0; n < 3; n++) {
    expect(await post(outgoing, server, scheme)).toMatchObject({ status: 200 });
    await waitFor('the connection to be closed', () => server.conversations[n]!.closed);
  }

  const errors = new Set(destroy.mock.calls.flatMap(([error]) => (error ? [error] : [])));
  expect([...errors].map(({ message }) => message)).toEqual(['the sender closed the connection']);
});

it('opens another connection for what waits behind an answer that says close', async () => {
  const server = await serve([{ read: 'request' }, { send: CLOSING }, { hang: true }]);
  const outgoing = await client({ maxConnectionsPerOrigin: 1 });

  const answers = await Promise.all([post(outgoing, server), post(outgoing, server), post(outgoing, server)]);

  expect(answers).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
  expect(server.conversations.map((conversation) => conversation.requests())).toEqual([1, 1, 1]);
});
