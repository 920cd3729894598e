import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

// The process whose threads are execution environments, see host.ts. Plain JavaScript for the same reason as bootstrap.mjs.

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
/**
 * MiB of a thread's young generation, three semispaces: an invocation leaves some 100 KB behind. With Node's own size, 48, it
 * would be most of what a thread takes; with half of this it is collected more often for nothing less.
 */
const YOUNG_MB = 6;

/** @typedef {import('./messages.ts').ToHost} ToHost */
/** @typedef {import('./messages.ts').FromHost} FromHost */

/** @type {Map<number, { worker: Worker, killed: boolean }>} */
const threads = new Map();

/** @param {FromHost} message */
const tell = (message) => void process.send(message, () => undefined);

/**
 * @param {number} thread
 * @param {{ variables: Record<string, string>, heapMb: number, givesWay: boolean, line: { path: string, name: string } }} options
 */
function start(thread, { variables, heapMb, givesWay, line }) {
  const worker = new Worker(BOOTSTRAP, {
    env: variables,
    workerData: { ...line, givesWay },
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const entry = { worker, killed: false };
  threads.set(thread, entry);
  // What Node itself writes: the rest comes with answers, which go to the platform past this thread; see bootstrap.mjs.
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding('utf8').on('data', (text) => tell({ thread, text }));
  worker.on('message', (said) => tell({ thread, ...said }));
  worker.on('error', (error) => tell({ thread, text: `${String(error?.stack ?? error)}\n` }));
  worker.on('exit', (exit) => {
    threads.delete(thread);
    // After its last line.
    setImmediate(() => tell({ thread, exit, killed: entry.killed }));
  });
}

process.on('message', (/** @type {ToHost} */ message) => {
  if ('start' in message) return start(message.thread, message.start);
  const entry = threads.get(message.thread);
  if (!entry) return;
  entry.killed = true;
  void entry.worker.terminate();
});
// The platform holds the other end of the channel: when it dies, however it dies, this process ends too.
process.on('disconnect', () => process.exit(0));
