import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock, type Clock } from '../clock.ts';
import { Engine } from './engine.ts';
import { accessDenied, SqsError } from './errors.ts';
import { MoveTasks } from './move-tasks.ts';
import { iamActionOf, operationsOf, resourceOf, type CallContext } from './operations.ts';
import { executePart } from './partial-failure.ts';
import { readRequest, writeError, writeResult } from './protocol.ts';

export type { Clock } from '../clock.ts';

export interface SqsOptions {
  /** Path of the SQLite file, or `:memory:`. */
  file: string;
  /** Port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Part of every ARN. */
  region: string;
  /** Part of every ARN and queue URL: 12 digits. */
  accountId: string;
  /** Milliseconds since the epoch; tests and proofs move it. @default realClock */
  clock?: Clock;
  /** Asked before every request with the parsed call. @default allows everybody */
  authorize?: (call: AwsCall) => AuthorizeResult;
  /** Lets proofs make calls fail: an error to answer instead of executing, or after it. @default no faults */
  fault?: (call: AwsCall) => Fault | undefined;
}

/** A call as IAM sees it. */
export interface AwsCall {
  accessKeyId: string | undefined;
  /** E.g. `sqs:SendMessage`, also for the batch call. */
  action: string;
  /** ARN of the queue, `*` where the call names none. */
  resource: string;
  input: Record<string, unknown>;
}

/** A refusal becomes AccessDeniedException with status 403; `message` is what the caller reads. */
export type AuthorizeResult = { allowed: true } | { allowed: false; message: string };

/**
 * `after`: the call is executed, but its caller sees an error. `part`: every other entry of a batch call fails, the
 * rest is executed. The code `timeout` closes the connection without an answer.
 */
export interface Fault {
  when: 'before' | 'after' | 'part';
  status: number;
  code: string;
}

export interface SqsServer {
  /** `http://127.0.0.1:<port>`, for `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string;
  port: number;
  /** Ends waiting receives at once, closes connections and the file. */
  close(): Promise<void>;
  /** How often each operation was called, by its own name (`SendMessageBatch`): requests are what SQS bills. */
  calls: Map<string, number>;
}

/**
 * Starts an SQS server for one machine: the real JSON protocol, on 127.0.0.1 only, kept in one SQLite file.
 * @throws when the port is taken or the file cannot be opened.
 */
export async function startSqs(options: SqsOptions): Promise<SqsServer> {
  const engine = new Engine(options.file, options.region, options.accountId, options.clock ?? realClock);
  const moves = new MoveTasks(engine);
  const operations = operationsOf(engine, moves);
  const calls = new Map<string, number>();
  let endpoint = '';

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { operation, accessKeyId, input } = await readRequest(request);
    const execute = operations.get(operation);
    if (execute === undefined) {
      throw new SqsError('UnknownOperationException', `The operation ${operation} is not served here.`);
    }
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const resource = resourceOf(input, options.region, options.accountId);
    const call: AwsCall = { accessKeyId, action: iamActionOf(operation), resource, input };
    const verdict = options.authorize?.(call) ?? { allowed: true };
    if (!verdict.allowed) throw accessDenied(verdict.message);
    const fault = options.fault?.(call);
    if (fault?.when === 'before') return fail(response, fault);
    const caller = accessKeyId ?? 'anonymous';
    const context: CallContext = { caller, endpoint, signal: hangUp(response) };
    if (fault?.when === 'part') {
      return writeResult(response, await executePart(input, fault, async (rest) => execute(rest, context)));
    }
    const result = await execute(input, context);
    if (fault !== undefined) return fail(response, fault);
    writeResult(response, result);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => answerError(response, error));
  });
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    moves.close();
    engine.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
  const end = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    moves.close();
    engine.polls.close();
    server.closeAllConnections();
    await closed;
    engine.close();
  };
  let ended: Promise<void> | undefined;
  return { endpoint, port, close: () => (ended ??= end()), calls };
}

/** Aborts when the connection closes before the answer was written. */
function hangUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault.code === 'timeout') response.destroy();
  else writeError(response, new SqsError(fault.code, 'A fault that was asked for.', fault.status));
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  if (error instanceof SqsError) return writeError(response, error);
  // A defect of this server: its caller sees what AWS shows, the developer the cause.
  console.error('local SQS failed:', error);
  writeError(response, new SqsError('InternalFailure', 'The local SQS server failed; its log has the cause.', 500));
}
