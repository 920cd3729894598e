import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shortenDynamoDb, shortenSqs } from '../../../lambdas/aws/fast-path/bypass-sdk.ts';
import { documentOptions } from '../../../lambdas/aws/clients.ts';

interface Received {
  headers: IncomingHttpHeaders;
  input: Record<string, unknown>;
}

let server: Server;
let endpoint: string;
let received: Received[];
/** What the service does with the calls, in their order; the last one with all that follow. */
let answers: ((response: ServerResponse) => void)[];

const ok =
  (output: object) =>
  (response: ServerResponse): void =>
    void response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(output));
const refuse =
  (status: number, type: string) =>
  (response: ServerResponse): void =>
    void response.writeHead(status).end(JSON.stringify({ __type: `com.amazonaws#${type}`, message: 'no' }));
const hangUp = (response: ServerResponse): void => void response.destroy();
const broken = (response: ServerResponse): void => void response.writeHead(200).end('{"Items":[');

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      received.push({ headers: request.headers, input });
      (answers.length > 1 ? answers.shift()! : answers[0]!)(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const KEYS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

function documents(env: Record<string, string> = KEYS): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  return shortenDynamoDb(DynamoDBDocumentClient.from(client, documentOptions()), {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    ...env,
  });
}

const bySdk = ({ headers }: Received): boolean => String(headers['user-agent']).startsWith('aws-sdk-js');
const query = new QueryCommand({
  TableName: 'T',
  KeyConditionExpression: 'a = :a',
  ExpressionAttributeValues: { ':a': 'x' },
  ExclusiveStartKey: { a: 'x', n: 1 },
});

describe('a short call of DynamoDB', () => {
  it('is posted once, signed, and answered with plain values', async () => {
    answers = [ok({ Items: [{ a: { S: 'x' }, n: { N: '2' } }], Count: 1, LastEvaluatedKey: { a: { S: 'x' } } })];

    const page = await documents().send(query);

    expect(page).toMatchObject({ Items: [{ a: 'x', n: 2 }], Count: 1, LastEvaluatedKey: { a: 'x' } });
    expect(received.map(bySdk)).toEqual([false]);
    expect(received[0]!.headers['x-amz-target']).toBe('DynamoDB_20120810.Query');
    expect(received[0]!.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/us-east-1\/dynamodb\//,
    );
    expect(received[0]!.input).toMatchObject({
      ExpressionAttributeValues: { ':a': { S: 'x' } },
      ExclusiveStartKey: { a: { S: 'x' }, n: { N: '1' } },
    });
  });

  it('asks for many rows and says which are left', async () => {
    answers = [
      ok({
        Responses: { T: [{ a: { S: 'x' } }] },
        UnprocessedKeys: { U: { Keys: [{ b: { S: 'y' } }], ConsistentRead: true } },
      }),
    ];

    const answer = await documents().send(
      new BatchGetCommand({
        RequestItems: { T: { Keys: [{ a: 'x' }] }, U: { Keys: [{ b: 'y' }], ConsistentRead: true } },
      }),
    );

    expect(answer.Responses).toEqual({ T: [{ a: 'x' }] });
    expect(answer.UnprocessedKeys).toEqual({ U: { Keys: [{ b: 'y' }], ConsistentRead: true } });
    expect(received[0]!.input).toEqual({
      RequestItems: { T: { Keys: [{ a: { S: 'x' } }] }, U: { Keys: [{ b: { S: 'y' } }], ConsistentRead: true } },
    });
  });

  it('puts and deletes many rows and says which are left', async () => {
    const left = { T: [{ PutRequest: { Item: { a: { S: 'x' } } } }, { DeleteRequest: { Key: { a: { S: 'z' } } } }] };
    answers = [ok({ UnprocessedItems: left })];
    const requests = [{ PutRequest: { Item: { a: 'x' } } }, { DeleteRequest: { Key: { a: 'z' } } }];

    const answer = await documents().send(new BatchWriteCommand({ RequestItems: { T: requests } }));

    expect(answer.UnprocessedItems).toEqual({ T: requests });
    expect(received[0]!.input).toEqual({ RequestItems: left });
  });

  it('changes a row and says what it is now', async () => {
    answers = [ok({ Attributes: { counted: { N: '3' } } })];
    const update = new UpdateCommand({
      TableName: 'T',
      Key: { a: 'x' },
      UpdateExpression: 'ADD counted :n',
      ExpressionAttributeValues: { ':n': 2 },
      ReturnValues: 'UPDATED_NEW',
    });

    const { Attributes } = await documents().send(update);

    expect(Attributes).toEqual({ counted: 3 });
    expect(received.map(bySdk)).toEqual([false]);
    expect(received[0]!.headers['x-amz-target']).toBe('DynamoDB_20120810.UpdateItem');
    expect(received[0]!.input).toEqual({
      TableName: 'T',
      Key: { a: { S: 'x' } },
      UpdateExpression: 'ADD counted :n',
      ExpressionAttributeValues: { ':n': { N: '2' } },
      ReturnValues: 'UPDATED_NEW',
    });
  });

  it('deletes a row', async () => {
    answers = [ok({})];

    await documents().send(new DeleteCommand({ TableName: 'T', Key: { a: 'x' } }));

    expect(received.map(bySdk)).toEqual([false]);
    expect(received[0]!.headers['x-amz-target']).toBe('DynamoDB_20120810.DeleteItem');
    expect(received[0]!.input).toEqual({ TableName: 'T', Key: { a: { S: 'x' } } });
  });

  it('reads and changes a row by its attribute values, as they are', async () => {
    const Item = { a: { S: 'x' }, huge: { N: '9007199254740993' }, list: { L: [{ M: { deep: { NULL: true } } }] } };
    answers = [ok({ Item }), ok({})];
    const get = { TableName: 'T', Key: { a: { S: 'x' } }, ConsistentRead: true };
    const update = {
      TableName: 'T',
      Key: get.Key,
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': Item.huge },
    };

    const read = await documents().send(new GetItemCommand(get));
    await documents().send(new UpdateItemCommand(update));

    expect(read.Item).toEqual(Item);
    expect(received.map(bySdk)).toEqual([false, false]);
    expect(received.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'DynamoDB_20120810.GetItem',
      'DynamoDB_20120810.UpdateItem',
    ]);
    expect(received.map(({ input }) => input)).toEqual([get, update]);
  });

  it('by attribute values is made by the SDK when there are bytes among them', async () => {
    answers = [ok({ Item: { a: { M: { deep: { B: 'AQID' } } } } })];
    const Key = { a: { B: new Uint8Array([1, 2, 3]) } };

    const read = await documents().send(new GetItemCommand({ TableName: 'T', Key: { a: { S: 'x' } } }));
    await documents().send(new UpdateItemCommand({ TableName: 'T', Key, UpdateExpression: 'REMOVE n' }));

    expect(read.Item).toEqual({ a: { M: { deep: { B: new Uint8Array([1, 2, 3]) } } } });
    expect(received.map(bySdk)).toEqual([false, true, true]);
    expect(received[2]!.input).toMatchObject({ Key: { a: { B: 'AQID' } } });
  });

  it.each([
    ['throttled', refuse(400, 'ThrottlingException')],
    ['failed by the service', refuse(500, 'InternalServerError')],
    ['cut off', hangUp],
    ['answered with half a text', broken],
  ])('that is %s is made by the SDK', async (_what, trouble) => {
    answers = [trouble, ok({ Items: [], Count: 0 })];

    const page = await documents().send(query);

    expect(page.Items).toEqual([]);
    expect(received.map(bySdk)).toEqual([false, true]);
  });

  it("whose condition does not hold is asked once, and rejects with the SDK's own error", async () => {
    const put = new PutCommand({ TableName: 'T', Item: { a: 'x' }, ConditionExpression: 'attribute_not_exists(a)' });
    const Item = { a: { S: 'x' } };
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'no', Item };
    answers = [(response) => void response.writeHead(400, { 'x-amzn-requestid': 'id-1' }).end(JSON.stringify(refusal))];

    const error = await documents()
      .send(put)
      .catch((thrown: unknown) => thrown);
    const bySdkAlone = await documents({})
      .send(put)
      .catch((thrown: unknown) => thrown);

    expect(received.map(bySdk)).toEqual([false, true]);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    const facts = ({ name, message, Item: item, $fault, $metadata }: ConditionalCheckFailedException) => {
      const { httpStatusCode, requestId } = $metadata;
      return { name, message, item, $fault, httpStatusCode, requestId };
    };
    expect(facts(error as ConditionalCheckFailedException)).toEqual(
      facts(bySdkAlone as ConditionalCheckFailedException),
    );
  });

  it.each(['ValidationException', 'ResourceNotFoundException'])(
    'that is refused with %s is the SDK’s to judge',
    async (type) => {
      answers = [refuse(400, type)];

      await expect(documents().send(query)).rejects.toMatchObject({ name: type });

      expect(received.map(bySdk)).toEqual([false, true]);
    },
  );

  it('is not tried for what only the SDK can write', async () => {
    answers = [ok({})];

    await documents().send(new PutCommand({ TableName: 'T', Item: { a: new Set(['x']) } }));
    await documents().send(
      new TransactWriteCommand({ TransactItems: [{ Delete: { TableName: 'T', Key: { a: 'x' } } }] }),
    );

    expect(received.map(bySdk)).toEqual([true, true]);
  });

  it.each([
    ['no credentials in the environment', {}],
    ['a region whose endpoints are elsewhere', { ...KEYS, AWS_REGION: 'cn-north-1', AWS_ENDPOINT_URL_DYNAMODB: '' }],
    ['FIPS endpoints wanted', { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: '', AWS_USE_FIPS_ENDPOINT: 'true' }],
  ])('is not tried with %s', async (_what, env) => {
    answers = [ok({ Items: [] })];

    await documents(env).send(query);

    expect(received.map(bySdk)).toEqual([true]);
  });
});

describe('a short call of SQS', () => {
  it("goes to the host of the queue's URL, and to the SDK when it is refused", async () => {
    answers = [
      ok({ Successful: [{ Id: '0' }], Failed: [] }),
      refuse(503, 'ServiceUnavailable'),
      ok({ Successful: [] }),
    ];
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const sqs = shortenSqs(new SQSClient({ region: 'us-east-1', credentials, endpoint }), {
      ...KEYS,
      AWS_REGION: 'us-east-1',
    });
    const Entries = [{ Id: '0', MessageBody: 'ü', MessageGroupId: 'g' }];
    const command = new SendMessageBatchCommand({ QueueUrl: `${endpoint}/000000000000/events`, Entries });

    const first = await sqs.send(command);
    await sqs.send(command);

    expect(first.Successful).toEqual([{ Id: '0' }]);
    expect(received.map(bySdk)).toEqual([false, false, true]);
    expect(received[0]!.headers['x-amz-target']).toBe('AmazonSQS.SendMessageBatch');
    expect(received[0]!.input).toEqual({ QueueUrl: `${endpoint}/000000000000/events`, Entries });
  });
});

describe('retries of the SDK', () => {
  it('come back with calls that went past it, after a time in which all were used up', async () => {
    const client = documents();
    const throttled = refuse(400, 'ThrottlingException');
    const item = new PutCommand({ TableName: 't', Item: { id: '1' } });
    const strategy = (await client.config.retryStrategy()) as unknown as { capacity: number };
    strategy.capacity = 0;
    answers = [throttled];
    await expect(client.send(item)).rejects.toThrow('no');
    answers = [ok({})];
    for (let n = 0; n < 5; n++) await client.send(item);

    answers = [throttled, throttled, ok({})];
    await client.send(item);

    expect(received).toHaveLength(2 + 5 + 3);
  });
});
