import http from 'node:http';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// Runs inside each execution environment, as Lambda's Node runtime does: loads the handler, then asks for one
// invocation after the other. It imports nothing of the project, so that a function sees only its own bundle.

type Handler = (event: unknown, context: unknown) => unknown;

const environment = (name: string): string => process.env[name] ?? '';
const [host = '', port = ''] = environment('AWS_LAMBDA_RUNTIME_API').split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

interface Answer {
  headers: http.IncomingHttpHeaders;
  body: string;
}

function call(method: string, path: string, body?: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = {
      host,
      port,
      method,
      path: `/2018-06-01/runtime${path}`,
      agent,
      headers: { ...headers, ...length },
    };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** An error as the Runtime API takes it. */
function describe(error: unknown): string {
  if (!(error instanceof Error))
    return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
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

function contextOf(headers: http.IncomingHttpHeaders): Record<string, unknown> {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: environment('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: environment('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    logGroupName: environment('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environment('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function run(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    const id = String(headers['lambda-runtime-aws-request-id']);
    process.env['_X_AMZN_TRACE_ID'] = String(headers['lambda-runtime-trace-id']);
    try {
      const result = await handler(JSON.parse(body), contextOf(headers));
      // Waiting for the answer of this call is what keeps the next event from being taken before this one is done.
      await call('POST', `/invocation/${id}/response`, JSON.stringify(result) ?? 'null');
    } catch (error) {
      console.error(error);
      await call('POST', `/invocation/${id}/error`, describe(error));
    }
  }
}

// The platform holds the other end of stdin: when it dies, however it dies, this process ends too.
process.stdin
  .on('end', () => process.exit(0))
  .on('error', () => process.exit(0))
  .resume();

try {
  const handler = await loadHandler();
  await run(handler);
} catch (error) {
  console.error(error);
  await call('POST', '/init/error', describe(error)).catch(() => undefined);
  process.exit(1);
}
