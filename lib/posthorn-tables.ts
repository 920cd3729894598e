import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PosthornTable } from './constructs/table.ts';
import { useOwnFlags } from './feature-flags.ts';
import { tableDefinitions, type Tables } from './tables.ts';

/**
 * What must survive everything: the tables, as lib/tables.ts lists them. A stack of its own for them, whose `tables` are
 * handed to a {@link Posthorn}, lets that one be deleted and made anew beside them.
 */
export class PosthornTables extends Construct {
  readonly tables: Tables;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    useOwnFlags(this);
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
