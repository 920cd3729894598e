import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PosthornTables } from './posthorn-tables.ts';
import type { Tables } from './tables.ts';

/** The stack of what must survive everything. */
export class DataStack extends Stack {
  readonly tables: Tables;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // `Default` leaves no trace in logical ids, which must never change: CloudFormation would make new, empty tables.
    this.tables = new PosthornTables(this, 'Default').tables;
  }
}
