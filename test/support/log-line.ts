// Where a test or a proof runs functions in its own process, their log lines come out of that process. These tell them from
// what else it writes; test/runtime/log-line.test.ts holds them against the real logger.

/** Whether what a process writes is a line of a function, of its log or of its metrics. */
export function isLogLine(chunk: unknown): chunk is string {
  return typeof chunk === 'string' && chunk.startsWith('{"timestamp":"');
}

/** Whether it is a line about an error. */
export function isErrorLine(chunk: unknown): chunk is string {
  return isLogLine(chunk) && /^\{"timestamp":"[^"]*","level":"ERROR"/.test(chunk);
}
