import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Answer, Order } from './messages.ts';
import type { InvocationResult } from './result.ts';

// Runs inside each execution environment, as Lambda's Node runtime does: loads the handler, then runs one invocation
// after the other. It imports nothing of the project but types, so that a function sees only its own bundle.

type Handler = (event: unknown, context: unknown) => unknown;

const environment = (name: string): string => process.env[name] ?? '';

/** Tells the platform, and waits until the operating system has it. */
function tell(answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => send(answer, (error) => (error ? reject(error) : resolve())));
}

/** An error as the platform takes it. */
function describe(error: unknown): InvocationResult {
  const described =
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { ok: false, error: described };
}

async function loadHandler(): Promise<Handler> {
  const [, file = '', name = ''] = /^(.*)\.([^.]+)$/.exec(environment('_HANDLER')) ?? [];
  const root = environment('LAMBDA_TASK_ROOT');
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(root, file + extension)).find((p) => existsSync(p));
  if (!path) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}' in ${root}`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${environment('_HANDLER')} is undefined or not exported`);
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler instead.',
    );
  }
  return handler as Handler;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function contextOf({ id, timeoutMs, functionArn }: Order): Record<string, unknown> {
  // Not by the time of day, which may be set anew meanwhile.
  const end = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: environment('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: functionArn,
    memoryLimitInMB: environment('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    awsRequestId: id,
    logGroupName: environment('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environment('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => Math.floor(end - performance.now()),
  };
}

async function run(handler: Handler, order: Order): Promise<void> {
  process.env['_X_AMZN_TRACE_ID'] = order.traceId;
  try {
    const result = await handler(JSON.parse(order.payload), contextOf(order));
    await tell({ ok: true, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(error);
    await tell(describe(error));
  }
}

// The platform holds the other end of the channel: when it dies, however it dies, this process ends too.
process.on('disconnect', () => process.exit(0));
const send = process.send!.bind(process) as (message: Answer, done: (error: Error | null) => void) => void;
// On Lambda there is no channel, and libraries that find one may think themselves a worker.
process.send = undefined;

try {
  const handler = await loadHandler();
  process.on('message', (order: Order) => void run(handler, order));
  await tell({ loaded: true });
} catch (error) {
  console.error(error);
  // The platform ends this process once it has read why; an exit of its own may be noticed before the message.
  await tell(describe(error)).catch(() => process.exit(1));
}
