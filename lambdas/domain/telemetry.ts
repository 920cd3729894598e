// What every stage says about its work. Pure types: logic gets something of these shapes passed in.

/** Ids, counts, durations, decisions. Never payloads, URLs' queries, headers, keys or secrets. */
export type LogFields = Record<string, string | number | boolean | null | undefined | string[]> & {
  /** What every line says by itself. */
  [K in 'timestamp' | 'level' | 'stage' | 'message']?: never;
};

/** Wide, structured log lines. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Numbers for CloudWatch. */
export interface Meter {
  /** Adds to a counter. */
  count(name: string, n: number): void;
  /** Adds one measured duration. */
  milliseconds(name: string, value: number): void;
}
