import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import type { Operations } from './operations.ts';
import { PERIOD } from './stage-metric.ts';

export interface TableAlarmsProps {
  data: DataStack;
  operations: Operations;
}

/** In this stack and not beside the tables, because the tables' stack must not depend on what can be made anew. */
export class TableAlarms extends Construct {
  constructor(scope: Construct, id: string, { data, operations }: TableAlarmsProps) {
    super(scope, id);
    const tables: Record<string, Table> = {
      subscriptions: data.subscriptions.table,
      'signing-secrets': data.signingSecrets.table,
      'endpoint-health': data.endpointHealth.table,
      events: data.events.table,
      attempts: data.attempts.table,
      'held-deliveries': data.heldDeliveries.table,
      'api-keys': data.apiKeys.table,
      idempotency: data.idempotency.table,
      replays: data.replays.table,
      'audit-trail': data.auditTrail.table,
    };
    for (const [name, table] of Object.entries(tables)) {
      operations.alarm(this, name, {
        name: `table-${name}-throttled`,
        description: `DynamoDB refuses reads or writes of the table ${name}: one partition is too busy.`,
        metric: sum([readThrottles(table), writeThrottles(table)]),
        above: 0,
        ofThree: 2,
      });
    }
    operations.alarm(this, 'SystemErrors', {
      name: 'dynamodb-errors',
      description: 'DynamoDB itself fails.',
      metric: sum(ownFaults(data)),
      above: 0,
      ofThree: 2,
    });
  }
}

const readThrottles = (table: Table): IMetric =>
  table.metric('ReadThrottleEvents', { statistic: 'Sum', period: PERIOD });
const writeThrottles = (table: Table): IMetric =>
  table.metric('WriteThrottleEvents', { statistic: 'Sum', period: PERIOD });

/**
 * DynamoDB fails by region, not by table, and counts its faults by table and operation; each costs $0.10 a month and an
 * alarm takes ten at most. So: the operations that every event and delivery needs.
 */
function ownFaults(data: DataStack): IMetric[] {
  const needed: [Table, Operation][] = [
    [data.apiKeys.table, Operation.GET_ITEM],
    [data.subscriptions.table, Operation.QUERY],
    [data.events.table, Operation.PUT_ITEM],
    [data.attempts.table, Operation.BATCH_WRITE_ITEM],
  ];
  return needed.map(([table, operation]) =>
    table.metric('SystemErrors', {
      dimensionsMap: { TableName: table.tableName, Operation: operation },
      statistic: 'Sum',
      period: PERIOD,
    }),
  );
}

/** A metric without data counts as 0, so that the others still count. */
function sum(metrics: IMetric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric]));
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period: PERIOD });
}
