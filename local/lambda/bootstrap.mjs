import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { connect as connectTo } from 'node:net';
import { constants, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createPartsReader, writeParts } from './parts.mjs';

// Runs inside each execution environment, a process or a thread, as Lambda's Node runtime does: loads the handler, then runs
// one invocation after the other. It imports nothing of the project, so that a function sees only its own bundle. Plain
// JavaScript, because removing types takes 40 ms of every start.

/** @typedef {import('./messages.ts').Answer} Answer */
/** @typedef {import('./messages.ts').Order} Order */
/** @typedef {import('./result.ts').InvocationResult} InvocationResult */
/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

/** @param {string} name */
const environment = (name) => process.env[name] ?? '';

/**
 * Tells the platform, and waits until the operating system has it.
 * @param {Answer} answer
 * @returns {Promise<void>}
 */
function tell(answer) {
  return new Promise((resolve, reject) => send(answer, (error) => (error ? reject(error) : resolve())));
}

/**
 * An error as the platform takes it.
 * @param {unknown} error
 * @returns {InvocationResult}
 */
function describe(error) {
  const described =
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { ok: false, error: described };
}

/** Has Node take what it has compiled of this bundle before from where the platform keeps it, if it does; see compiled.ts. */
function findCompiled() {
  const directory = join(environment('LAMBDA_TASK_ROOT'), '..', 'compiled');
  if (existsSync(directory)) enableCompileCache({ directory, portable: true });
}

/** @returns {Promise<Handler>} */
async function loadHandler() {
  const [, file = '', name = ''] = /^(.*)\.([^.]+)$/.exec(environment('_HANDLER')) ?? [];
  const root = environment('LAMBDA_TASK_ROOT');
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(root, file + extension)).find((p) => existsSync(p));
  if (!path) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}' in ${root}`);
  const module = await import(pathToFileURL(path).href);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${environment('_HANDLER')} is undefined or not exported`);
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler instead.',
    );
  }
  return handler;
}

/**
 * @param {string} name
 * @param {string} message
 */
function named(name, message) {
  return Object.assign(new Error(message), { name });
}

/** @param {Order} order */
function contextOf({ id, timeoutMs, functionArn }) {
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

let isFirst = true;

/**
 * @param {Handler} handler
 * @param {Order} order
 */
async function run(handler, order) {
  process.env['_X_AMZN_TRACE_ID'] = order.traceId;
  try {
    const result = await handler(JSON.parse(order.payload), contextOf(order));
    await tell({ ok: true, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(error);
    await tell(describe(error));
  }
  // Once, with all that an event needs; the platform ends environments without a word, so that Node would not do it.
  if (isFirst) flushCompileCache();
  isFirst = false;
}

/** @returns {{ send(answer: Answer, done: (error: Error | null) => void): void, listen(take: (order: Order) => void): void }} */
function connect() {
  if (!isMainThread) return connectThread();
  // The platform holds the other end of the channel: when it dies, however it dies, this process ends too.
  process.on('disconnect', () => process.exit(0));
  const channel = { send: process.send.bind(process), listen: (take) => process.on('message', take) };
  // On Lambda there is no channel, and libraries that find one may think themselves a worker.
  process.send = undefined;
  return channel;
}

/**
 * A thread talks to the platform itself: by way of the process's first thread each event would wake that one twice, a third of
 * all that is woken for it.
 */
function connectThread() {
  const written = collectOutput();
  /** @type {(order: Order) => void} */
  let run;
  const read = createPartsReader(([order, payload]) => run({ ...JSON.parse(order), payload }));
  const buffer = Buffer.allocUnsafeSlow(65_536);
  const callback = (length) => {
    read(buffer.subarray(0, length));
    return true;
  };
  const { path, name } = workerData;
  const socket = connectTo({ path, onread: { buffer, callback } });
  // The platform ends threads, or is gone itself.
  socket.on('error', () => undefined);
  socket.write(writeParts([name]));
  return {
    /** @param {Answer} answer */
    send({ payload = '', ...answer }, done) {
      socket.write(writeParts([JSON.stringify(answer), payload, written()]), 'utf8', done);
    },
    listen: (take) => (run = take),
  };
}

const LONG_TURN_MS = 20;

/**
 * What a thread writes goes with its next answer, or by itself when there is none in this turn of the event loop: through
 * Node's streams between threads a line costs as much as a call of AWS.
 * @returns {() => string} what was written and not yet told.
 */
function collectOutput() {
  let text = '';
  let since = 0;
  const utf8 = new StringDecoder('utf8');
  const take = () => {
    const written = text;
    text = '';
    return written;
  };
  const tellAlone = () => text !== '' && parentPort.postMessage({ text: take() });
  /** @param {string | Uint8Array} chunk */
  const write = (chunk, encoding, done = encoding) => {
    if (text === '') {
      since = performance.now();
      setImmediate(tellAlone);
    }
    text += typeof chunk === 'string' ? chunk : utf8.write(Buffer.from(chunk));
    // A turn that takes so long may have no end, and then neither an answer nor a next turn.
    if (performance.now() - since > LONG_TURN_MS) tellAlone();
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  process.on('exit', tellAlone);
  return take;
}

/** How many steps of the operating system's priorities it stands back: it gets a thirtieth of what a function beside it gets. */
const STEPS_BACK = 15;

/** Leaves the processors to the other functions while they want them. */
function giveWay() {
  // Linux knows a priority of each thread. Elsewhere all functions of the process would stand back.
  if (!isMainThread && process.platform !== 'linux') return;
  setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + STEPS_BACK));
}

if (isMainThread ? process.argv[2] === 'gives-way' : workerData.givesWay) giveWay();
const { send, listen } = connect();
findCompiled();
try {
  const handler = await loadHandler();
  listen((order) => void run(handler, order));
  await tell({ loaded: true });
} catch (error) {
  console.error(error);
  // The platform ends this process once it has read why; an exit of its own may be noticed before the message.
  await tell(describe(error)).catch(() => process.exit(1));
}
