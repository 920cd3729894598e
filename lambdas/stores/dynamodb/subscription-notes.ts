import { GetItemCommand, UpdateItemCommand, type AttributeValue } from '#aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ATTRIBUTE_NAMES, type SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { Noted, NotedRowStore, Notes, RowSnapshot } from '../subscription-notes.ts';
import { toNumber } from './attribute-values.ts';
import { unlessConditionFails } from './conditional.ts';

/** The keys apart. Attributes beyond these are people's own: they decide nothing, and a condition takes 300 parts at most. */
const COMPARED = ATTRIBUTE_NAMES.filter((name) => name !== 'organization' && name !== 'id');

type RawRow = Record<string, AttributeValue>;
/** Attributes to be written; null: to be removed. */
type Changes = Notes & { active?: false };

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
        row: readable(Item),
      };
      return snapshot;
    },

    note: (snapshot, notes) => write(snapshot as RawSnapshot, notes),

    switchOff: (snapshot, notes) => write(snapshot as RawSnapshot, { ...notes, active: false }),
  };

  async function write({ raw }: RawSnapshot, changes: Changes): Promise<Noted> {
    const written = dynamoDb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { organization: raw.organization!, id: raw.id! },
        ...updateOf(raw, changes),
      }),
    );
    try {
      return (await unlessConditionFails(written)) === undefined ? 'changed' : 'done';
    } catch (error) {
      if ((error as Error).name === 'ValidationException') return 'refused';
      throw error;
    }
  }
}

/** A value of no known type stays as it is: a person has to be told of it, and of nothing else in the row. */
function readable(raw: RawRow): SubscriptionRow {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      try {
        return [name, unmarshall({ value }, { wrapNumbers: toNumber }).value as unknown];
      } catch {
        return [name, value];
      }
    }),
  );
}

function updateOf(raw: RawRow, changes: Changes) {
  const set = Object.entries(changes).filter(([, value]) => value !== null && value !== undefined);
  const removed = Object.entries(changes).filter(([, value]) => value === null);
  const same = COMPARED.map((name) => unchangedCondition(name, raw[name]));
  return {
    UpdateExpression: [
      ...(set.length > 0 ? [`SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: ['attribute_exists(id)', ...same.map(({ condition }) => condition)].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(COMPARED.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries<AttributeValue>([
      ...set.map(([name, value]): [string, AttributeValue] => [
        `:${name}`,
        typeof value === 'string' ? { S: value } : { BOOL: value! },
      ]),
      ...same.flatMap(({ values }) => Object.entries(values)),
    ]),
  };
}

/**
 * The condition that an attribute is as it was. Lists and maps are compared by type and size: comparing all that is in
 * them could take more than the 300 operators of a condition, and the local DynamoDB cannot compare them as wholes. An
 * edit that slips through comes by in the stream right after, and the row is judged again.
 */
function unchangedCondition(name: string, was: AttributeValue | undefined) {
  if (was === undefined) return { condition: `attribute_not_exists(#${name})`, values: {} };
  const members = was.L?.length ?? (was.M && Object.keys(was.M).length);
  if (members === undefined) return { condition: `#${name} = :was_${name}`, values: { [`:was_${name}`]: was } };
  return {
    condition: `attribute_type(#${name}, :type_${name}) AND size(#${name}) = :size_${name}`,
    values: { [`:type_${name}`]: { S: was.L ? 'L' : 'M' }, [`:size_${name}`]: { N: String(members) } },
  };
}
