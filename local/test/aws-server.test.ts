import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { AwsRequest, Reply } from '../aws-call.ts';
import { startAwsServer, type AwsServer } from '../aws-server.ts';

const MOST_BYTES = 1000;
let server: AwsServer;
let socket: Socket;
let heard = '';

afterEach(async () => {
  socket?.destroy();
  await server.close('cut');
});

/** A server and a connection to it. @param serve @default answers with what it was asked, at once */
async function start(serve: (request: AwsRequest, reply: Reply) => void = echo): Promise<void> {
  server = await startAwsServer(0, MOST_BYTES, serve);
  heard = '';
  socket = connect(server.port, '127.0.0.1');
  socket.on('data', (chunk) => (heard += chunk.toString())).on('error', () => undefined);
  await once(socket, 'connect');
}

function echo({ headers, body }: AwsRequest, reply: Reply): void {
  reply.send(200, { 'x-read': String(headers['x-amz-target']) }, `<${body?.toString() ?? 'too large'}>`);
}

/** A call as our functions write it. */
function call(body: string, { host = `127.0.0.1:${server.port}`, more = '' } = {}): string {
  const head = `POST / HTTP/1.1\r\ncontent-type: application/x-amz-json-1.0\r\nhost: ${host}\r\nx-amz-target: A.B\r\n${more}`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const bodies = (): string[] => [...heard.matchAll(/<[^>]*>/g)].map(([body]) => body);
/** However it closes. */
const closing = (of: Socket): Promise<void> => new Promise((resolve) => of.once('close', () => resolve()));
const until = (test: () => boolean): Promise<void> => expect.poll(test, { interval: 2, timeout: 5000 }).toBe(true);
/** Node's server names the date with each answer. */
const ofNode = (): number => heard.match(/^date: /gim)?.length ?? 0;

it('answers calls as our functions write them one after the other, and none of them by Node’s server', async () => {
  await start();

  for (const body of ['one', 'zwölf', '']) {
    socket.write(call(body));
    await until(() => heard.endsWith(`<${body}>`));
  }

  expect(bodies()).toEqual(['<one>', '<zwölf>', '<>']);
  expect(heard).toContain('HTTP/1.1 200 OK\r\nx-read: A.B\r\ncontent-length: 8\r\n');
  expect(ofNode()).toBe(0);
});

it('puts a body together that comes in parts', async () => {
  await start();
  const whole = Buffer.from(call('zwölf'));

  for (const part of [whole.subarray(0, -4), whole.subarray(-4, -3), whole.subarray(-3)]) {
    await new Promise<void>((resolve) => socket.write(part, () => setImmediate(resolve)));
  }

  await until(() => heard.includes('<zwölf>'));
  expect(ofNode()).toBe(0);
});

it('answers calls that did not wait for an answer in their order, one after the other', async () => {
  const waiting: (() => void)[] = [];
  await start(({ body, ...request }, reply) => {
    const answer = (): void => echo({ body, ...request }, reply);
    if (body?.toString() === 'of another') answer();
    else waiting.push(answer);
  });

  socket.write(call('one') + call('two'));
  await until(() => waiting.length === 1);
  socket.write(call('three'));
  // Another connection is answered after that: it has come.
  const other = connect(server.port, '127.0.0.1').on('data', () => other.destroy());
  other.write(call('of another'));
  await closing(other);
  const begun = waiting.length;
  for (const count of [1, 2, 3]) {
    await until(() => waiting.length === count);
    waiting[count - 1]!();
  }

  await until(() => bodies().length === 3);
  expect(begun).toBe(1);
  expect(bodies()).toEqual(['<one>', '<two>', '<three>']);
});

it.each([
  ['a header that our functions do not send', () => call('two', { more: 'user-agent: aws-sdk-js\r\n' })],
  ['a body in chunks', () => chunked('two')],
  ['a head that comes in parts', () => call('two').slice(0, 30), () => call('two').slice(30)],
  ['a header twice', () => call('two', { more: 'x-amz-date: 1\r\nx-amz-date: 2\r\n' })],
  ['another spelling', () => call('two').replace('content-type', 'Content-Type')],
])('leaves %s to Node’s server, on the same connection', async (_what, first, rest = () => '') => {
  await start();
  socket.write(call('one'));
  await until(() => heard.includes('<one>'));

  await new Promise<void>((resolve) => socket.write(first(), () => setImmediate(resolve)));
  socket.write(rest());
  await until(() => heard.includes('<two>'));
  socket.write(call('three'));

  await until(() => heard.includes('<three>'));
  expect(ofNode()).toBe(2);
});

function chunked(body: string): string {
  return `POST / HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nx-amz-target: A.B\r\ntransfer-encoding: chunked\r\n\r\n${body.length}\r\n${body}\r\n0\r\n\r\n`;
}

it('refuses a call by another name than the machine’s own', async () => {
  await start();

  socket.write(call('one', { host: 'example.org' }));

  await until(() => heard.includes('expected the Host header'));
  expect(heard).toMatch(/^HTTP\/1.1 403 /);
});

it('says of a body that is too large that it is, without reading it', async () => {
  await start();

  socket.write(call('x'.repeat(MOST_BYTES + 1)));

  await until(() => heard.includes('<too large>'));
});

it('cuts a connection without an answer', async () => {
  await start((_request, reply) => reply.cut());
  const closed = closing(socket);

  socket.write(call('one'));

  await closed;
  expect(heard).toBe('');
});

it.each([
  ['ours', ''],
  ['Node’s', 'user-agent: aws-sdk-js\r\n'],
])('aborts what is done for a caller of %s that hangs up, and not what was answered', async (_whose, more) => {
  const signals: AbortSignal[] = [];
  let isFirst = true;
  await start((request, reply) => {
    signals.push(reply.hangUp());
    if (isFirst) echo(request, reply);
    isFirst = false;
  });
  socket.write(call('one', { more }));
  await until(() => heard.includes('<one>'));

  socket.write(call('two', { more }));
  await until(() => signals.length === 2);
  socket.destroy();

  await until(() => signals[1]!.aborted);
  expect(signals[0]!.aborted).toBe(false);
});

it.each([
  ['ours', ''],
  ['Node’s', 'user-agent: aws-sdk-js\r\n'],
])('answers what is under way for a caller of %s before it closes, and says so', async (_whose, more) => {
  let answer: (() => void) | undefined;
  await start((request, reply) => (answer = () => echo(request, reply)));
  socket.write(call('one', { more }));
  await until(() => answer !== undefined);
  const ended = closing(socket);

  const closed = server.close('answer');
  answer!();

  await closed;
  await ended;
  expect(heard).toMatch(/connection: close/i);
  expect(bodies()).toEqual(['<one>']);
});

it('ends connections that nobody uses and, where calls are cut, the others', async () => {
  await start(() => undefined);
  const busy = connect(server.port, '127.0.0.1').on('error', () => undefined);
  const gone = [closing(socket), closing(busy)];
  await new Promise<void>((resolve) => busy.write(call('one'), () => resolve()));

  await server.close('cut');

  await Promise.all(gone);
  expect(heard).toBe('');
});
