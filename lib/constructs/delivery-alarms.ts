import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Operations } from './operations.ts';
import { minutesBetweenRuns } from './schedule.ts';
import { PERIOD, sumOf } from './stage-metric.ts';

/** Half of all deliveries take less than a second from accepting the event to the customer's answer. */
const SLOW_DELIVERY_MS = 120_000;

/** A run ends with no lag while it keeps up; this much is no single slow run any more. */
const RECONCILER_LAG_MS = 3_600_000;

export interface DeliveryAlarmsProps {
  operations: Operations;
  /** Seconds between two looks after endpoints that are down. */
  probeSeconds: number;
}

/** Alarms for what AWS's own metrics cannot show, based on the metrics that the stages write. */
export class DeliveryAlarms extends Construct {
  constructor(scope: Construct, id: string, { operations, probeSeconds }: DeliveryAlarmsProps) {
    super(scope, id);
    operations.alarm(this, 'EventsUnavailable', {
      name: 'events-unavailable',
      description:
        'Producers cannot post: the queue or a table did not accept an event. In a batch, no 5xx shows this.',
      metric: operations.stageMetric('ingest', 'EventsUnavailable'),
      above: 0,
      ofThree: 2,
    });
    // One for each stage: a job that fails for a day must not be what keeps the trouble of senders from being heard of.
    for (const [stage, what] of Object.entries({ sender: 'Deliveries', 'fan-out': 'Events', recovery: 'Jobs' })) {
      operations.alarm(this, `PlatformFailures-${stage}`, {
        name: `${stage}-platform-failures`,
        section: 'platform-failures',
        description: `${what} cannot be processed because of the platform. They come back for up to a day.`,
        metric: operations.stageMetric(stage, 'PlatformFailures'),
        above: 0,
        // What failed once comes back half a minute later.
        ofThree: 2,
      });
    }
    operations.alarm(this, 'SecretsMissing', {
      name: 'secrets-missing',
      description: 'Deliveries cannot be signed: their subscription has no usable secret.',
      metric: operations.stageMetric('sender', 'SecretsMissing'),
      above: 0,
      // A row typed in by hand is without its secret for a second.
      ofThree: 2,
    });
    operations.alarm(this, 'DeliveriesDeadLetters', {
      name: 'deliveries-dead-letters',
      description:
        'Deliveries were given up because of the platform, or could not be read; customers have not received them.',
      metric: sumOf([
        operations.stageMetric('sender', 'PlatformDeadLetters'),
        operations.stageMetric('sender', 'MessagesPoison'),
      ]),
      above: 0,
    });
    operations.alarm(this, 'ClinicV1StatusesUnmapped', {
      name: 'clinic-v1-status-unmapped',
      description: 'Visits have a status without a code in clinic-v1: customers with that format do not get them.',
      metric: operations.stageMetric('sender', 'ClinicV1StatusesUnmapped'),
      above: 0,
    });
    operations.alarm(this, 'DeliveryAge', {
      name: 'delivery-age',
      description: `Half of the deliveries that arrive are older than ${SLOW_DELIVERY_MS / 60_000} minutes.`,
      // The median: retries and released deliveries are old by nature, and would move any higher percentile.
      metric: operations.stageMetric('sender', 'DeliveryAge', 'p50'),
      above: SLOW_DELIVERY_MS,
      ofThree: 3,
    });
    operations.alarm(this, 'LogWritesFailed', {
      name: 'log-writes-failed',
      description: 'Attempts were made that are missing in the delivery log.',
      metric: operations.stageMetric('sender', 'LogWritesFailed'),
      above: 0,
    });
    operations.alarm(this, 'StuckDeliveries', {
      name: 'stuck-deliveries',
      description: 'Deliveries have neither a final outcome nor a message that could still bring one.',
      metric: operations.stageMetric('recovery', 'StuckDeliveries'),
      above: 0,
    });
    operations.alarm(this, 'ReconcilerBehind', {
      name: 'reconciler-behind',
      description: `The search for stuck deliveries is more than ${RECONCILER_LAG_MS / 3_600_000} hour behind.`,
      metric: operations.stageMetric('recovery', 'ReconcilerLag', 'Maximum'),
      above: RECONCILER_LAG_MS,
      ofThree: 3,
    });
    operations.heartbeat(this, 'RecoverySilent', {
      name: 'recovery-silent',
      description: 'Endpoints that are down are not supervised: the schedule does not run, or no run finishes.',
      // Each look writes it, be it 0. Invocations would not do: jobs of the queue are some, too.
      metric: operations.stageMetric('recovery', 'CircuitsOpen'),
      period: Duration.minutes(Math.max(PERIOD.toMinutes(), minutesBetweenRuns(probeSeconds))),
    });
  }
}
