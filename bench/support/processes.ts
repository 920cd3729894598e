import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SUPPORT = import.meta.dirname;
/** Longest that a measured process may take, milliseconds. */
const PATIENCE_MS = 600_000;

/** A process beside the measured one: its CPU does not count. */
export interface Helper {
  /** What it said when it was ready: ports, files. */
  ready: Record<string, string>;
  pid: number;
  /** Asks it to end. @returns when it has. */
  close(): Promise<void>;
}

/** Starts a server of bench/support in a process of its own and waits until it is ready. */
export async function startHelper(file: string, args: string[] = []): Promise<Helper> {
  const child = fork(join(SUPPORT, file), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // It has answered, so it was started and has an id.
  return {
    ready: (await answerOf(child)) as Record<string, string>,
    pid: child.pid!,
    close: async () => {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    },
  };
}

/** The whole environment of a measured process, beside the variables of its function. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SESSION_TOKEN: 'bench',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  LANG: 'en_US.UTF-8',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TZ: 'UTC',
};

/**
 * Runs a module in a fresh process and waits for the one message that it sends. Its standard output, the function's log,
 * goes nowhere.
 * @throws when the process ends without a message.
 */
export async function runMeasured<T>(module: string, variables: Record<string, string>): Promise<T> {
  const child = fork(module, {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: { ...ENVIRONMENT, ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    return (await answerOf(child)) as T;
  } finally {
    child.kill();
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController();
  const timer = setTimeout(() => child.kill(), PATIENCE_MS);
  child.once('exit', (code, signal) => gone.abort(new Error(`The process ended early: ${signal ?? code}`)));
  try {
    const [message] = (await once(child, 'message', { signal: gone.signal })) as [unknown];
    return message;
  } finally {
    clearTimeout(timer);
  }
}
