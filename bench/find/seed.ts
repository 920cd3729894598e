import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import db, { type Item, type Store, type TableDescription } from 'dynalite/db/index.js';
import { toAttributes } from '../../lambdas/aws/fast-path/attribute-json.ts';
import { formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { toItem } from '../../lambdas/stores/dynamodb/attempt-item.ts';
import { toItems } from '../../lambdas/stores/dynamodb/event-item.ts';
import { indexSpace, itemSpace } from '../../local/dynamodb/item-store.ts';
import { organizations, storiesOf, type Size } from './data.ts';

const EVENT_DAYS = 30;
const ATTEMPT_DAYS = 90;
/** Rows of one transaction: all that is lost when the seed is stopped. */
const ROWS_TOGETHER = 50_000;

/** Names of the tables that are filled, as the stack's outputs have them. */
export type TableNames = Record<'Subscriptions' | 'SigningSecrets' | 'Events' | 'Attempts', string>;

/** What was written. */
export interface Written {
  organizations: number;
  subscriptions: number;
  events: number;
  attempts: number;
}

/**
 * Fills the tables of a platform that is not running, straight in the file of its local DynamoDB: the rows that its functions
 * would have written, with the index entries that DynamoDB would have made of them. Nothing of it passes the streams.
 * @param folder of the platform's data; its tables must be there.
 */
export function seed(folder: string, tables: TableNames, size: Size): Written {
  const file = new DatabaseSync(join(folder, 'dynamodb', 'dynamodb.sqlite'));
  try {
    // The file is new and thrown away: nothing needs to survive a crash.
    // From WAL to none there is no way but through another.
    file.exec(
      'PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;',
    );
    file.exec('CREATE TEMP TABLE stage (space TEXT, key TEXT, value TEXT, expires INTEGER)');
    const written = stageAll(file, tables, size);
    // In the order of their keys, an insert is an append; in any other one, a page of the file for each.
    file.exec('INSERT INTO entries SELECT space, key, value, expires FROM stage ORDER BY space, key');
    file.exec('PRAGMA journal_mode = WAL');
    return written;
  } finally {
    file.close();
  }
}

function stageAll(file: DatabaseSync, tables: TableNames, size: Size): Written {
  const { put, end } = stage(file);
  const into = (name: keyof TableNames): ((row: object) => void) => {
    const found = file.prepare('SELECT record FROM tables WHERE name = ?').get(tables[name]);
    if (!found) throw new Error(`Expected a table ${tables[name]} in the local DynamoDB, got none.`);
    const { description } = JSON.parse(found['record'] as string) as { description: TableDescription };
    return (row) => putItem(put, description, toAttributes(row as Record<string, unknown>));
  };
  const rows = { subscriptions: into('Subscriptions'), secrets: into('SigningSecrets') };
  const [event, attempt] = [into('Events'), into('Attempts')];
  const now = Date.now();
  const written = { organizations: 0, subscriptions: 0, events: 0, attempts: 0 };
  for (const organization of organizations(size)) {
    written.organizations++;
    for (const { id, url, events } of organization.endpoints) {
      const about = { organization: organization.name, id, url, events, active: true };
      rows.subscriptions({ ...about, created_at: new Date(now).toISOString() });
      const secrets = [{ key: formatSecret(randomBytes(32)), created_ms: now }];
      rows.secrets({ subscription: id, organization: organization.name, secrets });
      written.subscriptions++;
    }
    for (const story of storiesOf(organization, now)) {
      const expiresAt = Math.floor(story.event.enqueued_ms / 1000) + EVENT_DAYS * 86_400;
      event(toItems(story.event, story.matches, { expiresAt, run: randomUUID() }).main);
      for (const one of story.attempts) attempt(toItem(one, ATTEMPT_DAYS));
      written.events++;
      written.attempts += story.attempts.length;
    }
  }
  end();
  return written;
}

type Put = (space: string, key: string, item: Item, expires: number | null) => void;

function stage(file: DatabaseSync): { put: Put; end(): void } {
  const insert = file.prepare('INSERT INTO stage VALUES (?, ?, ?, ?)');
  let rows = 0;
  file.exec('BEGIN');
  return {
    put(space, key, item, expires) {
      insert.run(space, key, JSON.stringify(item), expires);
      if (++rows % ROWS_TOGETHER === 0) file.exec('COMMIT; BEGIN');
    },
    end: () => file.exec('COMMIT'),
  };
}

/** An item and its index entries. */
function putItem(put: Put, table: TableDescription, item: Item): void {
  put(itemSpace(table.TableName), db.createKey(item, table), item, Number(item['expires_at']?.N ?? 0) || null);
  const store: Pick<Store, 'getIndexDb'> = {
    getIndexDb: (_type, name, index) => ({
      ...NOTHING,
      put(key, entry, done) {
        put(indexSpace(name, index), key, entry, null);
        done(null);
      },
    }),
  };
  db.updateIndexes(store as Store, table, undefined, item, (error) => {
    if (error) throw error;
  });
}

/** What an index of a new item is not asked for. */
const NOTHING: ReturnType<Store['getIndexDb']> = {
  lock: (_key, run) => run((done) => done),
  get: (_key, done) => done(null),
  put: (_key, _item, done) => done(null),
  del: (_key, done) => done(null),
  createValueStream: () => {
    throw new Error('Expected a new item to be written only, got a read of its index.');
  },
};
