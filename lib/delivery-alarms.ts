import { Construct } from 'constructs';
import type { Operations } from './operations.ts';
import { stageMetric } from './stage-metric.ts';

/** Half of all deliveries take less than a second from accepting the event to the customer's answer. */
const SLOW_DELIVERY_MS = 120_000;

/** What AWS's own metrics cannot tell, from the numbers that the stages write themselves. */
export class DeliveryAlarms extends Construct {
  constructor(scope: Construct, id: string, { operations }: { operations: Operations }) {
    super(scope, id);
    operations.alarm(this, 'EventsUnavailable', {
      name: 'events-unavailable',
      description: 'Producers cannot post: the queue or a table did not take an event. Inside a batch no 5xx shows it.',
      metric: stageMetric('ingest', 'EventsUnavailable'),
      above: 0,
      ofThree: 2,
    });
    operations.alarm(this, 'DeliveryAge', {
      name: 'delivery-age',
      description: `Half of the deliveries that arrive are older than ${SLOW_DELIVERY_MS / 60_000} minutes.`,
      // The median: retries and released deliveries are old by nature, and would move any higher percentile.
      metric: stageMetric('sender', 'DeliveryAge', 'p50'),
      above: SLOW_DELIVERY_MS,
      ofThree: 3,
    });
    operations.alarm(this, 'LogWritesFailed', {
      name: 'log-writes-failed',
      description: 'Attempts were made that the delivery log does not show.',
      metric: stageMetric('sender', 'LogWritesFailed'),
      above: 0,
    });
    operations.alarm(this, 'StuckDeliveries', {
      name: 'stuck-deliveries',
      description: 'Deliveries have neither a last outcome nor a message that could still bring one.',
      metric: stageMetric('recovery', 'StuckDeliveries'),
      above: 0,
    });
  }
}
