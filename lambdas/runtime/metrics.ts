import { ENV } from './env.ts';

/** CloudWatch namespace where nobody gave the functions another. */
export const DEFAULT_NAMESPACE = 'Posthorn';

/** Collects the numbers of one invocation and writes them as one line. */
export interface StageMetrics {
  /** Adds `n` to a counter; a counter that nobody touched is not written. */
  count(name: string, n: number): void;
  /** Adds one measured duration, milliseconds. */
  milliseconds(name: string, value: number): void;
  /** Writes what was collected and starts anew. Call it once, at the end of an invocation. */
  flush(): void;
  /**
   * What was collected, as members of a log line of the stage, and starts anew: a line less to pay for. For invocations
   * that measure each duration at most {@link MAX_VALUES} times.
   */
  take(): Record<string, unknown>;
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
export function createMetrics(
  stage: string,
  {
    now = Date.now,
    namespace = process.env[ENV.metricsNamespace] ?? DEFAULT_NAMESPACE,
    write = (line: string): void => void process.stdout.write(line),
  } = {},
): StageMetrics {
  const counts = new Map<string, number>();
  const durations = new Map<string, number[]>();

  const members = (values: Value[]): Record<string, unknown> => {
    const Metrics = values.map(({ name, unit }) => ({ Name: name, Unit: unit }));
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [['stage']], Metrics }];
    const named = Object.fromEntries(values.map(({ name, value }) => [name, value]));
    return { _aws: { Timestamp: now(), CloudWatchMetrics }, ...named };
  };
  /** Values for each line. */
  const collected = (): Value[][] => {
    const lines = Math.max(1, ...[...durations.values()].map((all) => Math.ceil(all.length / MAX_VALUES)));
    const all = Array.from({ length: lines }, (_, line): Value[] => {
      const values: Value[] = line > 0 ? [] : [...counts].map(([name, value]) => ({ name, unit: 'Count', value }));
      for (const [name, measured] of durations) {
        const value = measured.slice(line * MAX_VALUES, (line + 1) * MAX_VALUES);
        if (value.length > 0) values.push({ name, unit: 'Milliseconds', value });
      }
      return values;
    });
    counts.clear();
    durations.clear();
    return all.filter((values) => values.length > 0);
  };

  return {
    count: (name, n) => void counts.set(name, (counts.get(name) ?? 0) + n),
    milliseconds(name, value) {
      const values = durations.get(name);
      if (values) values.push(value);
      else durations.set(name, [value]);
    },
    flush() {
      for (const values of collected()) {
        const { _aws, ...named } = members(values);
        write(`${JSON.stringify({ timestamp: new Date(now()).toISOString(), _aws, ...named, stage })}\n`);
      }
    },
    take() {
      const [values] = collected();
      return values ? members(values) : {};
    },
  };
}
