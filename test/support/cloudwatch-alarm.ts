// A CloudWatch alarm as AWS evaluates it, fed with data points by a test. Source:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html

/** Properties of AWS::CloudWatch::Alarm, as far as the stacks use them. */
export interface AlarmProperties {
  AlarmName: string;
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  TreatMissingData: string;
  MetricName?: string;
  Dimensions?: unknown;
  Metrics?: {
    Id: string;
    Expression?: string;
    MetricStat?: { Metric: { MetricName: string } };
    ReturnData?: boolean;
  }[];
}

/** One value of a period for each metric that the alarm looks at; undefined: nothing was written in it. */
export type Period = Readonly<Record<string, number | undefined>>;

export type AlarmState = 'OK' | 'ALARM';

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/** Names by which a test feeds an alarm: its metric's, or those of the metrics of its expression. */
export function fedBy(alarm: AlarmProperties): string[] {
  if (alarm.MetricName !== undefined) return [alarm.MetricName];
  return (alarm.Metrics ?? []).flatMap(({ Id, MetricStat }) => (MetricStat ? [Id] : []));
}

/** The alarm's state after the last of these periods, oldest first. */
export function stateAfter(alarm: AlarmProperties, periods: readonly Period[]): AlarmState {
  const compare = COMPARISONS[alarm.ComparisonOperator];
  if (!compare) throw new Error(`${alarm.AlarmName}: ${alarm.ComparisonOperator} is not known to this evaluation.`);
  const latest = periods.slice(-alarm.EvaluationPeriods).map((period) => valueOf(alarm, period));
  const breaching = latest.filter((value) =>
    value === undefined ? alarm.TreatMissingData === 'breaching' : compare(value, alarm.Threshold),
  );
  return breaching.length >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) ? 'ALARM' : 'OK';
}

function valueOf(alarm: AlarmProperties, period: Period): number | undefined {
  if (alarm.MetricName !== undefined) return period[alarm.MetricName];
  const result = alarm.Metrics?.find(({ ReturnData, Expression }) => Expression !== undefined && ReturnData !== false);
  const terms = result?.Expression?.split('+').map((term) => term.trim());
  if (!terms) throw new Error(`${alarm.AlarmName}: expected a metric or a sum of metrics.`);
  return terms.reduce((sum, term) => {
    const [, id] = /^FILL\((\w+), ?0\)$/.exec(term) ?? [];
    if (id === undefined) throw new Error(`${alarm.AlarmName}: expected FILL(metric, 0) + …, got ${term}.`);
    return sum + (period[id] ?? 0);
  }, 0);
}
