import type { RequestContext } from './conditions.ts';

type Item = Record<string, Record<string, unknown>>;
interface DynamoDbInput {
  TableName?: string;
  Key?: Item;
  Item?: Item;
  RequestItems?: Record<string, { Keys?: Item[] } | { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  KeyConditionExpression?: string;
  ProjectionExpression?: string;
  FilterExpression?: string;
  Select?: string;
}

/**
 * Condition keys of a DynamoDB call: the partition keys that it touches, what a Query or Scan selects, and the attributes of a
 * call that only names the ones it wants. The attributes of all other calls are left unknown, so that a policy that limits
 * them refuses instead of letting too much pass.
 * @param partitionKeyOf the name of a table's partition key.
 */
export function dynamoDbContext(input: unknown, partitionKeyOf: (table: string) => string | undefined): RequestContext {
  return {
    'dynamodb:leadingkeys': leadingKeys(input as DynamoDbInput, partitionKeyOf),
    'dynamodb:attributes': projected(input as DynamoDbInput),
    'dynamodb:select': [(input as DynamoDbInput).Select ?? 'ALL_ATTRIBUTES'],
  };
}

function projected(input: DynamoDbInput): string[] | undefined {
  const {
    ProjectionExpression,
    KeyConditionExpression,
    FilterExpression,
    ExpressionAttributeNames: names = {},
  } = input;
  if (ProjectionExpression === undefined || (KeyConditionExpression ?? FilterExpression) !== undefined)
    return undefined;
  return ProjectionExpression.split(',').map((path) => {
    const top = path.trim().split(/[.[]/)[0]!;
    return names[top] ?? top;
  });
}

function leadingKeys(
  input: DynamoDbInput,
  partitionKeyOf: (table: string) => string | undefined,
): string[] | undefined {
  const pick = (table: string, items: (Item | undefined)[]): (string | undefined)[] => {
    const key = partitionKeyOf(table) ?? '';
    return items.map((item) => scalar(item?.[key]));
  };
  let found: (string | undefined)[];
  if (input.RequestItems) {
    found = Object.entries(input.RequestItems).flatMap(([table, requests]) =>
      pick(
        table,
        Array.isArray(requests)
          ? requests.map((r) => r.PutRequest?.Item ?? r.DeleteRequest?.Key)
          : (requests.Keys ?? []),
      ),
    );
  } else if (input.KeyConditionExpression !== undefined) {
    found = [queriedKey(input, partitionKeyOf(input.TableName ?? ''))];
  } else {
    found = pick(input.TableName ?? '', [input.Key ?? input.Item]);
  }
  return found.every((v) => v !== undefined) ? found : undefined;
}

/** The value that `key = :value` gives the partition key, wherever it is in the expression. */
function queriedKey(input: DynamoDbInput, key: string | undefined): string | undefined {
  for (const [, name = '', value = ''] of (input.KeyConditionExpression ?? '').matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((input.ExpressionAttributeNames?.[name] ?? name) === key)
      return scalar(input.ExpressionAttributeValues?.[value]);
  }
  return undefined;
}

function scalar(value: Record<string, unknown> | undefined): string | undefined {
  const inner = value?.['S'] ?? value?.['N'];
  return typeof inner === 'string' ? inner : undefined;
}
