import { ScanCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { PURGED, type Purged, type PurgedCounts, type PurgePlace } from '../../domain/purge.ts';
import { isAcceptedBy } from '../../domain/ulid-time.ts';
import type { PurgeableStore } from '../purges.ts';
import { deleteAll } from './batch-write.ts';
import { inParallel } from '../../domain/in-parallel.ts';
import type { CountedLinePurge } from '../counted-lines.ts';
import { createCountedLinePurge } from './counted-lines-purge.ts';
import { removeResource, type ResourceTables } from './purgeable-resource.ts';

type Row = Record<string, unknown>;
type Target = Parameters<PurgeableStore['remove']>[0];

/** A table whose rows go with an organization. */
interface PurgedTable {
  name: string;
  keys: readonly string[];
  /** What says whose a row is, beside `organization`. */
  more?: readonly string[];
  /** Whether a row is the organization's. @default what `organization` says */
  isOwn?: (row: Row, organization: string) => boolean;
  /** Whether an organization's row is about a resource. Absent: none is, or it is found through its event. */
  isOfResource?: (row: Row, target: Target) => boolean;
  /** Further rows that go with one. */
  alongside?: (row: Row) => Row[];
  /** Rows in which something of an organization may lie together with others', and what takes it out of one. */
  among?: CountedLinePurge;
}

export type PurgedTables = Record<Exclude<Purged, 'dead_letters'>, string> & ResourceTables;

/** Milliseconds between two pages of 1 MB: a partition gives 3,000 read units a second, and such a page costs 256. */
const PAUSE_MS = 200;
/** Rows with something of others in them that are written anew at the same time. */
const SHARED_AT_ONCE = 10;

/**
 * Deletes what belongs to an organization. Reads every table as a whole, however much of it is others': whoever leaves is
 * rare, and no index knows all that belongs to them. One resource is found through the events' index.
 * @param deadLetters the same for what lies among the dead letters.
 * @param sleep waits, milliseconds.
 */
export function createPurgeableStore(
  dynamoDb: DynamoDBDocumentClient,
  {
    tables,
    deadLetters,
    sleep,
  }: { tables: PurgedTables; deadLetters: PurgeableStore['remove']; sleep: (ms: number) => Promise<unknown> },
): PurgeableStore {
  const definitions: Record<Exclude<Purged, 'dead_letters'>, PurgedTable> = {
    keys: { name: tables.keys, keys: ['hash'] },
    sessions: { name: tables.sessions, keys: ['id'], more: ['rights', 'link', 'organizations'], isOwn: isOwnSession },
    subscriptions: { name: tables.subscriptions, keys: ['organization', 'id'] },
    secrets: { name: tables.secrets, keys: ['subscription'] },
    health: { name: tables.health, keys: ['subscription'] },
    held: { name: tables.held, keys: ['subscription', 'event_id'] },
    attempts: {
      name: tables.attempts,
      keys: ['subscription', 'event_attempt'],
      more: ['resource_id'],
      // Their events may have ended long before them.
      isOfResource: ({ resource_id, event_attempt }, target) =>
        resource_id === target.resource_id && isAcceptedBy(String(event_attempt).split('#')[0]!, target.through_ms),
    },
    replays: {
      name: tables.replays,
      keys: ['id'],
      more: ['which'],
      isOfResource: ({ which }, target) =>
        (which as { resource_id?: unknown } | undefined)?.resource_id === target.resource_id,
      // Which deliveries were named one by one stands in a row that does not say whose it is.
      alongside: ({ id }) => [{ id: `${String(id)}#chosen` }],
    },
    statistics: {
      name: tables.statistics,
      keys: ['organization', 'scope_hour'],
      among: createCountedLinePurge(dynamoDb, tables.statistics),
    },
    events: { name: tables.events, keys: ['organization', 'id'] },
  };

  /** One page of a table. */
  const removePage = async (
    { name, keys, more = [], isOwn = isOwnRow, isOfResource, alongside = () => [], among }: PurgedTable,
    target: Target,
    from: Row | undefined,
  ): Promise<{ count: number; from?: Row | undefined }> => {
    const wanted = [...new Set([...keys, 'organization', ...more])];
    const page = await dynamoDb.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        // Said for the policy, which lets nobody see more of a secret's row.
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: wanted.map((_, index) => `#n${index}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(wanted.map((one, index) => [`#n${index}`, one])),
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    const isMeant = (row: Row): boolean =>
      isOwn(row, target.organization) && (target.resource === undefined || isOfResource!(row, target));
    const own = (page.Items ?? []).filter(isMeant);
    const rows = own.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
    await deleteAll(dynamoDb, name, [...own.flatMap(alongside), ...rows]);
    const shared = (page.Items ?? []).filter((row) => among?.mayHold(row, target.organization));
    const taken = await inParallel(shared, SHARED_AT_ONCE, (row) => among!.forget(row, target.organization));
    return { count: taken.reduce((sum, n) => sum + n, own.length), from: page.LastEvaluatedKey };
  };

  return {
    async remove(target, place, isOver) {
      const deleted: PurgedCounts = {};
      const noted = (name: Purged, count: number): void => void (deleted[name] = (deleted[name] ?? 0) + count);
      let { at, from }: PurgePlace = place ?? { at: 0 };
      for (; at < PURGED.length; at += 1, from = undefined) {
        const name = PURGED[at]!;
        if (name === 'dead_letters') {
          const found = await deadLetters(target, from && { at, from }, isOver);
          noted(name, found.deleted.dead_letters ?? 0);
          return { ...found, deleted, place: found.place && { ...found.place, at } };
        }
        if (target.resource !== undefined && name === 'events') {
          const found = await removeResource(dynamoDb, tables, target, isOver);
          for (const kind of ['held', 'events'] as const) noted(kind, found[kind]);
          if (!found.isAll) return { deleted, place: { at } };
          continue;
        }
        if (target.resource !== undefined && definitions[name].isOfResource === undefined) continue;
        do {
          const page = await removePage(definitions[name], target, from);
          noted(name, page.count);
          from = page.from;
          if (isOver()) return { deleted, place: from ? { at, from } : { at: at + 1 } };
          if (from) await sleep(PAUSE_MS);
        } while (from);
      }
      return { deleted };
    },
  };
}

/** Overflow of an event's matches lies under `<organization>#matched`. A row that names none is nobody's who leaves. */
function isOwnRow(row: Row, organization: string): boolean {
  return typeof row.organization === 'string' && row.organization.split('#')[0] === organization;
}

/** Sessions and links say whose they are in their rights; idempotency keys and places of jobs, whose events and jobs they are. */
function isOwnSession(row: Row, organization: string): boolean {
  const { id, rights, link, organizations } = row as {
    id: string;
    rights?: { organization?: unknown };
    link?: { rights?: { organization?: unknown } };
    organizations?: unknown;
  };
  if (rights?.organization === organization || link?.rights?.organization === organization) return true;
  if (Array.isArray(organizations) && organizations.includes(organization)) return true;
  return id.startsWith(`place#jobs#${organization}#`);
}
