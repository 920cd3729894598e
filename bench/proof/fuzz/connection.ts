import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { OWN_HOST, type Input, type Outcome, type Send } from './input.ts';

/** A request without answer after this time is given up, milliseconds. */
export const SILENT_MS = 20_000;
/** How long the rest of a request that is broken may be waited for, before its sender ends it. */
const PATIENCE_MS = 60;
const PIECES = 4;
const PIECE_MS = 15;

/** One connection that is used for one request after the other, as a client with keep-alive does. */
export function keepAlive(port: number): { send: Send; close(): void } {
  let socket: Socket | undefined;
  const reuse = (): Socket => (socket && !socket.destroyed && socket.writable ? socket : (socket = open(port)));
  return {
    async send(unaddressed) {
      const input = { ...unaddressed, bytes: unaddressed.bytes.replaceAll(OWN_HOST, `127.0.0.1:${port}`) };
      if (input.way === 'aborted') return leave(open(port), input);
      if (input.way === 'broken') return exchange(open(port), input);
      const used = socket !== undefined;
      const outcome = await exchange(reuse(), input);
      // A server may end an idle connection at any moment; every client then sends once more.
      return outcome.status === 'closed' && used ? exchange((socket = open(port)), input) : outcome;
    },
    close: () => void socket?.destroy(),
  };
}

function open(port: number): Socket {
  // Both sides of this connection end by themselves: without an `error` listener a reset would end the process.
  return connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }).on('error', () => undefined);
}

/** Sends half of a request and goes away. */
async function leave(socket: Socket, { bytes }: Input): Promise<Outcome> {
  const half = bytes.slice(0, Math.ceil(bytes.length / 2));
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    socket.write(half, 'latin1', () => socket.destroy());
  });
  return { status: 'left', body: '', wallMs: 0 };
}

function exchange(socket: Socket, input: Input): Promise<Outcome> {
  return new Promise((resolve) => {
    let received = '';
    let sentMs = performance.now();
    const listeners = {
      data: (chunk: Buffer) => {
        received += chunk.toString('latin1');
        const answer = readAnswer(received, input.method);
        if (answer) end(answer.status, answer.body, answer.last || input.way === 'broken');
      },
      end: () => end('closed', '', true),
      close: () => end('closed', '', true),
      timeout: () => end('silent', '', true),
    };
    const end = (status: Outcome['status'], body: string, last: boolean): void => {
      for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener);
      if (last) socket.destroy();
      resolve({ status, body, wallMs: Math.max(0, performance.now() - sentMs) });
    };
    for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener);
    socket.setTimeout(SILENT_MS + input.askedMs);
    void write(socket, input, () => (sentMs = performance.now()));
  });
}

async function write(socket: Socket, { bytes, way }: Input, sent: () => void): Promise<void> {
  const size = way === 'slow' ? Math.ceil(bytes.length / PIECES) : bytes.length;
  for (let at = 0; at + size < bytes.length && !socket.destroyed; at += size) {
    socket.write(bytes.slice(at, at + size), 'latin1');
    await pause(PIECE_MS);
  }
  const rest = bytes.length % size === 0 ? size : bytes.length % size;
  sent();
  socket.write(bytes.slice(-rest), 'latin1', sent);
  if (way !== 'broken') return;
  await pause(PATIENCE_MS);
  if (socket.destroyed) return;
  sent();
  socket.end();
}

/** The first answer, once it is whole, after any `100 Continue`. `last`: the connection cannot be used again. */
function readAnswer(text: string, method: string): { status: number; body: string; last: boolean } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  if (status === 100) return readAnswer(text.slice(end + 4), method);
  const body = text.slice(end + 4);
  const last = /\r\nconnection: close/i.test(head);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (method !== 'HEAD' && length !== undefined && body.length < Number(length)) return undefined;
  if (method !== 'HEAD' && length === undefined && !body.endsWith('0\r\n\r\n')) return undefined;
  return { status, body, last };
}
