import type { IncomingHttpHeaders } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Reply, Serve } from './aws-call.ts';
import { isOwn } from './own-host.ts';

/** All headers of a call that a function of ours makes without the SDK (lambdas/aws/fast-path/). */
const NAMES = new Set([
  'content-type',
  'host',
  'x-amz-date',
  'x-amz-target',
  'x-amz-security-token',
  'authorization',
  'content-length',
]);
const REQUEST_LINE = 'POST / HTTP/1.1\r\n';
const HEAD_END = '\r\n\r\n';
/** Bytes; such heads have some 600. */
const HEAD_LIMIT = 4096;
const NOTHING: Buffer = Buffer.alloc(0);

/** What {@link PlainConnection} needs of its server. */
export interface PlainOwner {
  serve: Serve;
  /** A larger body is for Node's server to refuse. */
  mostBytes: number;
  /** Whether connections end with their next answer. */
  isClosing(): boolean;
  /** Leaves the connection to Node's server, with all that was not answered yet still to be read. */
  handOver(socket: Socket): void;
  gone(connection: PlainConnection): void;
}

interface Head {
  headers: IncomingHttpHeaders;
  /** Index of the body. */
  end: number;
  bodyBytes: number;
}

/**
 * One connection, as long as nothing comes over it but calls as our functions write them: their own head, whole in what is read
 * first, and a body of known length. Whatever else comes is Node's server's to read, from its first byte on.
 */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #owner: PlainOwner;
  /** What has come and was not served. */
  #bytes = NOTHING;
  /** Of the call that is being read. */
  #head: Head | undefined;
  /** The call that is not answered. */
  #reply: PlainReply | undefined;

  constructor(socket: Socket, owner: PlainOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', this.#take).on('error', ignore).on('close', this.#end).on('end', this.#hungUp);
  }

  get isIdle(): boolean {
    return !this.#reply && this.#bytes.length === 0;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (!this.#reply) this.#next();
  };

  /** Serves a call that is there; leaves the connection to Node's server where that is none of ours. */
  #next(): void {
    if (this.#bytes.length === 0) return;
    const bytes = this.#bytes;
    const head = (this.#head ??= readHead(bytes, this.#socket.localPort, this.#owner.mostBytes));
    if (!head) return this.#handOver();
    const end = head.end + head.bodyBytes;
    if (bytes.length < end) return;
    this.#head = undefined;
    this.#bytes = bytes.subarray(end);
    this.#reply = new PlainReply(this.#socket, this.#owner, () => {
      this.#reply = undefined;
      this.#next();
    });
    const body = bytes.subarray(head.end, end);
    this.#owner.serve({ method: 'POST', url: '/', headers: head.headers, body }, this.#reply);
  }

  #handOver(): void {
    const socket = this.#socket;
    socket.off('data', this.#take).off('error', ignore).off('close', this.#end).off('end', this.#hungUp);
    this.#owner.gone(this);
    socket.unshift(this.#bytes);
    this.#owner.handOver(socket);
  }

  readonly #end = (): void => {
    this.#owner.gone(this);
    this.#reply?.hungUp();
  };

  /** Whoever has said all does not wait for an answer: our functions close what they gave up. */
  readonly #hungUp = (): void => void this.#socket.destroy();
}

class PlainReply implements Reply {
  readonly #socket: Socket;
  readonly #owner: PlainOwner;
  readonly #done: () => void;
  #isSent = false;
  #abort: AbortController | undefined;

  constructor(socket: Socket, owner: PlainOwner, done: () => void) {
    this.#socket = socket;
    this.#owner = owner;
    this.#done = done;
  }

  get isOver(): boolean {
    return this.#isSent || this.#socket.destroyed;
  }

  send(status: number, headers: Record<string, string>, text: string): void {
    this.#isSent = true;
    const isLast = this.#owner.isClosing();
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`;
    if (isLast) head += 'connection: close\r\n';
    this.#socket.write(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    if (isLast) this.#socket.end();
    this.#done();
  }

  cut(): void {
    this.#socket.destroy();
  }

  hangUp(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  hungUp(): void {
    if (!this.#isSent) this.#abort?.abort();
  }
}

/** @returns undefined for any request but one that our functions may have written. */
function readHead(bytes: Buffer, port: number | undefined, mostBytes: number): Head | undefined {
  const end = bytes.subarray(0, HEAD_LIMIT).indexOf(HEAD_END);
  if (end < 0) return undefined;
  const text = bytes.toString('latin1', 0, end);
  if (!text.startsWith(REQUEST_LINE)) return undefined;
  const headers: IncomingHttpHeaders = {};
  for (const line of text.slice(REQUEST_LINE.length).split('\r\n')) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, Math.max(colon, 0));
    if (!NAMES.has(name) || headers[name] !== undefined) return undefined;
    headers[name] = line.slice(colon + 2);
  }
  const length = headers['content-length'];
  if (length === undefined || !/^\d{1,9}$/.test(length) || Number(length) > mostBytes) return undefined;
  if (!isOwn(headers.host, port ?? 0)) return undefined;
  return { headers, end: end + HEAD_END.length, bodyBytes: Number(length) };
}

const ignore = (): void => undefined;
