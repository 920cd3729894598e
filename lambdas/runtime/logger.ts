import { failedCall } from '../aws/failed-calls.ts';
import type { LogFields, Logger } from '../domain/telemetry.ts';

export type { LogFields, Logger };

type Level = 'INFO' | 'WARN' | 'ERROR';

/**
 * One wide JSON line on standard output, which Lambda hands to CloudWatch Logs, for each outcome of a stage.
 *
 * `timestamp` (RFC 3339) makes Lambda take the line's own `level`: without one it counts the line as INFO, and a function
 * whose application log level is WARN would lose its errors.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 * @param stage `ingest`, `fan-out`, `sender`, …
 */
export function createLogger(
  stage: string,
  { now = Date.now, write = (line: string): void => void process.stdout.write(line) } = {},
): Logger {
  const line = (level: Level, message: string, fields: LogFields = {}): void => {
    const own = { timestamp: new Date(now()).toISOString(), level, stage, message };
    // First for who reads it, last so that no field takes its place.
    write(`${JSON.stringify({ ...own, ...fields, ...own })}\n`);
  };
  return {
    info: (message, fields) => line('INFO', message, fields),
    warn: (message, fields) => line('WARN', message, fields),
    error: (message, fields) => line('ERROR', message, fields),
  };
}

/** What a service's or Node's code of an error looks like: `ECONNRESET`, `ThrottlingException`. Anything else may be input. */
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;
/** A line of a stack that names a place in a file: its function, which input cannot name, and `file:line:column`. */
const FRAME = /^ {4}at [^\n]*:\d+:\d+\)?$/gm;
/** Frames of a line in the log, and characters of each. */
const MAX_FRAMES = 6;
const MAX_FRAME = 200;

/**
 * What may be said of an unexpected error: its name and code, where it was thrown (`at`) and what led there (`stack`);
 * for a call of AWS also which call on which table or queue, the service's status and request id, and `at` is where we
 * made it. `npm run where` finds the line of the source for a place in a bundle. The error's message is left out,
 * because libraries quote input in messages and input may be patient data.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: Record<string, unknown> };
  const { call, on, from } = failedCall(error) ?? {};
  const frames = from === undefined ? framesOf(error) : framesIn(from).slice(1);
  return {
    error: CODE.test(error.name) ? error.name : 'Error',
    code: shortText(code),
    call,
    on,
    http_status: typeof $metadata?.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined,
    aws_request_id: shortText($metadata?.requestId),
    at: frames[0],
    stack: frames.length > 1 ? frames.slice(1, MAX_FRAMES) : undefined,
  };
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && CODE.test(value) ? value : undefined;
}

/** The stack begins with the message, which may have several lines, and may itself look like a stack. */
function framesOf({ stack = '', message }: Error): string[] {
  const at = message === '' ? 0 : stack.indexOf(message);
  // A message that was changed after the stack was written: nothing tells where it ends.
  return at < 0 ? [] : framesIn(stack.slice(at + message.length));
}

/** Without Node's own frames, which lead nowhere in our code. */
function framesIn(stack: string): string[] {
  const frames = (stack.match(FRAME) ?? []).map((frame) => frame.trim().slice(0, MAX_FRAME));
  return frames.filter((frame) => !/\bnode:/.test(frame));
}
