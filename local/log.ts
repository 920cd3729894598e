/** One line that a function or the platform wrote. */
export interface LogEntry {
  /** Short name of the function, or `local` for the platform. */
  source: string;
  line: string;
}

/** How many lines {@link Log} keeps. */
const KEPT = 10_000;

/** All log lines of a run in one stream: kept for tests, handed to whoever prints them. */
export class Log {
  /** The newest lines, oldest first. */
  readonly entries: LogEntry[] = [];
  readonly #sink: ((entry: LogEntry) => void) | undefined;

  /** @param sink called with each line. @default nobody */
  constructor(sink?: (entry: LogEntry) => void) {
    this.#sink = sink;
  }

  /** A function that logs for one source. */
  from(source: string): (line: string) => void {
    return (line) => {
      const entry = { source, line };
      this.entries.push(entry);
      if (this.entries.length > KEPT) this.entries.splice(0, KEPT / 10);
      this.#sink?.(entry);
    };
  }
}

/** Members of a JSON log line that are shown first or not at all. */
const HEAD = new Set(['level', 'message', 'msg', 'timestamp', 'time']);

/** A line as people read it: JSON becomes `LEVEL message key=value …`, other text stays. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return line;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const metrics = metricsOf(parsed);
  // A line of nothing but metrics is for CloudWatch.
  if (metrics.size > 0 && !('message' in parsed)) return '';
  const level = typeof parsed['level'] === 'string' ? parsed['level'].toUpperCase() : '';
  const message = parsed['message'] ?? parsed['msg'] ?? '';
  const rest = Object.entries(parsed).filter(([key]) => !HEAD.has(key) && !metrics.has(key));
  const shown = rest.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [level, typeof message === 'string' ? message : JSON.stringify(message), ...shown].filter(Boolean).join(' ');
}

/** Names of the members that are CloudWatch's embedded metrics. */
function metricsOf(line: Record<string, unknown>): Set<string> {
  if (!('_aws' in line)) return new Set();
  const { CloudWatchMetrics = [] } = line['_aws'] as { CloudWatchMetrics?: { Metrics: { Name: string }[] }[] };
  return new Set(['_aws', ...CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name))]);
}
