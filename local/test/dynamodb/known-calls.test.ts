import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedInput } from '../../dynamodb/checked-input.ts';
import type { Input } from '../../dynamodb/types.ts';

// A call like an earlier one is not looked at in full again. What comes of it, a refusal too, must be what comes of one that nobody
// made before: the same call on a table of a name never heard of.

type Operation = Parameters<typeof checkedInput>[0];
let tables = 0;

function outcome(operation: Operation, input: Input): unknown {
  try {
    return checkedInput(operation, structuredClone(input));
  } catch (error) {
    const { message, body } = error as Error & { body?: object };
    return { message, body };
  }
}

/** Of a call whose kind has been seen, and of one whose kind has not. */
function outcomes(operation: Operation, like: Input, input: Input): [seen: unknown, unseen: unknown] {
  const name = (table: string): Input =>
    'Requests' in input ? { RequestItems: { [table]: input['Requests'] } } : { ...input, TableName: table };
  checkedInput(operation, { ...like, TableName: 'Seen' });
  const fresh = `Unseen${(tables += 1)}`;
  const [seen, unseen] = [outcome(operation, name('Seen')), outcome(operation, name(fresh))];
  return [seen, JSON.parse(JSON.stringify(unseen).replaceAll(fresh, 'Seen'))];
}

const KEY = { id: { S: 'one' } };
const AN_UPDATE: Input = {
  Key: KEY,
  UpdateExpression: 'SET a = :a, #n = if_not_exists(#n, :zero) + :one, b = :a',
  ConditionExpression: 'attribute_exists(id) AND a < :a',
  ExpressionAttributeNames: { '#n': 'number' },
  ExpressionAttributeValues: { ':a': { S: 'x' }, ':zero': { N: '0' }, ':one': { N: '1' } },
};
const A_QUERY: Input = {
  KeyConditionExpression: 'id = :id AND t BETWEEN :from AND :to',
  FilterExpression: 'contains(tags, :tag)',
  ExpressionAttributeValues: { ':id': { S: 'a' }, ':from': { N: '1' }, ':to': { N: '2' }, ':tag': { S: 'b' } },
};
const withValues = (input: Input, values: object): Input => ({
  ...input,
  ExpressionAttributeValues: { ...(input['ExpressionAttributeValues'] as object), ...values },
});

describe('a call like an earlier one', () => {
  it.each<[what: string, Operation, like: Input, input: Input]>([
    ['other values', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':a': { S: 'y' }, ':one': { N: '20' } })],
    ['a number written in another way', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':one': { N: '+1.50' } })],
    ['a value that is no number', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':one': { N: 'one' } })],
    ['a value of another type', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':one': { S: '1' } })],
    ['a value of two types', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':one': { N: '1', S: '1' } })],
    ['a value too many', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':other': { N: '1' } })],
    ['a text where a number belongs', 'updateItem', AN_UPDATE, withValues(AN_UPDATE, { ':one': { N: 1 } })],
    ['an empty set', 'updateItem', AN_UPDATE, { ...AN_UPDATE, Key: { id: { SS: [] } } }],
    ['a set that has one twice', 'updateItem', AN_UPDATE, { ...AN_UPDATE, Key: { id: { NS: ['1', '1'] } } }],
    ['bounds in order', 'query', A_QUERY, withValues(A_QUERY, { ':from': { N: '-3' } })],
    ['bounds out of order', 'query', A_QUERY, withValues(A_QUERY, { ':from': { N: '3' } })],
    ['bounds of two types', 'query', A_QUERY, withValues(A_QUERY, { ':from': { S: '1' } })],
    ['a number with a point', 'query', A_QUERY, withValues(A_QUERY, { ':from': { N: '-1.5' }, ':to': { N: '0.25' } })],
    ['a start', 'query', A_QUERY, { ...A_QUERY, ExclusiveStartKey: { id: { N: '01' } } }],
    [
      'a type that there is not',
      'scan',
      { FilterExpression: 'attribute_type(a, :type)', ExpressionAttributeValues: { ':type': { S: 'S' } } },
      { FilterExpression: 'attribute_type(a, :type)', ExpressionAttributeValues: { ':type': { S: 'TEXT' } } },
    ],
    [
      'a null that is false',
      'putItem',
      { Item: { ...KEY, a: { NULL: true } } },
      { Item: { ...KEY, a: { NULL: false } } },
    ],
    ['bytes', 'putItem', { Item: KEY }, { Item: { ...KEY, a: { B: 'AQI=' } } }],
    ['bytes that are none', 'putItem', { Item: KEY }, { Item: { ...KEY, a: { B: 'AQI' } } }],
    ['an item beyond 400 KB', 'putItem', { Item: KEY }, { Item: { ...KEY, a: { S: 'x'.repeat(420_000) } } }],
    ['a number of 39 digits', 'putItem', { Item: KEY }, { Item: { ...KEY, a: { L: [{ N: '9'.repeat(39) }] } } }],
    [
      'a batch of other items',
      'batchWriteItem',
      { RequestItems: { Seen: [{ PutRequest: { Item: KEY } }, { DeleteRequest: { Key: KEY } }] } },
      { Requests: [{ PutRequest: { Item: { ...KEY, a: { M: { b: KEY.id } } } } }, { DeleteRequest: { Key: KEY } }] },
    ],
    [
      'a batch with a wrong item',
      'batchWriteItem',
      { RequestItems: { Seen: [{ PutRequest: { Item: KEY } }] } },
      { Requests: [{ PutRequest: { Item: { ...KEY, a: {} } } }] },
    ],
    [
      'a read of other keys',
      'batchGetItem',
      { RequestItems: { Seen: { Keys: [KEY, { id: { S: 'two' } }], ConsistentRead: true } } },
      { Requests: { Keys: [{ id: { S: 'three' } }, { id: { S: 'four' } }], ConsistentRead: true } },
    ],
    [
      'a read that need not be the newest',
      'batchGetItem',
      { RequestItems: { Seen: { Keys: [KEY] } } },
      { Requests: { Keys: [{ id: { N: '7' } }] } },
    ],
    [
      'a read of one key twice',
      'batchGetItem',
      { RequestItems: { Seen: { Keys: [KEY, { id: { S: 'two' } }] } } },
      { Requests: { Keys: [{ id: { S: 'two' } }, { id: { S: 'two' } }] } },
    ],
    [
      'a read of some attributes',
      'batchGetItem',
      { RequestItems: { Seen: { Keys: [KEY] } } },
      { Requests: { Keys: [KEY], ProjectionExpression: 'a, b' } },
    ],
  ])('is treated as any other: %s', (_what, operation, like, input) => {
    const [seen, unseen] = outcomes(operation, like, input);

    expect(seen).toEqual(unseen);
  });

  it('is, whatever its values are', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('1', '-1', '007', '1e3', '', '-0', 'S'));
    const { value } = fc.letrec<{ value: object }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.record({ S: text }),
        fc.record({ N: fc.oneof(text, fc.integer().map(String), fc.float().map(String), fc.double().map(String)) }),
        fc.record({ BOOL: fc.boolean() }),
        fc.record({ NULL: fc.boolean() }),
        fc.record({ B: fc.base64String() }),
        fc.record({ SS: fc.array(text, { maxLength: 3 }) }),
        fc.record({ NS: fc.array(fc.integer().map(String), { maxLength: 3 }) }),
        fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
        fc.record({ M: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }) }),
      ),
    }));
    const property = fc.property(value, value, value, (a, one, id) => {
      for (const [operation, like, input] of [
        ['updateItem', AN_UPDATE, withValues({ ...AN_UPDATE, Key: { id } }, { ':a': a, ':one': one })],
        ['query', A_QUERY, withValues(A_QUERY, { ':from': a, ':to': one, ':id': id })],
        ['putItem', { Item: KEY }, { Item: { id, a, one } }],
      ] as const) {
        const [seen, unseen] = outcomes(operation, like, input);
        expect(seen).toEqual(unseen);
      }
    });

    fc.assert(property, { numRuns: 200 });
  });

  it('leaves an earlier one and what the caller gave as they are', () => {
    const input = withValues(AN_UPDATE, { ':a': { L: [{ S: 'x' }] } });
    const [first, second] = [1, 2].map(() => checkedInput('updateItem', { ...input, TableName: 'Seen' }));
    const before = structuredClone(second);

    const { sections } = first!['_updates'] as { sections: { args?: unknown[] }[] };
    sections.length = 0;
    (first!['Key'] as Record<string, unknown>)['id'] = 'changed';

    expect(second).toEqual(before);
    expect(checkedInput('updateItem', { ...input, TableName: 'Seen' })).toEqual(before);
    expect(input['Key']).toEqual({ id: { S: 'one' } });
  });
});
