import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { FormatName } from '../../domain/formats/names.ts';
import type { EventStore, Match } from '../events.ts';
import { unlessConditionFails } from './conditional.ts';
import { hasRoom, markOf, overflowKey, type EventItem } from './event-item.ts';

/** Somebody else added a match between our look and our write: so often is looked again. */
const TRIES = 10;
/** Parts that others have begun in the meantime, or left behind, and that are passed over. */
const PARTS_PASSED = 100;

interface EventMatchesProps {
  dynamoDb: DynamoDBDocumentClient;
  table: string;
  /** Strongly consistent; undefined when it is gone or expired. */
  read: (organization: string, id: string) => Promise<EventItem | undefined>;
  matchesOf: (item: EventItem) => Promise<Match[]>;
}

/** {@link EventStore.addMatch}: beside the event where there is room, else in an overflow item of its own. */
export function createAddMatch(props: EventMatchesProps): EventStore['addMatch'] {
  const { read, matchesOf } = props;
  return async (organization, id, match) => {
    for (let tries = 0; tries < TRIES; tries++) {
      const item = await read(organization, id);
      if (!item) return undefined;
      const found = (await matchesOf(item)).find((one) => one.subscription === match.subscription);
      if (found) return sameReplay(found, match);
      const isAdded = hasRoom(item, match) ? await addBeside(item, match, props) : await addBehind(item, match, props);
      if (isAdded) return match.format;
    }
    throw new Error(`Expected the event to stay as it is for a moment, but it changed ${TRIES} times.`);
  };
}

function sameReplay(found: Match, match: Required<Match>): FormatName | undefined {
  return found.replay === match.replay ? found.format : undefined;
}

/** @returns false when the item has changed since it was read. */
async function addBeside(
  item: EventItem,
  match: Required<Match>,
  { dynamoDb, table }: EventMatchesProps,
): Promise<boolean> {
  const append = (text: string | undefined, more: string): string => (text === undefined ? more : `${text} ${more}`);
  const written = dynamoDb.send(
    new UpdateCommand({
      TableName: table,
      Key: { organization: item.organization, id: item.id },
      UpdateExpression: 'SET matched.#format = :matched, missed = :missed',
      // Whoever adds a match beside the event writes this attribute.
      ConditionExpression: `attribute_exists(id) AND ${item.missed === undefined ? 'attribute_not_exists(missed)' : 'missed = :was'}`,
      ExpressionAttributeNames: { '#format': match.format },
      ExpressionAttributeValues: {
        ':matched': append(item.matched[match.format], match.subscription),
        ':missed': append(item.missed, markOf(match)),
        ...(item.missed !== undefined && { ':was': item.missed }),
      },
    }),
  );
  return (await unlessConditionFails(written)) !== undefined;
}

/**
 * Writes a further part, then says in the item that there is one. A part that somebody else has begun, or left behind, is
 * counted in as well: what it holds is a match that its replay goes on with.
 * @returns false when the item has changed since it was read.
 */
async function addBehind(
  item: EventItem,
  match: Required<Match>,
  { dynamoDb, table }: EventMatchesProps,
): Promise<boolean> {
  const { parts: before, run } = item.overflow ?? { parts: 0, run: randomUUID() };
  const { format, subscription } = match;
  /** What an earlier try of this very match left behind. */
  const isOwnPart = async (Key: Record<string, string>): Promise<boolean> => {
    const { Item } = await dynamoDb.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item?.missed === markOf(match);
  };
  const content = { matched: { [format]: subscription }, missed: markOf(match), expires_at: item.expires_at };
  let parts = before;
  for (let isMade = false; !isMade;) {
    parts += 1;
    if (parts > before + PARTS_PASSED) throw new Error(`Expected a free part behind ${before} of an event.`);
    const made = dynamoDb.send(
      new PutCommand({
        TableName: table,
        Item: { ...overflowKey(item, run, parts), ...content },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
    isMade = (await unlessConditionFails(made)) !== undefined || (await isOwnPart(overflowKey(item, run, parts)));
  }
  const written = dynamoDb.send(
    new UpdateCommand({
      TableName: table,
      Key: { organization: item.organization, id: item.id },
      UpdateExpression: 'SET overflow = :overflow',
      ConditionExpression: `attribute_exists(id) AND ${item.overflow ? 'overflow.parts = :before' : 'attribute_not_exists(overflow)'}`,
      ExpressionAttributeValues: { ':overflow': { parts, run }, ...(item.overflow && { ':before': before }) },
    }),
  );
  return (await unlessConditionFails(written)) !== undefined;
}
