import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { MAX_PAYLOAD_BYTES } from '../lambda/result.ts';
import type { InvocationResult } from '../lambda/result.ts';
import { forOwnHost } from '../own-host.ts';
import { readBody } from '../read-body.ts';
import { toEvent } from './event.ts';
import type { GatewayRequest } from './event.ts';
import type { ApiDescription, Integration } from './read-api.ts';
import { STAGE_DEFAULT } from './read-api.ts';
import { gatewayMessage, toResponse } from './response.ts';
import type { GatewayResponse } from './response.ts';
import { matchRoute } from './routes.ts';
import type { Match } from './routes.ts';
import { Throttle } from './throttle.ts';

/** Largest request body, bytes (quota of HTTP APIs: 10 MB). */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Largest request line and header values together, bytes (quota of HTTP APIs). */
const MAX_HEADER_BYTES = 10_240;
/** How long a client that was refused may go on sending before the connection is cut, milliseconds. */
const LINGER_MS = 1000;

/** What the gateway needs to serve the API of a template. */
export interface GatewayOptions {
  api: ApiDescription;
  accountId: string;
  invoke(functionArn: string, payload: string): Promise<InvocationResult>;
}

/** A local HTTP API (API Gateway v2) in front of functions. Until it gets its routes it answers 503. */
export class Gateway {
  readonly #server: http.Server;
  #options: GatewayOptions | undefined;
  #throttles = new Map<string, Throttle>();

  private constructor() {
    this.#server = http.createServer(
      { maxHeaderSize: 2 * MAX_HEADER_BYTES },
      forOwnHost((request, response) => void this.#serve(request, response)),
    );
    this.#server.on('clientError', refuseUnreadable);
  }

  /** Listens on the loopback interface. @param port 0 for a free one. @throws when the port is taken. */
  static async listen(port: number): Promise<Gateway> {
    const gateway = new Gateway();
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return gateway;
  }

  /** Base URL, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Begins to route. */
  open(options: GatewayOptions): void {
    this.#options = options;
    this.#throttles = new Map([...options.api.throttles].map(([key, limits]) => [key, new Throttle(limits)]));
  }

  /** Stops listening and cuts open connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const requestId = randomUUID();
    incoming.on('error', () => undefined);
    const answer = await this.#answer(incoming, requestId).catch((error: unknown) => {
      // A client that goes away in the middle is no fault of ours.
      if (!incoming.errored) console.error(error);
      return gatewayMessage(500, 'Internal Server Error');
    });
    if (outgoing.destroyed) return;
    const { 'content-length': _own, ...headers } = answer.headers;
    outgoing.writeHead(answer.status, {
      ...headers,
      'content-length': answer.body.length,
      'apigw-requestid': requestId,
      ...(incoming.complete ? {} : { connection: 'close' }),
    });
    const body = incoming.method === 'HEAD' ? Buffer.alloc(0) : answer.body;
    if (incoming.complete) outgoing.end(body);
    else endLate(incoming, outgoing, body);
  }

  async #answer(incoming: http.IncomingMessage, requestId: string): Promise<GatewayResponse> {
    if (!this.#options) return gatewayMessage(503, 'Service Unavailable');
    if (headerBytes(incoming) > MAX_HEADER_BYTES) return gatewayMessage(431, 'Request Header Fields Too Large');
    // Read before anything else is decided: an answer beside an unread body leaves a connection that nobody can use again.
    const body = await readBody(incoming, MAX_BODY_BYTES);
    if (!body) return gatewayMessage(413, 'Request Entity Too Large');
    const [path = '', query = ''] = splitOnce(incoming.url ?? '/', '?');
    const decodedPath = decode(path);
    if (decodedPath === undefined || !decodedPath.startsWith('/')) return gatewayMessage(400, 'Bad Request');
    const routed = below(this.#options.api.basePath, decodedPath);
    const match = routed && matchRoute(this.#options.api.routes, incoming.method ?? '', routed);
    if (!match) return gatewayMessage(404, 'Not Found');
    const throttle = this.#throttles.get(match.route.key) ?? this.#throttles.get(STAGE_DEFAULT);
    if (throttle && !throttle.admit()) return gatewayMessage(429, 'Too Many Requests');
    const request: GatewayRequest = {
      method: incoming.method ?? '',
      decodedPath,
      query,
      rawHeaders: forwarded(incoming),
      body,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      protocol: `HTTP/${incoming.httpVersion}`,
    };
    return this.#integrate(this.#options, match, request, requestId);
  }

  async #integrate(
    options: GatewayOptions,
    match: Match<Integration>,
    request: GatewayRequest,
    requestId: string,
  ): Promise<GatewayResponse> {
    const event = toEvent(request, {
      accountId: options.accountId,
      apiId: options.api.apiId,
      host: new URL(this.url).host,
      requestId,
      timeMs: Date.now(),
      routeKey: match.route.key,
      parameters: match.parameters,
    });
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) return gatewayMessage(413, 'Request Entity Too Large');
    const { functionArn, timeoutMs } = match.route.target;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<GatewayResponse>((resolve) => {
      timer = setTimeout(() => resolve(gatewayMessage(503, 'Service Unavailable')), timeoutMs);
    });
    const answer = options.invoke(functionArn, payload).then(toResponse);
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }
}

/**
 * Answers a request whose body is not read to its end. Cut at once, a connection that is being written to may lose the
 * answer (RFC 9112 §9.6), so the rest is taken, and forgotten, for a moment.
 */
function endLate(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body: Buffer): void {
  outgoing.write(body);
  const timer = setTimeout(() => incoming.destroy(), LINGER_MS);
  const end = (): void => {
    clearTimeout(timer);
    outgoing.end();
  };
  incoming.once('end', end).once('close', end).resume();
}

/** The headers as they came, with those that API Gateway adds. */
function forwarded(incoming: http.IncomingMessage): string[] {
  const ip = incoming.socket.remoteAddress ?? '127.0.0.1';
  const port = String(incoming.socket.localPort ?? '');
  return [...incoming.rawHeaders, 'X-Forwarded-For', ip, 'X-Forwarded-Port', port, 'X-Forwarded-Proto', 'http'];
}

/** The path as routes see it; undefined for one that is not below the base path. Functions see it as it came. */
function below(basePath: string, path: string): string | undefined {
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}

/** Undefined for escapes that are invalid, or are not UTF-8. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function headerBytes({ method = '', url = '', rawHeaders }: http.IncomingMessage): number {
  return rawHeaders.reduce((sum, part) => sum + part.length, method.length + url.length);
}

/** What Node's parser cannot read never reaches a route. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, text] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const body = JSON.stringify({ message: text });
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
