import { QueryCommand, ScanCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { inParallel } from '../../domain/in-parallel.ts';
import { eventIdMs } from '../../domain/ulid-time.ts';
import { COUNTED_EVENTS, type OrganizationCounts, type OrganizationStore } from '../organizations.ts';
import type { PageRequest } from '../page.ts';
import { readCursor, writeCursor } from './cursor.ts';

/**
 * What one page may look at, and what an organization counts: rows of subscriptions come a hundred at a time, so that a
 * name is looked for among 5,000 at once; each partition of events is a read of its own, 500 of which a page may make.
 */
const LOOKED_AT_PER_PAGE = 5_000;
const COUNTS_AS = { subscriptions: 1, events: 10 };
/** Organizations counted at the same time. */
const PARALLEL = 10;
/** Sorts behind every sort key: the highest character that there is. */
const BEHIND_ALL = '\u{10FFFF}';

/** The tables in the order in which they are gone through. */
const SOURCES = ['subscriptions', 'events'] as const;
type Source = (typeof SOURCES)[number];

/** How far a walk has come. */
interface Place {
  source: Source;
  organization: string;
}

interface OrganizationStoreProps {
  tables: Record<Source, string>;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/**
 * A Scan reads a table partition by partition. One that starts behind the last key of a partition, whether or not there is
 * such a key, goes on with the next: so each organization costs one small read, however much it has.
 */
export function createOrganizationStore(
  dynamoDb: DynamoDBDocumentClient,
  { tables, now = Date.now }: OrganizationStoreProps,
): OrganizationStore {
  /** The organizations of a table behind one of them. */
  async function* namesIn(source: Source, after: string | undefined): AsyncGenerator<string, void> {
    let last = after;
    for (;;) {
      const { Items = [], LastEvaluatedKey } = await dynamoDb.send(
        new ScanCommand({
          TableName: tables[source],
          ProjectionExpression: 'organization',
          // Rows of subscriptions are small, those of events hold payloads.
          Limit: source === 'subscriptions' ? 100 : 1,
          ...(last === undefined ? {} : { ExclusiveStartKey: { organization: last, id: BEHIND_ALL } }),
        }),
      );
      for (const { organization } of Items) {
        if (organization === last) continue;
        last = organization as string;
        yield last;
      }
      if (!LastEvaluatedKey) return;
    }
  }

  const ofOrganization = (source: Source, organization: string) => ({
    TableName: tables[source],
    KeyConditionExpression: 'organization = :organization',
    ExpressionAttributeValues: { ':organization': organization },
  });

  const countSubscriptions = async (organization: string): Promise<number> => {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await dynamoDb.send(
        new QueryCommand({
          ...ofOrganization('subscriptions', organization),
          Select: 'COUNT',
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start);
    return count;
  };

  const newestEvents = async (organization: string): Promise<string[]> => {
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        ...ofOrganization('events', organization),
        ProjectionExpression: 'id, expires_at',
        ScanIndexForward: false,
        Limit: COUNTED_EVENTS,
      }),
    );
    return Items.filter(({ expires_at }) => Number(expires_at) > now() / 1000).map(({ id }) => String(id));
  };

  const count = async (organization: string): Promise<OrganizationCounts> => {
    const [subscriptions, [newest, ...others]] = await Promise.all([
      countSubscriptions(organization),
      newestEvents(organization),
    ]);
    if (newest === undefined) return { organization, subscriptions, events: 0 };
    return { organization, subscriptions, events: 1 + others.length, last_event_ms: eventIdMs(newest) };
  };

  /** Counts them, without those that are gone, or that come by for their subscriptions as well. */
  const countAll = async (places: readonly Place[]): Promise<OrganizationCounts[]> => {
    const counted = await inParallel(places, PARALLEL, ({ organization }) => count(organization));
    return counted.filter((one, at) =>
      places[at]!.source === 'subscriptions' ? one.subscriptions > 0 : one.subscriptions === 0 && one.events > 0,
    );
  };

  /** Every organization of both tables behind a place. */
  async function* walk(start: Place | undefined): AsyncGenerator<Place, void> {
    for (const source of SOURCES.slice(start ? SOURCES.indexOf(start.source) : 0)) {
      const after = start?.source === source ? start.organization : undefined;
      for await (const organization of namesIn(source, after)) yield { source, organization };
    }
  }

  return {
    async list({ limit, cursor }: PageRequest, wanted) {
      const start = cursor === undefined ? undefined : readPlace(cursor);
      const chosen: Place[] = [];
      let last = start;
      let looked = 0;
      for await (const place of walk(start)) {
        if (chosen.length === limit || looked >= LOOKED_AT_PER_PAGE) {
          return { items: await countAll(chosen), next: writeCursor({ ...last! }) };
        }
        looked += COUNTS_AS[place.source];
        last = place;
        if (isOrganization(place.organization) && wanted(place.organization)) chosen.push(place);
      }
      return { items: await countAll(chosen) };
    },

    async names(after, count) {
      const names: string[] = [];
      for await (const name of namesIn('events', after)) {
        if (isOrganization(name)) names.push(name);
        if (names.length === count) break;
      }
      return names;
    },

    async get(organization) {
      const found = await count(organization);
      return found.subscriptions > 0 || found.events > 0 ? found : undefined;
    },
  };
}

/** Partitions of further matches have a `#` in their names. */
function isOrganization(partition: string): boolean {
  return !partition.includes('#');
}

function readPlace(cursor: string): Place {
  const { source, organization } = readCursor(cursor, ['source', 'organization']);
  return { source: source === 'events' ? 'events' : 'subscriptions', organization };
}
