import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { timeBucket } from '../../domain/ulid-time.ts';
import type { EventStore, Match, RecordedEvent } from '../events.ts';
import { readEvery } from './batch-get.ts';
import { unlessConditionFails } from './conditional.ts';
import { overflowKeys, toEvent, toItems, toMatches, type EventItem, type OverflowItem } from './event-item.ts';
import { createEventLists } from './event-lists.ts';
import { createAddMatch } from './event-matches.ts';
import { oldestOfResource } from './events-of-resource.ts';

export interface EventStoreOptions {
  /** Days until an event disappears, counted from when it was enqueued. */
  retentionDays: number;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/**
 * The table `Events` (organization / id, indexes `by-time` and `by-resource`). An item holds the event and what it matched. What does not
 * fit into DynamoDB's 400 KB beside the payload lies in overflow items, written before the event itself, so that an
 * event that can be seen is complete.
 */
export function createEventStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  { retentionDays, now = Date.now }: EventStoreOptions,
): EventStore {
  const visible = (item: EventItem | undefined): item is EventItem =>
    item !== undefined && item.expires_at > now() / 1_000;

  const read = async (organization: string, id: string): Promise<EventItem | undefined> => {
    const { Item } = await dynamoDb.send(
      new GetCommand({ TableName: table, Key: { organization, id }, ConsistentRead: true }),
    );
    return Item as EventItem | undefined;
  };

  /** Every match of an event; only events with thousands of them cost a second read. */
  const matchesOf = async (item: EventItem): Promise<Match[]> => {
    const matches = toMatches(item);
    for (const key of overflowKeys(item)) {
      const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
      if (Item) matches.push(...toMatches(Item as OverflowItem));
    }
    return matches;
  };

  const recorded = async (item: EventItem): Promise<RecordedEvent> => ({
    event: toEvent(item),
    matched: (await matchesOf(item)).map(({ subscription }) => subscription),
  });

  const get: EventStore['get'] = async (organization, id) => {
    const item = await read(organization, id);
    return visible(item) ? recorded(item) : undefined;
  };

  /** Items in the order of their keys; those that are gone are left out. */
  const readItems = async (keys: { organization: string; id: string }[]): Promise<EventItem[]> => {
    const items = (await readEvery(dynamoDb, table, { keys })) as unknown as EventItem[];
    const found = new Map(items.map((item) => [nameOf(item), item]));
    return keys.flatMap((key) => found.get(nameOf(key)) ?? []);
  };

  const oldestOfOrganization = async (
    organization: string,
    { from, to }: { from: string; to: string },
    limit: number,
  ) => {
    const page = await dynamoDb.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'organization = :organization AND id BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':organization': organization, ':from': from, ':to': to },
        Limit: limit,
      }),
    );
    return { items: (page.Items ?? []) as EventItem[], next: page.LastEvaluatedKey?.id as string | undefined };
  };

  return {
    async record(event, matches) {
      const expiresAt = Math.floor(event.enqueued_ms / 1_000) + retentionDays * 86_400;
      const { main, overflow } = toItems(event, matches, { expiresAt, run: randomUUID() });
      for (const Item of overflow) await dynamoDb.send(new PutCommand({ TableName: table, Item }));
      const written = await unlessConditionFails(
        dynamoDb.send(
          new PutCommand({ TableName: table, Item: main, ConditionExpression: 'attribute_not_exists(id)' }),
        ),
      );
      if (written) return { matches, first: true };
      // Read by itself and not returned by the failed write: a second run is rare, and this is the one way to read.
      const before = await read(event.organization, event.id);
      if (!before) throw new Error(`Event ${event.id} was recorded before and is gone now; the next run records it.`);
      return { matches: await matchesOf(before), first: false };
    },

    get,

    addMatch: createAddMatch({
      dynamoDb,
      table,
      matchesOf,
      read: async (organization, id) => {
        const item = await read(organization, id);
        return visible(item) ? item : undefined;
      },
    }),

    async find(id) {
      const bucket = timeBucket(id);
      if (bucket === undefined) return undefined;
      const { Items } = await dynamoDb.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by-time',
          KeyConditionExpression: '#bucket = :bucket AND id = :id',
          ExpressionAttributeNames: { '#bucket': 'bucket' },
          ExpressionAttributeValues: { ':bucket': bucket, ':id': id },
        }),
      );
      const organization = Items?.[0]?.organization as string | undefined;
      return organization === undefined ? undefined : get(organization, id);
    },

    async oldestFirst(organization, range, limit, resource_id) {
      const page = await (resource_id === undefined
        ? oldestOfOrganization(organization, range, limit)
        : oldestOfResource({ dynamoDb, table, readItems }, { organization, resource_id }, range, limit));
      const items = [];
      for (const item of page.items) {
        if (visible(item)) items.push({ event: toEvent(item), matches: await matchesOf(item) });
      }
      return { items, next: page.next };
    },

    list: createEventLists({ dynamoDb, table, retentionDays, now, readItems, visible, recorded }),
  };
}

function nameOf({ organization, id }: { organization: string; id: string }): string {
  return `${organization}/${id}`;
}
