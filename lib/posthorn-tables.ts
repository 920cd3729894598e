import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PosthornTable } from './constructs/table.ts';
import { useOwnFlags } from './feature-flags.ts';
import { settingsAmong } from './props.ts';
import type { Settings } from './settings.ts';
import { tableDefinitions, type Tables } from './tables.ts';

/** Settings that concern tables, see docs/configuration.md. */
export type PosthornTablesProps = Partial<Pick<Settings, 'encryption' | 'adoptedTables'>>;

/**
 * What must survive everything: the tables, as lib/tables.ts lists them. A stack of its own for them, whose `tables` are
 * handed to a {@link Posthorn}, lets that one be deleted and made anew beside them.
 * @throws one error that names every property that cannot be understood, what was expected and what came.
 */
export class PosthornTables extends Construct {
  readonly tables: Tables;

  constructor(scope: Construct, id: string, props: PosthornTablesProps = {}) {
    super(scope, id);
    useOwnFlags(this);
    // A table id that is none would otherwise be a new, empty table beside the one that was meant.
    const { encryption, adoptedTables } = settingsAmong(this, {
      encryption: props.encryption,
      adoptedTables: props.adoptedTables,
    });
    const ofAll = encryption === 'own' ? this.key('TablesKey', 'tables at rest') : undefined;
    const awsKey = encryption === 'aws-owned' ? 'owned' : 'managed';
    const made = tableDefinitions().map(([name, { id: tableId, ownKey, ...table }]) => {
      const encryptionKey = ownKey ? this.key(`${tableId}Key`, 'signing secrets at rest') : ofAll;
      const props = { ...table, encryptionKey, awsKey, adopted: adoptedTables[tableId] } as const;
      return [name, new PosthornTable(this, tableId, props)] as const;
    });
    this.tables = Object.fromEntries(made) as Tables;
    // A table that was made stays when the first deployment fails; what may be refused comes before.
    const keys = this.node.children.filter((child) => child instanceof Key);
    for (const [, { table }] of made) table.node.addDependency(...keys);
  }

  private key(id: string, of: string): Key {
    return new Key(this, id, { description: `Posthorn: ${of}`, enableKeyRotation: true });
  }
}
