import { QueryCommand } from '#aws-sdk/lib-dynamodb';
import { CHUNK, EVENTS_PER_PAGE, type Chunk, type EventListsProps, type Range } from './event-chunks.ts';
import { resourcePlace, type EventItem } from './event-item.ts';
import { queryPages } from './query-pages.ts';

/** Sort before and after every organization's name. */
const FIRST = '!';
const LAST = '~';

/** An organization's events of one resource: keys from the index, then the events themselves. */
export async function* ofResource(
  props: EventListsProps,
  organization: string,
  resource: string,
  { oldest, newest, before }: Range,
): AsyncIterable<Chunk> {
  const places = { from: resourcePlace({ organization, id: oldest }), to: resourcePlace({ organization, id: newest }) };
  for await (const keys of keysOfResource(props, resource, places)) {
    yield { items: await props.readItems(keys.filter(({ id }) => id !== before)) };
  }
}

/**
 * Everybody's events of a resource's id, organization by organization: whose it is, nobody said. Those of another time are
 * passed over by their keys, so no page reads more for them than {@link EVENTS_PER_PAGE} keys.
 */
export async function* ofResourceId(
  props: EventListsProps,
  resource: string,
  { oldest, newest, before }: Range,
): AsyncIterable<Chunk> {
  const to = before ?? LAST;
  // DynamoDB refuses a BETWEEN whose lower end is the higher one.
  if (to < FIRST) return;
  let passed = 0;
  for await (const keys of keysOfResource(props, resource, { from: FIRST, to })) {
    const inTime = keys.filter((key) => key.id >= oldest && key.id <= newest && resourcePlace(key) !== before);
    passed += keys.length - inTime.length;
    yield {
      items: await props.readItems(inTime),
      ...(passed >= EVENTS_PER_PAGE && { reached: resourcePlace(keys.at(-1)!) }),
    };
  }
}

/**
 * The same from the oldest on, a page of them.
 * @param range ids, both inclusive.
 * @returns `next`: the last id looked at, when more follow.
 */
export async function oldestOfResource(
  { dynamoDb, table, readItems }: Pick<EventListsProps, 'dynamoDb' | 'table' | 'readItems'>,
  { organization, resource_id }: { organization: string; resource_id: string },
  { from, to }: { from: string; to: string },
  limit: number,
): Promise<{ items: EventItem[]; next: string | undefined }> {
  const page = await dynamoDb.send(
    new QueryCommand({
      TableName: table,
      ...placesBetween(resource_id, resourcePlace({ organization, id: from }), resourcePlace({ organization, id: to })),
      Limit: limit,
    }),
  );
  const keys = (page.Items ?? []) as { organization: string; id: string }[];
  const items = await readItems(keys.map(({ id }) => ({ organization, id })));
  return { items, next: page.LastEvaluatedKey?.id as string | undefined };
}

/** Keys of a partition of the index `by-resource`, from the last place to the first, both inclusive. */
async function* keysOfResource(
  { dynamoDb, table }: EventListsProps,
  resource: string,
  { from, to }: { from: string; to: string },
): AsyncIterable<{ organization: string; id: string }[]> {
  const pages = queryPages(dynamoDb, {
    TableName: table,
    ...placesBetween(resource, from, to),
    ScanIndexForward: false,
    Limit: CHUNK,
  });
  for await (const items of pages) {
    const keys = items as { organization: string; id: string }[];
    if (keys.length > 0) yield keys.map(({ organization, id }) => ({ organization, id }));
  }
}

function placesBetween(resource: string, from: string, to: string) {
  return {
    IndexName: 'by-resource',
    KeyConditionExpression: '#resource = :resource AND resource_place BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#resource': 'resource' },
    ExpressionAttributeValues: { ':resource': resource, ':from': from, ':to': to },
  };
}
