import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_PAYLOAD_BYTES, failure } from './result.ts';
import type { InvocationResult } from './result.ts';

/** One event on its way through an environment. */
export interface Invocation {
  id: string;
  payload: string;
  functionArn: string;
  /** Called when the environment takes the event. @returns the time when it must be done, ms since the epoch. */
  onStart(): number;
  onResult(result: InvocationResult): void;
}

/**
 * Lambda's Runtime API (2018-06-01) for one environment: next, response, error, init error.
 * See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
 */
export class RuntimeApi {
  readonly #server: http.Server;
  /** Called when the function could not be loaded; its process ends next. */
  onInitError: (result: InvocationResult) => void = () => undefined;
  #waiting: http.ServerResponse | undefined;
  #offered: Invocation | undefined;
  #running: Invocation | undefined;

  private constructor() {
    // One request at a time from one process of ours: no time limits of its own.
    this.#server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) =>
      this.#serve(request, response),
    );
  }

  /** Starts listening on a free port of the loopback interface. */
  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** `host:port`, as in AWS_LAMBDA_RUNTIME_API. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Gives the environment its next event. It holds one at a time. */
  offer(invocation: Invocation): void {
    this.#offered = invocation;
    this.#handOver();
  }

  /** Ends with the environment; answers nothing more. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #handOver(): void {
    const [response, invocation] = [this.#waiting, this.#offered];
    if (!response || !invocation) return;
    this.#waiting = this.#offered = undefined;
    this.#running = invocation;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': invocation.onStart(),
      'lambda-runtime-invoked-function-arn': invocation.functionArn,
      'lambda-runtime-trace-id': `Root=1-${invocation.id.slice(0, 8)}-${invocation.id.replaceAll('-', '').slice(8)};Sampled=0`,
    });
    response.end(invocation.payload);
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = (request.url ?? '').replace('/2018-06-01/runtime', '');
    if (path === '/invocation/next') {
      this.#waiting = response;
      this.#handOver();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.#settle(path, Buffer.concat(chunks));
      // Answered only after the result is stored: a runtime that asks for "next" earlier would run an event twice.
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    });
  }

  #settle(path: string, body: Buffer): void {
    if (path === '/init/error') return this.onInitError(readError(body));
    const running = this.#running;
    if (!running || !path.startsWith(`/invocation/${running.id}/`)) return;
    this.#running = undefined;
    if (path.endsWith('/error')) running.onResult(readError(body));
    else if (body.length > MAX_PAYLOAD_BYTES) running.onResult(tooLarge(body.length));
    else running.onResult({ ok: true, payload: body.toString('utf8') });
  }
}

function tooLarge(bytes: number): InvocationResult {
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
  );
}

function readError(body: Buffer): InvocationResult {
  const { errorType, errorMessage, trace } = JSON.parse(body.toString('utf8')) as {
    errorType: string;
    errorMessage: string;
    trace: string[];
  };
  return failure(errorType, errorMessage, trace);
}
