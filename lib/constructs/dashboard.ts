import { Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, TextWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { DeadLetteredQueue } from './dead-lettered-queue.ts';
import type { PosthornApi } from './http-api.ts';
import type { StageFunction } from './function.ts';
import type { Operations } from './operations.ts';
import { PERIOD } from './stage-metric.ts';

export interface DashboardProps {
  /** One row for each, in this order. */
  stages: StageFunction[];
  /** Side by side in the last row. */
  queues: DeadLetteredQueue[];
  api: PosthornApi;
  /** Names it and its metrics. */
  operations: Operations;
}

/** Counters that a stage writes, in the order of what one wants to know first. */
const COUNTERS: Record<string, string[]> = {
  ingest: ['EventsRejected', 'EventsUnavailable'],
  'fan-out': [
    'DeliveriesQueued',
    'EventsFannedOut',
    'EventsRetried',
    'EventsDeadLettered',
    'PlatformFailures',
    'PlatformDeadLetters',
    'MessagesSlippedAway',
    'UnreadableSubscriptions',
  ],
  sender: [
    'DeliveriesDelivered',
    'AttemptsFailed',
    'DeliveriesExhausted',
    'DeliveriesHeld',
    'PlatformFailures',
    'SecretsMissing',
    'PlatformDeadLetters',
    'MessagesPoison',
    'MessagesSlippedAway',
    'DeliveriesGone',
    'DeliveriesSkipped',
    'ClinicV1StatusesUnmapped',
    'DeliveriesCancelled',
    'CircuitsOpened',
    'LogWritesFailed',
  ],
  'subscription-guard': [
    'BrokenSubscriptions',
    'MendedSubscriptions',
    'SubscriptionHandEdits',
    'SecretsMadeForRows',
    'SecretsHandedBack',
    'SubscriptionChecksFailed',
    'SubscriptionNotesRefused',
    'SubscriptionChangesUnreadable',
  ],
  statistics: ['LinesCounted', 'StatisticsRowsWritten', 'LinesUnreadable'],
  recovery: [
    'Probes',
    'DeliveriesReleased',
    'SubscriptionsDeactivated',
    'OperationalEvents',
    'EventsReconciled',
    'StuckDeliveries',
    'PlatformFailures',
    'PlatformDeadLetters',
    'MessagesSlippedAway',
  ],
};

/** Counters that say how many there are at the moment, not how many came. */
const STOCKS: Record<string, string[]> = { recovery: ['CircuitsOpen', 'EndpointsPaused'] };

/** Durations that a stage writes. */
const DURATIONS: Record<string, string[]> = {
  'fan-out': ['FanOutAge'],
  sender: ['DeliveryAge', 'EndpointLatency'],
  recovery: ['ReconcilerLag'],
};

/** All 24 columns of a dashboard. */
const WIDTH = 24;

/** One row per stage, then the API and the queues between the stages: where an event is stuck can be seen from above. */
export class PosthornDashboard extends Construct {
  constructor(scope: Construct, id: string, { stages, queues, api, operations }: DashboardProps) {
    super(scope, id);
    // Dashboards are global to an account: the other region's needs another name.
    const dashboardName = `${operations.prefix}-${Stack.of(this).region}`;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName });
    for (const fn of stages) row(dashboard, fn.stage, stageWidgets(fn, operations));
    row(dashboard, 'HTTP API', [
      graph('requests', [api.metric('Count'), api.metric('4xx'), api.metric('5xx')]),
      graph('latency', [api.metric('Latency', 'p50'), api.metric('Latency', 'p99')]),
    ]);
    row(
      dashboard,
      'queues',
      queues.map((queue) => graph(queue.name, queueMetrics(queue))),
    );
  }
}

function row(dashboard: Dashboard, title: string, widgets: IWidget[]): void {
  dashboard.addWidgets(new TextWidget({ markdown: `# ${title}`, width: WIDTH, height: 1 }));
  dashboard.addWidgets(...widgets);
}

function stageWidgets(fn: StageFunction, operations: Operations): IWidget[] {
  const { stage } = fn;
  const counters = [
    ...(COUNTERS[stage] ?? []).map((name) => operations.stageMetric(stage, name)),
    ...(STOCKS[stage] ?? []).map((name) => operations.stageMetric(stage, name, 'Maximum')),
  ];
  const durations = (DURATIONS[stage] ?? []).flatMap((name) =>
    ['p50', 'p99'].map((statistic) => operations.stageMetric(stage, name, statistic)),
  );
  return [
    ...(counters.length > 0 ? [graph('outcomes', counters)] : []),
    ...(durations.length > 0 ? [graph('milliseconds', durations)] : []),
    graph('invocations', [
      fn.metricInvocations({ period: PERIOD }),
      fn.metricErrors({ period: PERIOD }),
      fn.metricThrottles({ period: PERIOD }),
    ]),
    graph('duration', [
      fn.metricDuration({ period: PERIOD, statistic: 'p50' }),
      fn.metricDuration({ period: PERIOD, statistic: 'p99' }),
    ]),
  ];
}

function queueMetrics({ queue, deadLetterQueue }: DeadLetteredQueue): IMetric[] {
  return [
    queue.metricNumberOfMessagesSent({ period: PERIOD, label: 'arrived' }),
    queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, label: 'waiting' }),
    queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, label: 'in flight' }),
    // What comes back for a reason of ours, most of all.
    queue.metricApproximateNumberOfMessagesDelayed({ period: PERIOD, label: 'delayed' }),
    deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, label: 'dead letters' }),
  ];
}

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: WIDTH / 4 });
