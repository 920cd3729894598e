import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PosthornTables, type PosthornTablesProps } from './posthorn-tables.ts';
import type { Tables } from './tables.ts';

export type DataStackProps = StackProps & PosthornTablesProps;

/** The stack of what must survive everything. */
export class DataStack extends Stack {
  readonly tables: Tables;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    const { encryption, adoptedTables, ...stackProps } = props;
    super(scope, id, stackProps);
    // `Default` leaves no trace in logical ids, which must never change: CloudFormation would make new, empty tables.
    this.tables = new PosthornTables(this, 'Default', { encryption, adoptedTables }).tables;
  }
}
