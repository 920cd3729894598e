import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { AwsCall, DynamoDbOptions } from '../../dynamodb/server.ts';
import {
  ACCESS_KEY_ID,
  ACCOUNT_ID,
  aDynamoDb,
  afterThisTest,
  aTable,
  clientConfig,
  key,
  N,
  refusal,
  REGION,
  S,
  WITH_INDEX,
  WITH_STREAM,
} from './support.ts';

const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table`;

/** A DynamoDB with two tables, whose permission checks are recorded from then on. */
async function withRecordedCalls() {
  const asked: AwsCall[] = [];
  const dynamoDb = await aDynamoDb({
    authorize: (call) => {
      asked.push(call);
      return { allowed: true };
    },
  });
  await aTable(dynamoDb.client, { ...WITH_INDEX, ...WITH_STREAM });
  await aTable(dynamoDb.client, { TableName: 'shifts' });
  asked.length = 0;
  return { ...dynamoDb, asked, actions: () => asked.map((call) => [call.action, call.resources]) };
}

describe('permissions of the local DynamoDB', () => {
  it('asks with the key id, the action, the table and the input', async () => {
    const { client, asked } = await withRecordedCalls();

    await client.putItem({ TableName: 'visits', Item: key('a') });

    const input = { TableName: 'visits', Item: key('a') };
    const resources = [`${ARN}/visits`];
    expect(asked).toEqual([{ accessKeyId: ACCESS_KEY_ID, action: 'dynamodb:PutItem', resources, input }]);
  });

  it('asks for the index of a query, every table of a batch, and the parts of a transaction', async () => {
    const { client, actions } = await withRecordedCalls();
    const query = { KeyConditionExpression: 'g = :g', ExpressionAttributeValues: { ':g': S('G') } };
    const check = { Key: key('a'), ConditionExpression: 'attribute_not_exists(pk)' };

    await client.query({ TableName: 'visits', IndexName: 'gsi1', ...query });
    await client.batchGetItem({ RequestItems: { visits: { Keys: [key('a')] }, shifts: { Keys: [key('a')] } } });
    await client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: 'visits', Item: key('p') } },
        { Put: { TableName: 'shifts', Item: key('p') } },
        { Delete: { TableName: 'visits', Key: key('d') } },
        { ConditionCheck: { TableName: 'shifts', ...check } },
      ],
    });
    await client.transactGetItems({ TransactItems: [{ Get: { TableName: 'shifts', Key: key('a') } }] });
    await client.listTables({});

    expect(actions()).toEqual([
      ['dynamodb:Query', [`${ARN}/visits/index/gsi1`]],
      ['dynamodb:BatchGetItem', [`${ARN}/visits`, `${ARN}/shifts`]],
      ['dynamodb:PutItem', [`${ARN}/visits`, `${ARN}/shifts`]],
      ['dynamodb:DeleteItem', [`${ARN}/visits`]],
      ['dynamodb:ConditionCheckItem', [`${ARN}/shifts`]],
      ['dynamodb:GetItem', [`${ARN}/shifts`]],
      ['dynamodb:ListTables', ['*']],
    ]);
  });

  it('asks for the stream, also when only an iterator names it', async () => {
    const { client, streams, asked, actions } = await withRecordedCalls();
    const StreamArn = (await client.describeTable({ TableName: 'visits' })).Table?.LatestStreamArn;
    asked.length = 0;

    const { StreamDescription } = await streams.describeStream({ StreamArn });
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: 'LATEST' });
    await streams.getRecords({ ShardIterator });

    expect(actions()).toEqual([
      ['dynamodb:DescribeStream', [StreamArn]],
      ['dynamodb:GetShardIterator', [StreamArn]],
      ['dynamodb:GetRecords', [StreamArn]],
    ]);
  });

  it('answers AccessDeniedException with the message and executes nothing', async () => {
    const refused = new Set(['dynamodb:PutItem']);
    const { client } = await aDynamoDb({
      authorize: ({ action }) =>
        refused.has(action)
          ? { allowed: false, message: `User x is not authorized to perform: ${action}` }
          : { allowed: true },
    });
    const TableName = await aTable(client);

    const put = await refusal(client.putItem({ TableName, Item: key('a') }), 'AccessDeniedException');
    const TransactItems = [{ Put: { TableName, Item: key('b') } }];
    await refusal(client.transactWriteItems({ TransactItems }), 'AccessDeniedException');

    expect(put).toMatchObject({
      message: 'User x is not authorized to perform: dynamodb:PutItem',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await client.scan({ TableName })).Count).toBe(0);
  });
});

describe('faults of the local DynamoDB', () => {
  type Fault = ReturnType<NonNullable<DynamoDbOptions['fault']>>;

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('shows the error and has %s execution written %i items', async (when, count) => {
    let fault: Fault;
    const { client } = await aDynamoDb({ fault: () => fault });
    const TableName = await aTable(client);
    fault = { when, status: 503, code: 'ServiceUnavailable' };

    const error = await refusal(client.putItem({ TableName, Item: key('a') }), 'ServiceUnavailable');

    fault = undefined;
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect((await client.scan({ TableName })).Count).toBe(count);
  });

  it('gives half of a batch back as unprocessed and executes the rest', async () => {
    let fault: Fault;
    const { client } = await aDynamoDb({ fault: () => fault });
    const TableName = await aTable(client);
    fault = { when: 'part', status: 200, code: 'ThrottlingException' };
    const requests = ['a', 'b', 'c'].map((name) => ({ PutRequest: { Item: key(name) } }));

    const written = await client.batchWriteItem({ RequestItems: { [TableName]: requests } });
    const Keys = ['b', 'a'].map((name) => key(name));
    const read = await client.batchGetItem({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } });
    const one = await client.batchGetItem({ RequestItems: { [TableName]: { Keys: Keys.slice(0, 1) } } });

    fault = undefined;
    expect(written.UnprocessedItems?.[TableName]).toEqual([requests[0], requests[2]]);
    expect((await client.scan({ TableName })).Items).toEqual([key('b')]);
    expect(read.UnprocessedKeys?.[TableName]?.Keys).toEqual([key('b')]);
    expect([one.Responses, one.UnprocessedKeys?.[TableName]?.Keys]).toEqual([{}, [key('b')]]);
  });

  it('cuts the connection for a timeout, also when the call was executed', async () => {
    let fault: Fault;
    const { client } = await aDynamoDb({ fault: () => fault });
    const TableName = await aTable(client);
    fault = { when: 'after', status: 0, code: 'timeout' };

    const outcome = await client.putItem({ TableName, Item: key('a') }).catch((error: unknown) => error);

    fault = undefined;
    expect(outcome).toMatchObject({ code: 'ECONNRESET' });
    expect((await client.scan({ TableName })).Count).toBe(1);
  });

  it('hits the calls that it is meant for and is retried by an SDK client like a real one', async () => {
    let left = 2;
    const { client, server } = await aDynamoDb({
      fault: ({ action }) =>
        action === 'dynamodb:UpdateItem' && left-- > 0
          ? { when: 'before', status: 400, code: 'ProvisionedThroughputExceededException' }
          : undefined,
    });
    const TableName = await aTable(client);
    const patient = new DynamoDB({ ...clientConfig(server.endpoint), maxAttempts: 3 });
    afterThisTest(() => patient.destroy());

    await patient.updateItem({
      TableName,
      Key: key('a'),
      UpdateExpression: 'SET v = :v',
      ExpressionAttributeValues: { ':v': N(1) },
    });

    expect(server.calls.get('dynamodb:UpdateItem')).toBe(3);
  });
});

describe('the front of the local DynamoDB', () => {
  const post = (port: number, target: string, body: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
      const sent = request({ host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });

  it.each([
    ['an operation it does not have', 'DynamoDB_20120810.ExecuteStatement', '{}', 'UnknownOperationException'],
    ['an operation named like a member of every object', 'constructor', '{}', 'UnknownOperationException'],
    ['a body that is no JSON', 'DynamoDB_20120810.GetItem', '{', 'SerializationException'],
    ['a body that is no object', 'DynamoDB_20120810.GetItem', 'null', 'SerializationException'],
    ['a wrong type', 'DynamoDB_20120810.GetItem', '{"TableName":1}', 'SerializationException'],
    [
      'a transaction that is no list',
      'DynamoDB_20120810.TransactWriteItems',
      '{"TransactItems":{}}',
      'ValidationException',
    ],
    [
      'a transaction of nothing',
      'DynamoDB_20120810.TransactWriteItems',
      '{"TransactItems":[null]}',
      'ValidationException',
    ],
    ['no table', 'DynamoDB_20120810.DescribeTable', '{}', 'ValidationException'],
  ])('refuses %s with a 400', async (_what, target, body, type) => {
    const { server } = await aDynamoDb();

    const { status, text } = await post(server.port, target, body);

    expect([status, (JSON.parse(text) as { __type: string }).__type.split('#')[1]]).toEqual([400, type]);
  });

  it('refuses a request over 16 MiB', async () => {
    const { server } = await aDynamoDb();

    const { status } = await post(server.port, 'DynamoDB_20120810.GetItem', 'x'.repeat(16 * 1024 * 1024 + 1));

    expect(status).toBe(413);
  });

  it('goes on after a client that left in the middle of its request', async () => {
    const { server, client } = await aDynamoDb();
    const socket = connect({ host: '127.0.0.1', port: server.port });
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    socket.resetAndDestroy();
    await once(socket, 'close');

    expect((await client.listTables({})).TableNames).toEqual([]);
  });

  it('closes although clients hold connections open, also when told twice', async () => {
    const { server, client } = await aDynamoDb();
    const TableName = await aTable(client);
    await Promise.all(Array.from({ length: 5 }, (_, i) => client.putItem({ TableName, Item: key(`p${i}`) })));

    await Promise.all([server.close(), server.close()]);

    const outcome: unknown = await client.listTables({}).catch((error: unknown) => error);
    expect((outcome as { code?: string }).code).toMatch(/^ECONN(REFUSED|RESET)$/);
  });

  it('says so when its port is taken', async () => {
    const { server } = await aDynamoDb();

    await expect(aDynamoDb({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('listens on loopback only', async () => {
    const { server } = await aDynamoDb();
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address && !address.internal && address.family === 'IPv4')
      .map((address) => address?.address ?? '');

    const answers = await Promise.all(
      ['127.0.0.2', ...outside].map(
        (host) =>
          new Promise<string>((resolve) => {
            const socket = connect({ host, port: server.port });
            socket.on('connect', () => (socket.destroy(), resolve('connected')));
            socket.on('error', () => resolve('refused'));
          }),
      ),
    );

    expect(server.endpoint).toBe(`http://127.0.0.1:${server.port}`);
    expect(answers).toEqual(answers.map(() => 'refused'));
  });
});
