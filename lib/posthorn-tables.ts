import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PosthornTable } from './constructs/table.ts';
import { useOwnFlags } from './feature-flags.ts';
import { DEFAULTS, type Settings } from './settings.ts';
import { tableDefinitions, type Tables } from './tables.ts';

/** Settings that concern tables, see docs/configuration.md. */
export type PosthornTablesProps = Partial<Pick<Settings, 'encryption' | 'adoptedTables'>>;

/**
 * What must survive everything: the tables, as lib/tables.ts lists them. A stack of its own for them, whose `tables` are
 * handed to a {@link Posthorn}, lets that one be deleted and made anew beside them.
 */
export class PosthornTables extends Construct {
  readonly tables: Tables;

  constructor(scope: Construct, id: string, props: PosthornTablesProps = {}) {
    super(scope, id);
    useOwnFlags(this);
    const { encryption = DEFAULTS.encryption, adoptedTables = DEFAULTS.adoptedTables } = props;
    const ofAll = encryption === 'own' ? this.key('TablesKey', 'tables at rest') : undefined;
    const awsKey = encryption === 'aws-owned' ? 'owned' : 'managed';
    this.tables = Object.fromEntries(
      tableDefinitions().map(([name, { id: tableId, ownKey, ...table }]) => {
        const encryptionKey = ownKey ? this.key(`${tableId}Key`, 'signing secrets at rest') : ofAll;
        return [
          name,
          new PosthornTable(this, tableId, { ...table, encryptionKey, awsKey, adopted: adoptedTables[tableId] }),
        ];
      }),
    ) as Tables;
  }

  private key(id: string, of: string): Key {
    return new Key(this, id, { description: `Posthorn: ${of}`, enableKeyRotation: true });
  }
}
