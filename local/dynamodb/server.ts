import { randomUUID } from 'node:crypto';
import type { AwsRequest, Reply } from '../aws-call.ts';
import { startAwsServer, type AwsServer } from '../aws-server.ts';
import { CutOff } from '../cut-off.ts';
import { signatureCheck, type CheckSignature, type CredentialsOf } from '../iam/signature.ts';
import { callOf, callsToAuthorize, type AwsCall } from './calls.ts';
import { Engine, type StreamListener } from './engine.ts';
import { dynamoDbError, frontError, isServiceError, ServiceError } from './errors.ts';
import { allOperations } from './operations.ts';
import { executePart } from './partial-failure.ts';
import { startSweeping } from './time-to-live.ts';
import type { ThroughputLimits } from './throughput.ts';
import type { Input, Operations } from './types.ts';

export type { AwsCall } from './calls.ts';
export type { StreamRecord } from './stream-log.ts';

/** DynamoDB's largest request. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);

/** How a local DynamoDB is set up. */
export interface DynamoDbOptions {
  /** Folder for the data, or undefined for memory. */
  folder?: string;
  /** Port on 127.0.0.1; 0 chooses a free one. */
  port: number;
  /** Region in ARNs and stream records. */
  region: string;
  /** Account in ARNs, 12 digits. */
  accountId: string;
  /** Milliseconds since the epoch, used for TTL and stream times. @default the machine's clock */
  clock?: { now(): number };
  /** Signatures are checked with these. @default no signature is checked */
  credentialsOf?: CredentialsOf;
  /** How far a caller's clock may differ from the machine's, milliseconds. @default 5 minutes, as AWS has it */
  skewMs?: number | undefined;
  /** Asked before each call, for each permission that it needs; a refusal answers AccessDeniedException. @default all allowed */
  authorize?: (call: AwsCall) => { allowed: true } | { allowed: false; message: string };
  /**
   * Asked for each allowed call whether it shall fail. `before`: it is not executed. `after`: it is executed, but the
   * caller sees the error. `part`: half of a batch call comes back as unprocessed, the rest is executed. Code
   * `timeout`: the connection is cut without an answer. @default none fails
   */
  fault?: (call: AwsCall) => { when: 'before' | 'after' | 'part'; status: number; code: string } | undefined;
  /** What is throttled, as on AWS. @default nothing */
  throughput?: ThroughputLimits | undefined;
  /** Delays each call. @default no delay */
  delay?: (() => Promise<void>) | undefined;
}

/** A running local DynamoDB, Streams on the same endpoint. */
export interface DynamoDbServer {
  /** e.g. `http://127.0.0.1:54321`. */
  endpoint: string;
  port: number;
  /**
   * A call from this process: the same as by HTTP, permissions and faults included, without the way over the network.
   * @param call.target as in the header `x-amz-target`.
   * @throws ServiceError, or {@link CutOff} where HTTP would cut the connection.
   */
  call(call: { target: string; accessKeyId: string; input: Input }): Promise<object>;
  /** Ends open calls, stops the sweep, closes the files; a second call waits for the first. */
  close(): Promise<void>;
  /** Requests received, by action, e.g. `dynamodb:PutItem`; refused and failed ones too. */
  calls: Map<string, number>;
  /** Consumed capacity units per table, its indexes included, counted whatever the caller asked for. */
  capacity: Map<string, { read: number; write: number }>;
  /** Refusals by table, or `table/index`, and `Read` or `Write`; empty where nothing is throttled. */
  throttled: ReadonlyMap<string, number>;
  /** Subscribe in-process to a table's stream records, in order, after they are durable; returns the way to stop. `listener` must not throw. */
  subscribe(table: string, listener: StreamListener): () => void;
}

/**
 * Starts a DynamoDB that the unmodified AWS SDK talks to, on loopback only.
 * @throws when the folder is in use by another process, or the port is taken.
 */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDbServer> {
  const { folder, region, accountId, clock = { now: () => Date.now() } } = options;
  const engine = new Engine({ folder, region, accountId, clock, throughput: options.throughput });
  const operations = allOperations(engine);
  const calls = new Map<string, number>();
  const check = signatureCheck(options.credentialsOf, Date.now, options.skewMs);
  const context = { options, engine, operations, calls, check };
  let server: AwsServer;
  try {
    server = await startAwsServer(
      options.port,
      MAX_REQUEST_BYTES,
      (request, reply) => void handle(context, request, reply),
    );
  } catch (error) {
    engine.close();
    throw error;
  }
  const stopSweeping = startSweeping(engine);
  const close = async () => {
    stopSweeping();
    await server.close('answer');
    engine.close();
  };
  let closed: Promise<void> | undefined;
  const { port } = server;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    calls,
    capacity: engine.capacity,
    throttled: engine.throughput?.throttled ?? new Map<string, number>(),
    call: async ({ target, accessKeyId, input }) => {
      await options.delay?.();
      return durably(engine, () => perform(context, target, accessKeyId, input));
    },
    subscribe: (table, listener) => engine.subscribe(table, listener),
    close: () => (closed ??= close()),
  };
}

interface Context {
  options: DynamoDbOptions;
  engine: Engine;
  operations: Operations;
  calls: Map<string, number>;
  check: CheckSignature;
}

async function handle(context: Context, request: AwsRequest, reply: Reply): Promise<void> {
  await context.options.delay?.();
  try {
    send(reply, 200, await durably(context.engine, () => answer(context, request)));
  } catch (error) {
    if (error instanceof CutOff) return reply.cut();
    if (!isServiceError(error)) console.error('local DynamoDB failed on', request.headers['x-amz-target'], error);
    const known = isServiceError(error)
      ? error
      : frontError('InternalServerError', 'The local DynamoDB failed; its log says how.', 500);
    send(reply, known.statusCode, known.body);
  }
}

/** A refusal too may rest on what is not kept yet. */
async function durably<T>(engine: Engine, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } finally {
    await engine.storage.durable();
  }
}

async function answer(context: Context, request: AwsRequest): Promise<object> {
  const { body } = request;
  const verdict = await context.check(request, body ?? NO_BODY);
  if ('error' in verdict) throw frontError(verdict.error, verdict.message);
  const target = String(request.headers['x-amz-target']);
  if (request.method !== 'POST' || !Object.hasOwn(context.operations, target)) {
    throw frontError(
      'UnknownOperationException',
      `Expected a POST of a known operation, got ${request.method} ${target}`,
    );
  }
  return perform(context, target, verdict.signer, parse(body));
}

/** Does what a caller asks, who is who it says. @param target of a known operation. */
async function perform(
  { options, engine, operations, calls }: Context,
  target: string,
  accessKeyId: string,
  input: Input,
): Promise<object> {
  const operation = operations[target]!;
  const name = target.slice(target.indexOf('.') + 1);
  const call = callOf(name, input, engine.tableArnPrefix, accessKeyId);
  calls.set(call.action, (calls.get(call.action) ?? 0) + 1);
  for (const needed of callsToAuthorize(call, engine.tableArnPrefix)) {
    const verdict = options.authorize?.(needed) ?? { allowed: true };
    if (!verdict.allowed) throw frontError('AccessDeniedException', verdict.message);
  }
  const fault = options.fault?.(call);
  if (!fault) return operation(call.input);
  if (fault.when === 'part') return executePart(call.input, async (input) => operation(input));
  if (fault.when === 'after') await executeUnseen(operation, call.input);
  if (fault.code === 'timeout') throw new CutOff();
  const { body: faultBody } = dynamoDbError(
    fault.code,
    `${fault.code}, asked for by the test (${fault.when} execution)`,
  );
  throw new ServiceError(String(faultBody['__type']), String(faultBody['message']), {}, fault.status);
}

/** Executes a call whose answer nobody will see, a refusal as little as a success. */
async function executeUnseen(operation: Operations[string], input: Input): Promise<void> {
  try {
    await operation(input);
  } catch (error) {
    if (!isServiceError(error)) throw error;
  }
}

function parse(body: Buffer | undefined): Input {
  if (!body) throw frontError('RequestEntityTooLargeException', `A request may have ${MAX_REQUEST_BYTES} bytes`, 413);
  try {
    const input: unknown = JSON.parse(body.toString());
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Input;
  } catch {
    // Answered below like any other body that is no object.
  }
  throw frontError('SerializationException', 'Expected a JSON object as the body');
}

function send(reply: Reply, status: number, body: object): void {
  if (reply.isOver) return;
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() };
  reply.send(status, headers, JSON.stringify(body));
}
