import { Table, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * A table that exists already: restored to a point in time, or retained when its stack was deleted.
 * @param given its name; of one whose changes are followed the ARN of its stream, which has the name in it.
 */
export function adoptedTable(scope: Construct, id: string, given: string): ITable {
  const tableArn = /^(arn:[^/]+:table\/[^/]+)\/stream\//.exec(given)?.[1];
  return tableArn === undefined
    ? Table.fromTableName(scope, id, given)
    : Table.fromTableAttributes(scope, id, { tableArn, tableStreamArn: given });
}
