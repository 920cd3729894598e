import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deleteAll } from '../lambdas/stores/dynamodb/batch-write.ts';

/** Whose data goes: all of an organization, or of one resource of it. */
export interface PurgeTarget {
  organization: string;
  /** `resource_id` of its events. Absent: everything. */
  resource?: string | undefined;
}

type Row = Record<string, unknown>;

/** A table whose rows go with an organization; each of them says in `organization` whose it is. */
interface PurgedTable {
  output: string;
  keys: readonly string[];
  /** Which event a row is about. Absent: none, so that it outlives a resource. */
  eventOf?: (row: Row) => string;
}

/** Overflow of an event's matches lies under `<organization>#matched` / `<event>#…`. */
const eventInKey = (name: string) => (row: Row) => String(row[name]).split('#')[0]!;

/**
 * In this order: without keys nothing new comes, without subscriptions nothing is sent or held. The audit trail is not among
 * them, nor are idempotency keys, which are hashes and end within a day.
 */
const TABLES: readonly PurgedTable[] = [
  { output: 'ApiKeysTableName', keys: ['hash'] },
  { output: 'SubscriptionsTableName', keys: ['organization', 'id'] },
  { output: 'SigningSecretsTableName', keys: ['subscription'] },
  { output: 'EndpointHealthTableName', keys: ['subscription'] },
  { output: 'HeldDeliveriesTableName', keys: ['subscription', 'event_id'], eventOf: (row) => String(row.event_id) },
  { output: 'AttemptsTableName', keys: ['subscription', 'event_attempt'], eventOf: eventInKey('event_attempt') },
  { output: 'ReplaysTableName', keys: ['id'] },
  { output: 'StatisticsTableName', keys: ['organization', 'scope_hour'] },
  // Last: what goes with a resource is found through its events.
  { output: 'EventsTableName', keys: ['organization', 'id'], eventOf: eventInKey('id') },
];

export interface PurgeOptions {
  dynamoDb: DynamoDBDocumentClient;
  /** Name of a table by its output. */
  table(output: string): string;
  target: PurgeTarget;
  /** Only counts. */
  dryRun?: boolean;
}

/**
 * Deletes, or counts, the rows of an organization or of one resource of it. Reads every table as a whole: whoever leaves is
 * rare, and no index knows all that belongs to them. What functions write meanwhile is found by the next call.
 * @returns how many rows of each table, by the name of its output.
 */
export async function purge({
  dynamoDb,
  table,
  target,
  dryRun = false,
}: PurgeOptions): Promise<Record<string, number>> {
  const { organization, resource } = target;
  const isOwn = (row: Row): boolean => String(row.organization).split('#')[0] === organization;
  const events = new Set<string>();
  if (resource !== undefined) {
    for await (const rows of pagesOf(dynamoDb, table('EventsTableName'))) {
      for (const row of rows) if (isOwn(row) && row.resource_id === resource) events.add(String(row.id));
    }
  }
  const counts: Record<string, number> = {};
  for (const { output, keys, eventOf } of TABLES) {
    if (resource !== undefined && eventOf === undefined) continue;
    const isMeant = (row: Row): boolean => isOwn(row) && (resource === undefined || events.has(eventOf!(row)));
    counts[output] = 0;
    for await (const rows of pagesOf(dynamoDb, table(output))) {
      const meant = rows.filter(isMeant).map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
      counts[output] += meant.length;
      if (!dryRun) await deleteAll(dynamoDb, table(output), meant);
    }
  }
  return counts;
}

async function* pagesOf(dynamoDb: DynamoDBDocumentClient, TableName: string): AsyncGenerator<Row[]> {
  let ExclusiveStartKey: Row | undefined;
  do {
    const page = await dynamoDb.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }));
    yield page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
