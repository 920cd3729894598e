import type { Reply } from '../aws-call.ts';
import { startAwsServer, type AwsServer } from '../aws-server.ts';
import { realClock, type Clock } from '../clock.ts';
import { CutOff } from '../cut-off.ts';
import { signatureCheck, type CredentialsOf } from '../iam/signature.ts';
import { Engine } from './engine.ts';
import { accessDenied, SqsError } from './errors.ts';
import { MoveTasks } from './move-tasks.ts';
import { iamActionOf, operationsOf, resourceOf, type CallContext } from './operations.ts';
import { executePart } from './partial-failure.ts';
import type { Input } from './input.ts';
import { MOST_BYTES, readRequest, writeError, writeResult, type ParsedRequest } from './protocol.ts';

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
  /** Signatures are checked with these. @default no signature is checked */
  credentialsOf?: CredentialsOf;
  /** How far a caller's clock may differ from the machine's, milliseconds. @default 5 minutes, as AWS has it */
  skewMs?: number | undefined;
  /** Asked before every request with the parsed call. @default allows everybody */
  authorize?: (call: AwsCall) => AuthorizeResult;
  /** Lets proofs make calls fail: an error to answer instead of executing, or after it. @default no faults */
  fault?: (call: AwsCall) => Fault | undefined;
  /** Delays each call. @default no delay */
  delay?: (() => Promise<void>) | undefined;
  /** Whether a receive that does not wait finds a given message, asked for each. @default it does */
  isSampled?: (() => boolean) | undefined;
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
  /**
   * A call from this process: the same as by HTTP, permissions and faults included, without the way over the network.
   * @throws SqsError, or {@link CutOff} where HTTP would cut the connection.
   */
  call(request: ParsedRequest, signal: AbortSignal): Promise<Input>;
  /** How many messages of a queue can be received now, counted up to `most`: for the poller in this process, which shapes load by it. */
  ready(queueUrl: string, most: number): number;
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
  const engine = new Engine(
    options.file,
    options.region,
    options.accountId,
    options.clock ?? realClock,
    options.isSampled,
  );
  const moves = new MoveTasks(engine);
  const operations = operationsOf(engine, moves);
  const calls = new Map<string, number>();
  let endpoint = '';

  const perform = async (
    { operation, accessKeyId, input }: ParsedRequest,
    signal: () => AbortSignal,
  ): Promise<object> => {
    const act = operations.get(operation);
    if (act === undefined) {
      throw new SqsError('UnknownOperationException', `The operation ${operation} is not served here.`);
    }
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    await options.delay?.();
    const resource = resourceOf(input, options.region, options.accountId);
    const call: AwsCall = { accessKeyId, action: iamActionOf(operation), resource, input };
    const verdict = options.authorize?.(call) ?? { allowed: true };
    if (!verdict.allowed) throw accessDenied(verdict.message);
    const fault = options.fault?.(call);
    if (fault?.when === 'before') throw errorOf(fault);
    const context: CallContext = { caller: accessKeyId ?? 'anonymous', endpoint, signal };
    if (fault?.when === 'part') return executePart(input, fault, async (rest) => act(rest, context));
    const result = await act(input, context);
    if (fault !== undefined) throw errorOf(fault);
    return result;
  };
  // A refusal too may rest on what is not kept yet.
  const execute = async (request: ParsedRequest, signal: () => AbortSignal): Promise<object> => {
    try {
      return await perform(request, signal);
    } finally {
      await engine.durable();
    }
  };

  const check = signatureCheck(options.credentialsOf, Date.now, options.skewMs);
  let server: AwsServer;
  try {
    server = await startAwsServer(options.port, MOST_BYTES, (request, reply) => {
      readRequest(request, check)
        .then((parsed) => execute(parsed, () => reply.hangUp()))
        .then((result) => writeResult(reply, result))
        .catch((error: unknown) => answerError(reply, error));
    });
  } catch (error) {
    moves.close();
    engine.close();
    throw error;
  }
  const { port } = server;
  endpoint = `http://127.0.0.1:${port}`;
  const end = async (): Promise<void> => {
    moves.close();
    engine.polls.close();
    await server.close('cut');
    engine.close();
  };
  let ended: Promise<void> | undefined;
  return {
    endpoint,
    port,
    call: async (request, signal) => (await execute(request, () => signal)) as Input,
    ready: (QueueUrl, most) => engine.messages.countReady(engine.queues.ofRequest({ QueueUrl }), most),
    close: () => (ended ??= end()),
    calls,
  };
}

function errorOf({ code, status }: Fault): Error {
  return code === 'timeout' ? new CutOff() : new SqsError(code, 'A fault that was asked for.', status);
}

function answerError(reply: Reply, error: unknown): void {
  if (reply.isOver) return;
  if (error instanceof CutOff) return reply.cut();
  if (error instanceof SqsError) return writeError(reply, error);
  // A defect of this server: its caller sees what AWS shows, the developer the cause.
  console.error('local SQS failed:', error);
  writeError(reply, new SqsError('InternalFailure', 'The local SQS server failed; its log has the cause.', 500));
}
