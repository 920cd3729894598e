import { createServer, Socket as ClientSocket, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPost } from '../../../lambdas/aws/fast-path/post.ts';
import { createAuthority } from '../../sender/outgoing/certificates.ts';
import { waitFor } from '../../support/wait-for.ts';

/** What the service does with the nth request, from 0, that came over its connection. */
type Serve = (socket: Socket, request: string, n: number) => void;

const HEADERS = { host: 'service', 'x-amz-target': 'T' };
const answer = (body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

let server: Server | undefined;
let sockets: Socket[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server?.close();
});

/** A service. @returns its origin, and the requests that came, with the connection of each. */
async function start(serve: Serve): Promise<{ origin: string; requests: { text: string; connection: number }[] }> {
  const requests: { text: string; connection: number }[] = [];
  server = createServer((socket) => listen(socket, serve, requests));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function listen(socket: Socket, serve: Serve, requests: { text: string; connection: number }[]): void {
  const connection = sockets.push(socket) - 1;
  let bytes = Buffer.alloc(0);
  let n = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/.exec(bytes.toString())?.[1]);
    if (end < 4 || bytes.length < end + length) return;
    const text = bytes.toString();
    bytes = Buffer.alloc(0);
    requests.push({ text, connection });
    serve(socket, text, n++);
  });
}

/** Writes a text in pieces that each arrive alone. */
async function writeIn(socket: Socket, pieces: readonly string[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    // What is written now is read by the end of the next turn.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a call', () => {
  it('is one POST of headers and text, with its length in bytes', async () => {
    const { origin, requests } = await start((socket) => socket.write(answer('{"a":"ü"}')));

    const got = await createPost(origin)(HEADERS, '{"b":"é"}');

    expect(got).toMatchObject({ status: 200, text: '{"a":"ü"}' });
    expect(requests.map(({ text }) => text)).toEqual([
      'POST / HTTP/1.1\r\nhost: service\r\nx-amz-target: T\r\ncontent-length: 10\r\n\r\n{"b":"é"}',
    ]);
  });

  it('of which a service refused something has the id by which AWS knows it', async () => {
    const { origin } = await start((socket) =>
      socket.write('HTTP/1.1 400 Bad Request\r\nx-amzn-RequestId: ID-1\r\nContent-Length: 2\r\n\r\n{}'),
    );

    expect(await createPost(origin)(HEADERS, '{}')).toMatchObject({ status: 400, text: '{}', requestId: 'ID-1' });
  });

  const whole = answer('{"n":1}');
  const chunked =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n{"n"\r\n3\r\n:1}\r\n0\r\nTrailer: t\r\n\r\n';
  it.each([
    ['of a known length', whole],
    ['in chunks', chunked],
  ])('reads an answer %s wherever it is cut, and goes on over the same connection', async (_what, text) => {
    const cuts = Array.from({ length: text.length - 1 }, (_, n) => n + 1);
    const { origin, requests } = await start((socket, _request, n) => {
      void writeIn(socket, [text.slice(0, cuts[n]), text.slice(cuts[n])]);
    });
    const post = createPost(origin);

    const got = [];
    while (got.length < cuts.length) got.push((await post(HEADERS, '{}'))?.text);

    expect(new Set(got)).toEqual(new Set(['{"n":1}']));
    expect(requests).toHaveLength(cuts.length);
    expect(sockets).toHaveLength(1);
  });

  it('reads an answer of a megabyte, beside others over other connections', async () => {
    const long = (of: string): string => answer(JSON.stringify(of.repeat(1_000_000)));
    const { origin } = await start((socket, request) => socket.write(long(request.at(-2)!)));
    const post = createPost(origin);

    const answers = await Promise.all(['a', 'b', 'c'].map((letter) => post(HEADERS, `"${letter}"`)));

    expect(answers.map((got) => [...new Set(JSON.parse(got!.text) as string)].join())).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['is no HTTP', 'SSH-2.0-x\r\n\r\n'],
    ['does not say where it ends', 'HTTP/1.1 200 OK\r\n\r\n{}'],
    ['has a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['never comes to the end of its head', `HTTP/1.1 200 OK\r\n${'x'.repeat(20_000)}`],
    ['ends too early', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}'],
  ])('whose answer %s has none, and the next one is made over another connection', async (_what, text) => {
    const { origin } = await start((socket) => {
      if (sockets.length === 1) socket.end(text);
      else socket.write(answer('{}'));
    });
    const post = createPost(origin);

    expect(await post(HEADERS, '{}')).toBeUndefined();
    expect(await post(HEADERS, '{}')).toMatchObject({ status: 200 });
  });

  it('that nobody answers, or to where nobody is, has no answer', async () => {
    const { origin } = await start(() => undefined);

    expect(await createPost(origin, { patienceMs: 20 })(HEADERS, '{}')).toBeUndefined();

    server!.close();
    for (const socket of sockets) socket.destroy();
    expect(await createPost(origin)(HEADERS, '{}')).toBeUndefined();
  });
});

describe('connections', () => {
  it('that rest for longer than a call may take are used again, and a call over them takes no longer', async () => {
    const { origin, requests } = await start((socket, _text, n) => n < 2 && socket.write(answer('{}')));
    const post = createPost(origin, { patienceMs: 20 });
    const timeouts = vi.spyOn(ClientSocket.prototype, 'setTimeout');
    await post(HEADERS, '{}');
    await waitFor('the rest of a minute', () => timeouts.mock.calls.some(([ms]) => ms === 60_000 - 20));

    const again = await post(HEADERS, '{}');
    const never = await post(HEADERS, '{}');

    expect([again?.status, never]).toEqual([200, undefined]);
    expect(requests.map(({ connection }) => connection)).toEqual([0, 0, 0]);
  });

  it('set no timer for a call that follows soon', async () => {
    const { origin } = await start((socket) => socket.write(answer('{}')));
    const post = createPost(origin);
    await post(HEADERS, '{}');
    const timeouts = vi.spyOn(ClientSocket.prototype, 'setTimeout');

    await post(HEADERS, '{}');

    expect(timeouts).not.toHaveBeenCalled();
  });

  it.each([
    ['asks to end it', answer('{}', 'Connection: close\r\n')],
    ['says more than was asked', `${answer('{}')}{}`],
  ])('are not used again when the service %s', async (_what, text) => {
    const { origin, requests } = await start((socket) => socket.write(text));
    const post = createPost(origin);

    await post(HEADERS, '{}');
    await post(HEADERS, '{}');

    expect(requests.map(({ connection }) => connection)).toEqual([0, 1]);
  });

  it('that were closed while the process was frozen carry nothing', async () => {
    const { origin, requests } = await start((socket) => socket.write(answer('{}')));
    const post = createPost(origin);
    await post(HEADERS, '{}');
    const later = Date.now() + 20_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    // The end lies in the client's socket, and nobody has looked yet.
    sockets[0]!.end();

    const got = await post(HEADERS, '{}');

    expect(got).toMatchObject({ status: 200 });
    expect(requests.map(({ connection }) => connection)).toEqual([0, 1]);
  });

  it('are ended after a minute without a call', async () => {
    const { origin, requests } = await start((socket) => socket.write(answer('{}')));
    const post = createPost(origin);
    await post(HEADERS, '{}');
    const later = Date.now() + 60_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);

    await post(HEADERS, '{}');

    expect(requests.map(({ connection }) => connection)).toEqual([0, 1]);
  });

  it('are 50 at most: further calls wait for one, or for the end of one', async () => {
    const held: Socket[] = [];
    const { origin, requests } = await start((socket) => void held.push(socket));
    const post = createPost(origin);
    const calls = Array.from({ length: 52 }, () => post(HEADERS, '{}'));
    await vi.waitFor(() => expect(requests).toHaveLength(50));

    held[0]!.write(answer('{}'));
    held[1]!.destroy();
    await vi.waitFor(() => expect(requests).toHaveLength(52));
    for (const socket of held.slice(2)) socket.write(answer('{}'));
    const answers = await Promise.all(calls);

    expect(answers.filter((got) => got === undefined)).toHaveLength(1);
    expect(sockets).toHaveLength(51);
  });

  it('keep no process alive while they have nothing to carry', async () => {
    const waiting: Socket[] = [];
    const { origin } = await start((socket) => {
      socket.unref();
      waiting.push(socket);
    });
    const alive = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const call = createPost(origin)(HEADERS, '{}');
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const during = alive();
    waiting[0]!.write(answer('{}'));

    await call;

    expect(alive()).toBe(during - 1);
  });
});

describe('with TLS', () => {
  it('the service must be who it is, and a later connection resumes the session of the first', async () => {
    const authority = await createAuthority();
    const identity = await authority.issue(['localhost']);
    const resumed: boolean[] = [];
    const requests: { text: string; connection: number }[] = [];
    const ended = answer('{}', 'Connection: close\r\n');
    server = createTlsServer(identity, (socket: TLSSocket) => {
      const serve = (): void => {
        resumed.push(socket.isSessionReused());
        socket.write(ended);
      };
      listen(socket, serve, requests);
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const known = getCACertificates('default');
    const stranger = await createPost(`https://localhost:${port}`)(HEADERS, '{}');

    setDefaultCACertificates([...known, authority.ca]);
    try {
      const post = createPost(`https://localhost:${port}`);
      const answers = [await post(HEADERS, '{}'), await post(HEADERS, '{}')];
      const otherName = await createPost(`https://127.0.0.1:${port}`)(HEADERS, '{}');

      expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
      expect(resumed).toEqual([false, true]);
      expect([stranger, otherName]).toEqual([undefined, undefined]);
      expect(requests).toHaveLength(2);
    } finally {
      setDefaultCACertificates(known);
    }
  });
});
