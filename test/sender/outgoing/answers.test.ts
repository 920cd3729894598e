import { afterEach, describe, expect, it } from 'vitest';
import { HEAD_LIMIT } from '../../../lambdas/sender/outgoing/response-gate.ts';
import type { Step } from './behaviours.ts';
import { client, closeAll, OK, post, serve } from './set-up.ts';

// What becomes of answers, beyond the corpus. Doubled: the name server and which addresses are public.

afterEach(closeAll);

describe('answers that the parser alone would misjudge', () => {
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  it.each([
    ['one', [{ read: 'request' }, { send: CONTINUE + OK }]],
    ['several', [{ read: 'request' }, { send: CONTINUE + CONTINUE + OK }]],
    ['one, byte by byte', [{ read: 'request' }, { drip: CONTINUE + OK, every_ms: 1 }]],
    ['one with header fields', [{ read: 'request' }, { send: `HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n${OK}` }]],
  ] as [string, Step[]][])('takes the final answer after %s 100 Continue', async (_what, steps) => {
    const server = await serve([{ loop: steps }]);
    const outgoing = await client();

    const answers = [await post(outgoing, server), await post(outgoing, server)];

    expect(answers).toMatchObject([
      { status: 200, body: 'ok' },
      { status: 200, body: 'ok' },
    ]);
    expect(server.accepted()).toBe(1);
  });

  it('takes a 1000 for what it is', async () => {
    const server = await serve([{ read: 'request' }, { send: `HTTP/1.1 1000 X\r\n\r\n${OK}` }]);

    expect(await post(await client(), server)).toMatchObject({ kind: 'error', class: 'bad_response' });
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
    const outgoing = await client();

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

    expect(await post(await client(), server)).toMatchObject({ kind: 'response', status: 200, truncated: true });
  });

  it('breaks off a chunk extension without end', async () => {
    const start = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;';
    const server = await serve([{ read: 'request' }, { send: start }, { repeat: 'x=y;', times: 'until_closed' }]);

    expect(await post(await client(), server)).toMatchObject({ kind: 'error', class: 'bad_response', status: 200 });
  });

  it('reads a body that comes in a chunk for each byte', async () => {
    const chunks = '1\r\nx\r\n'.repeat(16_384);
    const server = await serve([
      { read: 'request' },
      { send: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n` },
    ]);

    expect(await post(await client(), server)).toMatchObject({ kind: 'response', truncated: false });
  });

  it('breaks off a reason phrase without end', async () => {
    const server = await serve([
      { read: 'request' },
      { send: 'HTTP/1.1 200 ' },
      { repeat: 'a', times: 'until_closed' },
    ]);

    expect(await post(await client(), server)).toMatchObject({ kind: 'error', class: 'bad_response' });
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

    expect(await post(await client(), server)).toMatchObject({
      headers: { 'content-type': 'text/plain', 'retry-after': '5, 7', 'content-length': '0' },
    });
  });

  it('makes bytes that are no UTF-8 safe and keeps within the limit', async () => {
    const server = await serve([
      { read: 'request' },
      { send: `HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n${'\xff'.repeat(16_384)}` },
    ]);

    const answer = await post(await client(), server);

    expect(answer).toMatchObject({ kind: 'response', truncated: true });
    expect(answer.kind === 'response' && Buffer.byteLength(answer.body)).toBeLessThanOrEqual(16_384);
  });

  it('keeps a body of exactly the limit whole', async () => {
    const server = await serve([
      { read: 'request' },
      { send: `HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n${'x'.repeat(16_384)}` },
    ]);

    expect(await post(await client(), server)).toMatchObject({
      kind: 'response',
      truncated: false,
      body: 'x'.repeat(16_384),
    });
  });
});
