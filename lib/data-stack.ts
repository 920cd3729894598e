import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { PosthornTable } from './constructs/table.ts';
import { tableDefinitions, type Tables } from './tables.ts';

/** What must survive everything: the tables, as lib/tables.ts lists them. */
export class DataStack extends Stack {
  readonly tables: Tables;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.tables = Object.fromEntries(
      tableDefinitions().map(([name, { id: tableId, ownKey, ...table }]) => {
        const encryptionKey = ownKey ? this.keyOf(tableId) : undefined;
        return [name, new PosthornTable(this, tableId, { ...table, encryptionKey })];
      }),
    ) as Tables;
  }

  private keyOf(table: string): Key {
    return new Key(this, `${table}Key`, {
      description: 'Posthorn: signing secrets at rest',
      enableKeyRotation: true,
    });
  }
}
