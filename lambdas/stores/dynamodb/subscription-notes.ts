import { GetItemCommand, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { NotedRowStore, Notes, RowSnapshot } from '../subscription-notes.ts';
import { toNumber } from './attribute-values.ts';
import { unlessConditionFails } from './conditional.ts';

/** Attributes beyond these are people's own: they decide nothing, and a condition takes 300 parts at most. */
const COMPARED = [
  'url',
  'active',
  'events',
  'format',
  'success',
  'description',
  'account',
  'signature_header',
  'headers',
  'timeout_seconds',
  'created_at',
  'updated_at',
  'problem',
  'changed_by',
];

type RawRow = Record<string, AttributeValue>;

/** Keeps the row as DynamoDB gave it: a number that JavaScript cannot hold would never equal itself again. */
interface RawSnapshot extends RowSnapshot {
  raw: RawRow;
}

/** The table `Subscriptions`, by attribute values instead of plain objects. */
export function createNotedRowStore(dynamoDb: DynamoDBDocumentClient, table: string): NotedRowStore {
  return {
    async read(organization, id) {
      const { Item } = await dynamoDb.send(
        new GetItemCommand({
          TableName: table,
          Key: { organization: { S: organization }, id: { S: id } },
          ConsistentRead: true,
        }),
      );
      const snapshot: RawSnapshot | undefined = Item && {
        raw: Item,
        row: unmarshall(Item, { wrapNumbers: toNumber }),
      };
      return snapshot;
    },

    async note(snapshot, notes) {
      const { raw } = snapshot as RawSnapshot;
      const written = dynamoDb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { organization: raw.organization!, id: raw.id! },
          ...updateOf(raw, notes),
        }),
      );
      return (await unlessConditionFails(written)) !== undefined;
    },
  };
}

function updateOf(raw: RawRow, notes: Notes) {
  const set = Object.entries(notes).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const removed = Object.keys(notes).filter((name) => notes[name as keyof Notes] === null);
  const same = COMPARED.map((name) => stillThe(name, raw[name]));
  return {
    UpdateExpression: [
      ...(set.length > 0 ? [`SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: ['attribute_exists(id)', ...same.map(({ condition }) => condition)].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(COMPARED.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries<AttributeValue>([
      ...set.map(([name, text]): [string, AttributeValue] => [`:${name}`, { S: text }]),
      ...same.flatMap(({ values }) => Object.entries(values)),
    ]),
  };
}

/**
 * The condition that an attribute is as it was. Lists and maps are compared by type and size: comparing all that is in
 * them could take more than the 300 operators of a condition, and the local DynamoDB cannot compare them as wholes. An
 * edit that slips through comes by in the stream right after, and the row is judged again.
 */
function stillThe(name: string, was: AttributeValue | undefined) {
  if (was === undefined) return { condition: `attribute_not_exists(#${name})`, values: {} };
  const members = was.L?.length ?? (was.M && Object.keys(was.M).length);
  if (members === undefined) return { condition: `#${name} = :was_${name}`, values: { [`:was_${name}`]: was } };
  return {
    condition: `attribute_type(#${name}, :type_${name}) AND size(#${name}) = :size_${name}`,
    values: { [`:type_${name}`]: { S: was.L ? 'L' : 'M' }, [`:size_${name}`]: { N: String(members) } },
  };
}
