import { GetCommand, QueryCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { inParallel } from '../../domain/in-parallel.ts';
import { isAcceptedBy } from '../../domain/ulid-time.ts';
import { deleteAll } from './batch-write.ts';
import { overflowKeys, resourcePlace, toMatches, type EventItem, type OverflowItem } from './event-item.ts';

export interface ResourceTables {
  events: string;
  held: string;
}

/** Events looked at between two looks at the clock: one may have thousands of matches. */
const EVENTS = 10;
/** Subscriptions asked at the same time. */
const PARALLEL = 50;

/**
 * Deletes events of a resource and what is held of them; each event last, so that a step that dies finds again what hangs
 * on it.
 * @returns how many rows went; `isAll`: no event of it is left.
 */
export async function removeResource(
  dynamoDb: DynamoDBDocumentClient,
  tables: ResourceTables,
  {
    organization,
    resource_id,
    through_ms,
  }: { organization: string; resource_id?: string | undefined; through_ms: number },
  isOver: () => boolean,
): Promise<{ events: number; held: number; isAll: boolean }> {
  const gone = { events: 0, held: 0 };
  if (resource_id === undefined) return { ...gone, isAll: true };
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await dynamoDb.send(
      new QueryCommand({
        TableName: tables.events,
        IndexName: 'by-resource',
        KeyConditionExpression: '#resource = :resource AND begins_with(resource_place, :own)',
        ExpressionAttributeNames: { '#resource': 'resource' },
        ExpressionAttributeValues: { ':resource': resource_id, ':own': resourcePlace({ organization, id: '' }) },
        Limit: EVENTS,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    for (const { id } of page.Items ?? []) {
      const eventId = String(id);
      if (!isAcceptedBy(eventId, through_ms)) continue;
      const rows = await removeEvent(dynamoDb, tables, { organization, id: eventId });
      gone.events += rows.events;
      gone.held += rows.held;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
    if (ExclusiveStartKey && isOver()) return { ...gone, isAll: false };
  } while (ExclusiveStartKey);
  return { ...gone, isAll: true };
}

async function removeEvent(
  dynamoDb: DynamoDBDocumentClient,
  tables: ResourceTables,
  key: { organization: string; id: string },
): Promise<{ events: number; held: number }> {
  const get = async (Key: Record<string, string>, TableName = tables.events) =>
    (await dynamoDb.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
  const item = (await get(key)) as EventItem | undefined;
  // The index tells of deleted ones for a moment.
  if (!item) return { events: 0, held: 0 };
  const parts = overflowKeys(item);
  const overflow = (await Promise.all(parts.map((part) => get(part)))) as (OverflowItem | undefined)[];
  const matches = [item, ...overflow].flatMap((one) => (one ? toMatches(one) : []));
  const subscriptions = [...new Set(matches.map(({ subscription }) => subscription))].filter((one) => one !== '');
  const held = await inParallel(subscriptions, PARALLEL, async (subscription) => {
    const heldKey = { subscription, event_id: key.id };
    // Another organization may have a subscription of the same id.
    const isOwn = (await get(heldKey, tables.held))?.organization === key.organization;
    if (isOwn) await deleteAll(dynamoDb, tables.held, [heldKey]);
    return isOwn ? 1 : 0;
  });
  await deleteAll(dynamoDb, tables.events, parts);
  await deleteAll(dynamoDb, tables.events, [key]);
  return { events: 1 + parts.length, held: held.reduce<number>((sum, one) => sum + one, 0) };
}
