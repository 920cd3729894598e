import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { inSetOrder } from '../../../test/support/sets.ts';
import { aDynamoDb, aTable, key, N, refusal, S, WITH_INDEX } from './support.ts';

async function setUp() {
  const { client } = await aDynamoDb();
  const TableName = await aTable(client);
  const read = async (pk: string) => (await client.getItem({ TableName, Key: key(pk), ConsistentRead: true })).Item;
  return { client, TableName, read };
}

describe('single items in the local DynamoDB', () => {
  it('gives back every type as it was put, with all 38 digits of a number', async () => {
    const { client, TableName, read } = await setUp();
    const item = {
      ...key('types'),
      n: { N: '123456789012345678901234567890.12345' },
      b: { B: new Uint8Array([1, 2, 255]) },
      bool: { BOOL: true },
      nothing: { NULL: true as const },
      list: { L: [N(1), S('x')] },
      map: { M: { inner: S('ä🩺') } },
      strings: { SS: ['b', 'a'] },
      numbers: { NS: ['1', '2'] },
      binaries: { BS: [new Uint8Array([9])] },
      empty: S(''),
    };

    await client.putItem({ TableName, Item: item });

    // A set has no order (API reference, AttributeValue).
    expect(inSetOrder(await read('types'))).toEqual(inSetOrder(item));
  });

  it('works through the document client', async () => {
    const { client, TableName } = await setUp();
    const documents = DynamoDBDocumentClient.from(client);
    const Item = { pk: 'doc', sk: 'a', n: 1.5, nested: { list: [1, 'x', null, true] }, set: new Set(['a']) };

    await documents.send(new PutCommand({ TableName, Item }));

    expect((await documents.send(new GetCommand({ TableName, Key: { pk: 'doc', sk: 'a' } }))).Item).toEqual(Item);
  });

  it('puts under a condition once and shows the item that was in the way when asked', async () => {
    const { client, TableName } = await setUp();
    const put = (v: number) =>
      client.putItem({
        TableName,
        Item: { ...key('c'), v: N(v) },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    await put(7);

    const error = await refusal(put(8), 'ConditionalCheckFailedException');

    expect(error['Item']).toEqual({ ...key('c'), v: N(7) });
  });

  it('shows no item on a failed condition when not asked', async () => {
    const { client, TableName } = await setUp();
    await client.putItem({ TableName, Item: key('c') });

    const put = client.putItem({ TableName, Item: key('c'), ConditionExpression: 'attribute_not_exists(pk)' });

    expect((await refusal(put, 'ConditionalCheckFailedException'))['Item']).toBeUndefined();
  });

  it('updates with SET, ADD, REMOVE and DELETE, functions and nested paths', async () => {
    const { client, TableName } = await setUp();
    const start = { a: N(1), r: S('x'), set: { SS: ['a', 'b'] }, l: { L: [N(1)] }, m: { M: { k: N(1) } } };
    await client.putItem({ TableName, Item: { ...key('u'), ...start } });

    const { Attributes } = await client.updateItem({
      TableName,
      Key: key('u'),
      UpdateExpression:
        'SET #b = if_not_exists(#b, :ten) + :one, l = list_append(l, :l), m.k = :ten REMOVE r ADD a :one DELETE #set :gone',
      ExpressionAttributeNames: { '#b': 'b', '#set': 'set' },
      ExpressionAttributeValues: { ':ten': N(10), ':one': N(1), ':l': { L: [N(2)] }, ':gone': { SS: ['a'] } },
      ReturnValues: 'ALL_NEW',
    });

    const expected = { a: N(2), b: N(11), set: { SS: ['b'] }, l: { L: [N(1), N(2)] }, m: { M: { k: N(10) } } };
    expect(Attributes).toEqual({ ...key('u'), ...expected });
  });

  it('takes an expression that comes again with what this item has and with the values of this call', async () => {
    const { client, TableName } = await setUp();
    const add = async (pk: string, n: number) => {
      const { Attributes } = await client.updateItem({
        TableName,
        Key: key(pk),
        UpdateExpression: 'SET b = if_not_exists(b, :n) + :n',
        ExpressionAttributeValues: { ':n': N(n) },
        ReturnValues: 'UPDATED_NEW',
      });
      return Attributes?.['b'];
    };

    const first = [await add('x', 1), await add('y', 1), await add('x', 1)];

    expect([...first, await add('x', 5)]).toEqual([N(2), N(2), N(3), N(8)]);
  });

  it('refuses an expression beside what goes with none, also one that was taken by itself before', async () => {
    const { client, TableName } = await setUp();
    const put = { TableName, Item: key('both'), ConditionExpression: 'attribute_not_exists(sk)' };
    await client.putItem(put);

    await refusal(client.putItem({ ...put, Expected: { n: { Exists: false } } }), 'ValidationException');
  });

  it('makes a missing item on update and answers old and new values', async () => {
    const { client, TableName } = await setUp();
    const add = (ReturnValues: 'UPDATED_NEW' | 'UPDATED_OLD') =>
      client.updateItem({
        TableName,
        Key: key('up'),
        UpdateExpression: 'ADD hits :one',
        ExpressionAttributeValues: { ':one': N(1) },
        ReturnValues,
      });

    expect((await add('UPDATED_NEW')).Attributes).toEqual({ hits: N(1) });
    expect((await add('UPDATED_OLD')).Attributes).toEqual({ hits: N(1) });
  });

  it('understands every kind of condition', async () => {
    const { client, TableName, read } = await setUp();
    await client.putItem({ TableName, Item: { ...key('co'), a: S('hello'), n: N(5), l: { L: [S('x')] } } });

    await client.updateItem({
      TableName,
      Key: key('co'),
      UpdateExpression: 'SET z = :five',
      ConditionExpression:
        'contains(a, :h) AND size(l) = :one AND n IN (:five, :one) AND n BETWEEN :one AND :five AND begins_with(a, :h)' +
        ' AND attribute_type(a, :S) AND (attribute_exists(a) OR attribute_exists(q)) AND NOT attribute_exists(q)',
      ExpressionAttributeValues: { ':h': S('hel'), ':one': N(1), ':five': N(5), ':S': S('S') },
    });

    expect((await read('co'))?.['z']).toEqual(N(5));
  });

  it('refuses an expression of more than 4 KB, as AWS does', async () => {
    const { client, TableName } = await setUp();
    const put = (bytes: number) =>
      client.putItem({ TableName, Item: key('e'), ConditionExpression: 'attribute_not_exists(v)'.padEnd(bytes) });
    await put(4096);

    const error = await refusal(put(4097), 'ValidationException');

    expect(error.message).toBe(
      'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097',
    );
  });

  it('deletes under a condition and answers what was deleted', async () => {
    const { client, TableName, read } = await setUp();
    await client.putItem({ TableName, Item: { ...key('d'), v: N(3) } });
    const remove = (v: number) =>
      client.deleteItem({
        TableName,
        Key: key('d'),
        ConditionExpression: 'v = :v',
        ExpressionAttributeValues: { ':v': N(v) },
        ReturnValues: 'ALL_OLD',
      });
    await refusal(remove(4), 'ConditionalCheckFailedException');

    const { Attributes } = await remove(3);

    expect(Attributes?.['v']).toEqual(N(3));
    expect(await read('d')).toBeUndefined();
  });

  it('counts 50 simultaneous increments and lets one of 20 simultaneous conditional puts win', async () => {
    const { client, TableName, read } = await setUp();
    const add = { UpdateExpression: 'ADD hits :one', ExpressionAttributeValues: { ':one': N(1) } };
    const put = { Item: key('race'), ConditionExpression: 'attribute_not_exists(pk)' };

    await Promise.all(Array.from({ length: 50 }, () => client.updateItem({ TableName, Key: key('ctr'), ...add })));
    const puts = await Promise.allSettled(Array.from({ length: 20 }, () => client.putItem({ TableName, ...put })));

    expect((await read('ctr'))?.['hits']).toEqual(N(50));
    expect(puts.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  const huge = { ...key('h'), d: S('x'.repeat(410_000)) };
  // 250,000 letters, but 500,000 bytes: AWS counts bytes.
  const hugeInBytes = { ...key('h'), d: S('ä'.repeat(250_000)) };
  const deep = Array.from({ length: 33 }).reduce<{ L: unknown[] }>((inner) => ({ L: [inner] }), { L: [] });
  it.each([
    ['an item over 400 KB', { Item: huge }],
    ['an item over 400 KB in bytes only', { Item: hugeInBytes }],
    ['an item nested deeper than 32 levels', { Item: { ...key('deep'), d: deep as never } }],
    ['an empty set', { Item: { ...key('v'), e: { SS: [] } } }],
    ['an empty key', { Item: { pk: S(''), sk: S('a') } }],
    ['a missing key', { Item: { pk: S('a') } }],
    ['a number for a string key', { Item: { pk: N(1), sk: S('a') } }],
    [
      'a value that no expression uses',
      { Item: key('v'), ConditionExpression: 'attribute_not_exists(pk)', ExpressionAttributeValues: { ':u': N(1) } },
    ],
  ])('refuses to put %s', async (_what, input) => {
    const { client, TableName, read } = await setUp();

    await refusal(client.putItem({ TableName, ...input }), 'ValidationException');

    expect(await read('v')).toBeUndefined();
  });

  it.each([
    ['a reserved word', 'SET status = :u'],
    ['a part of the key', 'SET pk = :u'],
    ['a path through a missing map', 'SET nope.inner = :u'],
  ])('refuses an update of %s', async (_what, UpdateExpression) => {
    const { client, TableName } = await setUp();
    const values = { ExpressionAttributeValues: { ':u': S('x') } };

    await refusal(client.updateItem({ TableName, Key: key('v'), UpdateExpression, ...values }), 'ValidationException');
  });

  it('leaves index and item alone when an update makes the item too large', async () => {
    const { client } = await aDynamoDb();
    const TableName = await aTable(client, WITH_INDEX);
    await client.putItem({ TableName, Item: { ...key('v'), g: S('A'), gs: N(1) } });

    const update = client.updateItem({
      TableName,
      Key: key('v'),
      UpdateExpression: 'SET g = :b, d = :d',
      ExpressionAttributeValues: { ':b': S('B'), ':d': S('ä'.repeat(250_000)) },
    });

    await refusal(update, 'ValidationException');
    expect((await client.scan({ TableName, IndexName: 'gsi1' })).Items).toEqual([{ ...key('v'), g: S('A'), gs: N(1) }]);
  });
});
