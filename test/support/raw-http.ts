import { connect } from 'node:net';
import type { InputRequest } from './api-inputs.ts';

/** An answer, or that the connection was closed without one. */
export type RawAnswer =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'closed' };

const TIMEOUT_MS = 20_000;

/**
 * Sends a request as it is, byte for byte, past any client's checks, and reads the first answer.
 * @param url of the API.
 * @throws when nothing comes within 20 s.
 */
export function sendRaw(url: string, request: InputRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(Number(port), hostname);
    const end = (answer: RawAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => {
      socket.destroy();
      reject(new Error(`Waited ${TIMEOUT_MS} ms for an answer to ${request.method} ${request.path.slice(0, 80)}`));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = readAnswer(received, request.method);
      if (answer) end(answer);
    });
    // A server that refuses a request may close while we are still writing.
    socket.on('error', () => end({ kind: 'closed' }));
    socket.on('close', () => end(readAnswer(received, request.method) ?? { kind: 'closed' }));
    socket.on('connect', () => void write(socket, head(request, host), request));
  });
}

function head(request: InputRequest, host: string): Buffer {
  const query = request.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const joint = request.path.includes('?') ? '&' : '?';
  const lines = [
    `${request.method} ${request.path}${query === '' ? '' : joint + query} HTTP/1.1`,
    `Host: ${host}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...framing(request),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Headers that say how long the body is, unless the case has its own. */
function framing({ headers, body, contentLength, chunked }: InputRequest): string[] {
  const hasOwn = headers.some(([name]) => /^(content-length|transfer-encoding)\s*$/i.test(name));
  if (hasOwn || body === undefined) return [];
  return [chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${contentLength ?? body.length}`];
}

async function write(socket: ReturnType<typeof connect>, start: Buffer, request: InputRequest): Promise<void> {
  const { body = Buffer.alloc(0), chunked, dripMs } = request;
  socket.write(start);
  if (dripMs === undefined) {
    socket.write(chunked ? toChunk(body, true) : body);
    return;
  }
  for (const byte of body) {
    if (socket.destroyed) return;
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setTimeout(resolve, dripMs));
  }
}

function toChunk(body: Buffer, last: boolean): Buffer {
  return Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from(`\r\n${last ? '0\r\n\r\n' : ''}`),
  ]);
}

/** A value that holds a % sequence is sent as it is. */
function encode(text: string): string {
  return text.includes('%') ? text : encodeURIComponent(text);
}

/** The first answer once it is complete, after any `100 Continue`. The gateway always sends Content-Length. */
function readAnswer(bytes: Buffer, method: string): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  if (bytes.subarray(0, 12).toString() === 'HTTP/1.1 100') return readAnswer(bytes.subarray(end + 4), method);
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = bytes.subarray(end + 4);
  const expected = method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
  if (body.length < expected) return undefined;
  return { kind: 'answer', status: Number(statusLine.split(' ')[1]), headers, body: body.toString() };
}
