import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** CloudWatch namespace of the functions' own metrics, as lambdas/runtime/metrics.ts writes it (a test compares them). */
export const METRICS_NAMESPACE = 'Posthorn';

/** What alarms and graphs look at once. */
export const PERIOD = Duration.minutes(5);

/**
 * A metric that a stage writes itself.
 * @param stage `ingest`, `fan-out`, `sender`, …
 * @param statistic `Sum` for counters; `p50`, `p99` for durations.
 */
export function stageMetric(stage: string, metricName: string, statistic = 'Sum'): Metric {
  const dimensionsMap = { stage };
  return new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap, statistic, period: PERIOD });
}

/** A metric without data counts as 0, so that the others still count. */
export function sumOf(metrics: IMetric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric]));
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period: PERIOD });
}
