import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableDefinitions, type Tables } from '../tables.ts';
import type { Operations } from './operations.ts';
import { PERIOD, sumOf } from './stage-metric.ts';

export interface TableAlarmsProps {
  tables: Tables;
  operations: Operations;
}

/**
 * These alarms are in this stack and not with the tables, because the tables' stack must not depend on resources that
 * can be recreated.
 */
export class TableAlarms extends Construct {
  constructor(scope: Construct, id: string, { tables, operations }: TableAlarmsProps) {
    super(scope, id);
    for (const [key, { name }] of tableDefinitions()) {
      const { table, indexNames } = tables[key];
      operations.alarm(this, name, {
        name: `table-${name}-throttled`,
        description: `DynamoDB refuses reads or writes of the table ${name} or of one of its indexes: one partition is too busy.`,
        metric: sumOf([undefined, ...indexNames].flatMap((index) => throttles(table, index))),
        above: 0,
        ofThree: 2,
      });
    }
    operations.alarm(this, 'SystemErrors', {
      name: 'dynamodb-errors',
      description: 'DynamoDB itself answers with server errors.',
      metric: sumOf(ownFaults(tables)),
      above: 0,
      ofThree: 2,
    });
  }
}

/**
 * What DynamoDB refused of a table, or of one of its indexes: those are counted apart, under a further dimension, and an
 * index that cannot follow makes DynamoDB refuse writes to its table.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
function throttles(table: ITable, index?: string): IMetric[] {
  const dimensionsMap: Record<string, string> = { TableName: table.tableName };
  if (index !== undefined) dimensionsMap.GlobalSecondaryIndexName = index;
  return ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
    table.metric(name, { dimensionsMap, statistic: 'Sum', period: PERIOD }),
  );
}

/**
 * DynamoDB fails by region, not by table, and counts its faults by table and operation; each costs $0.10 a month and an
 * alarm takes ten at most. So: the operations that every event and delivery needs.
 */
function ownFaults(tables: Tables): IMetric[] {
  const needed: [ITable, Operation][] = [
    [tables.apiKeys.table, Operation.GET_ITEM],
    [tables.subscriptions.table, Operation.QUERY],
    [tables.events.table, Operation.PUT_ITEM],
    [tables.attempts.table, Operation.BATCH_WRITE_ITEM],
  ];
  return needed.map(([table, operation]) =>
    table.metric('SystemErrors', {
      dimensionsMap: { TableName: table.tableName, Operation: operation },
      statistic: 'Sum',
      period: PERIOD,
    }),
  );
}
