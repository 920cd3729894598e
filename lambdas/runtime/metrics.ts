/** CloudWatch namespace of all of Posthorn's own metrics. */
export const METRICS_NAMESPACE = 'Posthorn';

/** Collects the numbers of one invocation and writes them as one line. */
export interface Metrics {
  /** Adds `n` to a counter; a counter that nobody touched is not written. */
  count(name: string, n: number): void;
  /** Adds one measured duration, milliseconds. */
  milliseconds(name: string, value: number): void;
  /** Writes what was collected and starts anew. Call it once, at the end of an invocation. */
  flush(): void;
}

/** CloudWatch takes at most 100 values of one metric in one line; further ones start another line. */
const MAX_VALUES = 100;

interface Value {
  name: string;
  unit: 'Count' | 'Milliseconds';
  value: number | number[];
}

/**
 * Metrics by CloudWatch's embedded metric format: a JSON line in the log that CloudWatch turns into metrics, without an
 * API call. The only dimension is the stage: one per subscription would cost $0.30 a month each.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @param stage `ingest`, `fan-out`, `sender`, …
 */
export function metrics(
  stage: string,
  { now = Date.now, write = (line: string): void => void process.stdout.write(line) } = {},
): Metrics {
  const counts = new Map<string, number>();
  const durations = new Map<string, number[]>();

  const writeLine = (values: Value[]): void => {
    const Metrics = values.map(({ name, unit }) => ({ Name: name, Unit: unit }));
    const CloudWatchMetrics = [{ Namespace: METRICS_NAMESPACE, Dimensions: [['stage']], Metrics }];
    const line = { _aws: { Timestamp: now(), CloudWatchMetrics }, stage };
    write(`${JSON.stringify({ ...line, ...Object.fromEntries(values.map(({ name, value }) => [name, value])) })}\n`);
  };

  return {
    count: (name, n) => void counts.set(name, (counts.get(name) ?? 0) + n),
    milliseconds(name, value) {
      const values = durations.get(name);
      if (values) values.push(value);
      else durations.set(name, [value]);
    },
    flush() {
      const lines = Math.max(1, ...[...durations.values()].map((all) => Math.ceil(all.length / MAX_VALUES)));
      for (let line = 0; line < lines; line++) {
        const values: Value[] = line > 0 ? [] : [...counts].map(([name, value]) => ({ name, unit: 'Count', value }));
        for (const [name, all] of durations) {
          const value = all.slice(line * MAX_VALUES, (line + 1) * MAX_VALUES);
          if (value.length > 0) values.push({ name, unit: 'Milliseconds', value });
        }
        if (values.length > 0) writeLine(values);
      }
      counts.clear();
      durations.clear();
    },
  };
}
