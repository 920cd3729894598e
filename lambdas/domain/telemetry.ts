// What every stage says about its work. Pure types: logic gets something of these shapes passed in.

/** Ids, counts, durations, decisions. Never payloads, URLs' queries, headers, keys or secrets. */
export type LogFields = Record<string, string | number | boolean | null | undefined | string[]> & {
  /** What every line says by itself; and ids are called as in the API, `event_id`, so that one query finds them all. */
  [K in 'timestamp' | 'level' | 'stage' | 'message' | 'event' | 'subscription' | 'replay']?: never;
};

/** Whose endpoint a log line is about, under the names of the API. */
export function idsOf({ organization, subscription }: { organization: string; subscription: string }): LogFields {
  return { organization, subscription_id: subscription };
}

/** Wide, structured log lines. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Numbers for CloudWatch. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, n: number): void;
  /** Adds one measured duration. */
  milliseconds(name: string, value: number): void;
}
