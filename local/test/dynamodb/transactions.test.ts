import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { aClock, aDynamoDb, aTable, key, N, refusal, S } from './support.ts';

const ONE = { ExpressionAttributeValues: { ':one': N(1) } };
const puts = (TableName: string, count: number): TransactWriteItem[] =>
  Array.from({ length: count }, (_, i) => ({ Put: { TableName, Item: key('tx', `k${i}`) } }));

async function setUp() {
  const clock = aClock();
  const { client, server } = await aDynamoDb({ clock });
  const TableName = await aTable(client);
  const read = async (pk: string) => (await client.getItem({ TableName, Key: key(pk), ConsistentRead: true })).Item;
  return { client, server, clock, TableName, read };
}

describe('transactions in the local DynamoDB', () => {
  it('puts, updates, deletes and checks in one go, over two tables', async () => {
    const { client, TableName, read } = await setUp();
    await aTable(client, { TableName: 'shifts' });
    await client.putItem({ TableName, Item: { ...key('checked'), v: N(1) } });
    await client.putItem({ TableName, Item: key('deleted') });

    await client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: 'shifts', Item: key('put') } },
        { Update: { TableName, Key: key('updated'), UpdateExpression: 'ADD v :one', ...ONE } },
        { Delete: { TableName, Key: key('deleted') } },
        { ConditionCheck: { TableName, Key: key('checked'), ConditionExpression: 'v = :one', ...ONE } },
      ],
    });

    expect((await client.getItem({ TableName: 'shifts', Key: key('put') })).Item).toEqual(key('put'));
    expect((await read('updated'))?.['v']).toEqual(N(1));
    expect(await read('deleted')).toBeUndefined();
  });

  it('rolls everything back when one condition fails, and says which and what stood there', async () => {
    const { client, TableName, read } = await setUp();
    await client.putItem({ TableName, Item: { ...key('there'), v: N(7) } });

    const error = await refusal(
      client.transactWriteItems({
        TransactItems: [
          { Put: { TableName, Item: key('rolled-back') } },
          {
            ConditionCheck: {
              TableName,
              Key: key('there'),
              ConditionExpression: 'v = :one',
              ...ONE,
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Put: { TableName, Item: key('there', 'b'), ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
      'TransactionCanceledException',
    );

    expect(error['CancellationReasons']).toMatchObject([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { ...key('there'), v: N(7) } },
      { Code: 'ConditionalCheckFailed' },
    ]);
    expect(error['message']).toContain('[None, ConditionalCheckFailed, ConditionalCheckFailed]');
    expect(await read('rolled-back')).toBeUndefined();
  });

  it('names an update that does not fit its item as a reason', async () => {
    const { client, TableName } = await setUp();
    await client.putItem({ TableName, Item: { ...key('text'), v: S('x') } });

    const error = await refusal(
      client.transactWriteItems({
        TransactItems: [{ Update: { TableName, Key: key('text'), UpdateExpression: 'ADD v :one', ...ONE } }],
      }),
      'TransactionCanceledException',
    );

    expect(error['CancellationReasons']).toMatchObject([{ Code: 'ValidationError' }]);
  });

  it('applies a repeated request token once and refuses it with other parameters', async () => {
    const { client, TableName, read } = await setUp();
    const add = { Update: { TableName, Key: key('i'), UpdateExpression: 'ADD v :one', ...ONE } };
    const request = { ClientRequestToken: 'token-1', TransactItems: [add] };

    await client.transactWriteItems(request);
    await client.transactWriteItems(request);

    expect((await read('i'))?.['v']).toEqual(N(1));
    const other = { ...request, TransactItems: puts(TableName, 1) };
    await refusal(client.transactWriteItems(other), 'IdempotentParameterMismatchException');
  });

  it('forgets a request token after 10 minutes', async () => {
    const { client, TableName, read, clock } = await setUp();
    const add = { Update: { TableName, Key: key('i'), UpdateExpression: 'ADD v :one', ...ONE } };
    const request = { ClientRequestToken: 'token-1', TransactItems: [add] };
    await client.transactWriteItems(request);

    clock.advance(10 * 60_000 + 1);
    await client.transactWriteItems(request);

    expect((await read('i'))?.['v']).toEqual(N(2));
  });

  it('does not remember the token of a transaction that was cancelled', async () => {
    const { client, TableName, read } = await setUp();
    const put = { TableName, Item: key('later'), ConditionExpression: 'attribute_not_exists(pk)' };
    const request = { ClientRequestToken: 'token-1', TransactItems: [{ Put: put }] };
    await client.putItem({ TableName, Item: { ...key('later'), v: N(1) } });
    await refusal(client.transactWriteItems(request), 'TransactionCanceledException');
    await client.deleteItem({ TableName, Key: key('later') });

    await client.transactWriteItems(request);

    expect(await read('later')).toEqual(key('later'));
  });

  it('takes 100 items and refuses 101, the same item twice, and an unknown table', async () => {
    const { client, TableName } = await setUp();
    await client.transactWriteItems({ TransactItems: puts(TableName, 100) });
    const twice = [{ Put: { TableName, Item: key('x') } }, { Delete: { TableName, Key: key('x') } }];

    await refusal(client.transactWriteItems({ TransactItems: puts(TableName, 101) }), 'ValidationException');
    await refusal(client.transactWriteItems({ TransactItems: twice }), 'ValidationException');
    await refusal(client.transactWriteItems({ TransactItems: puts('nope', 1) }), 'ResourceNotFoundException');
  });

  it('reads several items at once, missing ones as empty answers', async () => {
    const { client, TableName } = await setUp();
    await client.putItem({ TableName, Item: { ...key('here'), v: N(1) } });

    const { Responses } = await client.transactGetItems({
      TransactItems: [
        { Get: { TableName, Key: key('here'), ProjectionExpression: 'v' } },
        { Get: { TableName, Key: key('nope') } },
      ],
    });

    expect(Responses).toEqual([{ Item: { v: N(1) } }, {}]);
  });
});
