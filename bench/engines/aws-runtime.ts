import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Answer, Order } from '../../local/lambda/messages.ts';
import {
  FLAGS,
  HEAP,
  readLines,
  type Runner,
  type RunnerOptions,
  type StartRunner,
} from '../../local/lambda/runner.ts';

const API = '/2018-06-01/runtime';

/**
 * Functions run in AWS's own runtime interface client: it loads the bundle and runs its events, which it is given over
 * Lambda's Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
 * @param client folder where it is installed.
 */
export function inAwsRuntime(client: string): StartRunner {
  const program = join(client, 'node_modules/aws-lambda-ric/index.mjs');
  return (options) => {
    const api = new RuntimeApi(options);
    let pid: number | undefined;
    let isKilled = false;
    const runner: Runner = {
      get pid() {
        return pid;
      },
      send: (order) => api.give(order),
      kill: () => {
        isKilled = true;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      },
    };
    api.listen((port) => {
      const child = startClient(program, port, options);
      pid = child.pid;
      child.once('exit', () => {
        pid = undefined;
        api.close();
      });
      if (isKilled) child.kill('SIGKILL');
    });
    return runner;
  };
}

function startClient(
  program: string,
  port: number,
  { memoryMb, taskRoot, variables, onLog, onExit, onClose }: RunnerOptions,
): ReturnType<typeof spawn> {
  const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP)}`;
  const child = spawn(process.execPath, [...FLAGS, heap, program, variables['_HANDLER'] ?? ''], {
    cwd: taskRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...variables, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
  });
  for (const stream of [child.stdout, child.stderr]) readLines(stream, onLog);
  child.once('error', onClose);
  child.once('exit', onExit);
  child.once('close', onClose);
  return child;
}

/** Lambda's side of one execution environment. */
class RuntimeApi {
  readonly #server: Server;
  readonly #onAnswer: (answer: Answer) => void;
  #order: Order | undefined;
  #waiting: ServerResponse | undefined;
  #loaded = false;

  constructor({ onAnswer }: RunnerOptions) {
    this.#onAnswer = onAnswer;
    this.#server = createServer((request, response) => {
      // Only a client that was killed ends up in the catch: its request breaks off, and its end is told elsewhere.
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  listen(onPort: (port: number) => void): void {
    this.#server.listen(0, '127.0.0.1', () => onPort((this.#server.address() as AddressInfo).port));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  give(order: Order): void {
    this.#order = order;
    this.#next();
  }

  /** Gives the client its next event, once there are both. */
  #next(): void {
    if (!this.#order || !this.#waiting) return;
    const { id, payload, timeoutMs, functionArn, traceId } = this.#order;
    this.#waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': Date.now() + timeoutMs,
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': traceId,
    });
    this.#waiting.end(payload);
    this.#order = this.#waiting = undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path === `${API}/invocation/next`) {
      this.#waiting = response;
      if (!this.#loaded) this.#onAnswer({ loaded: true });
      this.#loaded = true;
      return this.#next();
    }
    const body = await text(request);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    this.#onAnswer(path.endsWith('/response') ? { ok: true, payload: body } : failed(body));
  }
}

/** An error as the client tells it, of an event or of loading. */
function failed(body: string): Answer {
  const { errorType, errorMessage, trace, stackTrace } = JSON.parse(body) as {
    errorType?: string;
    errorMessage?: string;
    trace?: string[];
    stackTrace?: string[];
  };
  return {
    ok: false,
    error: { errorType: errorType ?? 'Error', errorMessage: errorMessage ?? '', trace: trace ?? stackTrace ?? [] },
  };
}
