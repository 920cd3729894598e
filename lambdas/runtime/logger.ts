import type { Log, LogFields } from '../domain/telemetry.ts';

export type { LogFields };

type Level = 'INFO' | 'WARN' | 'ERROR';

/** Writes one wide JSON line to standard output, which Lambda hands to CloudWatch Logs; that one notes the time. */
function line(level: Level, stage: string, message: string, fields: LogFields): void {
  process.stdout.write(`${JSON.stringify({ level, stage, message, ...fields })}\n`);
}

/** The log of a function. */
export type Logger = Log;

/** One line for each outcome of a stage. @param stage `ingest`, `fan-out`, `sender`, … */
export function createLogger(stage: string): Logger {
  return {
    info: (message, fields = {}) => line('INFO', stage, message, fields),
    warn: (message, fields = {}) => line('WARN', stage, message, fields),
    error: (message, fields = {}) => line('ERROR', stage, message, fields),
  };
}

/** What a service's or Node's code of an error looks like: `ECONNRESET`, `ThrottlingException`. Anything else may be input. */
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;
/** A line of a stack that names a place in a file: its function, which input cannot name, and `file:line:column`. */
const FRAME = /^ {4}at [^\n]*:\d+:\d+\)?$/m;

/**
 * What may be said of an unexpected error: its name and, for AWS calls, the service's code. Its message is left out,
 * because libraries quote input in messages and input may be patient data.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  return {
    error: CODE.test(error.name) ? error.name : 'Error',
    ...(typeof code === 'string' && CODE.test(code) ? { code } : {}),
    at: firstFrame(error),
  };
}

/** The stack begins with the message, which may have several lines, and may itself look like a stack. */
function firstFrame({ stack = '', message }: Error): string | undefined {
  const at = message === '' ? 0 : stack.indexOf(message);
  // A message that was changed after the stack was written: nothing tells where it ends.
  if (at < 0) return undefined;
  return FRAME.exec(stack.slice(at + message.length))?.[0]
    .trim()
    .slice(0, 200);
}
