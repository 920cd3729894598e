import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as realDynamoDb from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { documentOptions } from '../../lambdas/aws/clients.ts';
import { failedCall, noteFailedCalls } from '../../lambdas/aws/failed-calls.ts';
import * as dynamoDb from '../../lambdas/aws/on-demand/client-dynamodb.ts';
import * as documents from '../../lambdas/aws/on-demand/lib-dynamodb.ts';

// What stands in bundles for the SDK. The stores' own tests run with the SDK itself, the end-to-end tests with bundles.

const ROOT = join(import.meta.dirname, '../..');
const LAMBDAS = join(ROOT, 'lambdas');
const read = (path: string): string => readFileSync(path, 'utf8');

/** What the functions import of the SDK at run time, by package. */
function importedNames(): Map<string, Set<string>> {
  const imported = new Map<string, Set<string>>();
  const files = readdirSync(LAMBDAS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const file of files) {
    for (const [, names = '', from = ''] of read(join(LAMBDAS, file)).matchAll(
      /^import \{([^}]*)\} from '#aws-sdk\/([^']+)'/gm,
    )) {
      const values = names.split(',').map((name) => name.trim());
      const known = imported.get(from) ?? new Set();
      for (const name of values) if (name !== '' && !name.startsWith('type ')) known.add(name);
      imported.set(from, known);
    }
  }
  return imported;
}

const imported = importedNames();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A DynamoDB that gives one answer. */
async function answering(status: number, answer: object): Promise<{ endpoint: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push({ target: request.headers['x-amz-target'], body: JSON.parse(body) as unknown });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

function newClient(endpoint: string): documents.DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'k', secretAccessKey: 's' };
  const client = new dynamoDb.DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  return noteFailedCalls(documents.DynamoDBDocumentClient.from(client, documentOptions()));
}

describe('what stands in for a package of the SDK', () => {
  it.each([...imported])('has everything that the functions import of %s, and nothing else', async (name, values) => {
    const standIn = (await import(join(LAMBDAS, 'aws/on-demand', `${name}.ts`))) as object;

    expect(Object.keys(standIn).sort()).toEqual([...values].sort());
  });

  it.each([...imported.keys()])('is named in package.json for bundles alone, and real everywhere else: %s', (name) => {
    const { imports } = JSON.parse(read(join(ROOT, 'package.json'))) as { imports: Record<string, object> };

    expect(imports[`#aws-sdk/${name}`]).toEqual({
      bundled: `./lambdas/aws/on-demand/${name}.ts`,
      default: `@aws-sdk/${name}`,
    });
  });

  it('is found for everything: no function imports a package of the SDK past it', () => {
    const files = readdirSync(LAMBDAS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const past = files.filter(
      (name) =>
        !name.startsWith('aws/on-demand/') && /^import .*'@aws-sdk\/(client|lib)-/m.test(read(join(LAMBDAS, name))),
    );

    expect(past).toEqual([]);
  });
});

describe('a client that stands in', () => {
  it("makes the SDK's call, with its input and what it is told to do with it", async () => {
    const { endpoint, bodies } = await answering(200, { Item: { id: { S: 'a' }, much: { N: '9007199254740993' } } });

    const answer = await newClient(endpoint).send(new documents.GetCommand({ TableName: 't', Key: { id: 'a' } }));

    expect(answer).toMatchObject({ Item: { id: 'a', much: 9007199254740993n } });
    expect(bodies).toEqual([
      { target: 'DynamoDB_20120810.GetItem', body: { TableName: 't', Key: { id: { S: 'a' } } } },
    ]);
  });

  it('knows a refused condition, also that of a call of its own', async () => {
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'no' };
    const { endpoint } = await answering(400, refusal);

    const bySdk: unknown = await newClient(endpoint)
      .send(new documents.PutCommand({ TableName: 't', Item: { id: 'a' } }))
      .catch((error: unknown) => error);
    const own = new dynamoDb.ConditionalCheckFailedException({
      message: 'no',
      $metadata: {},
      Item: { id: { S: 'a' } },
    });

    expect(bySdk).toBeInstanceOf(realDynamoDb.ConditionalCheckFailedException);
    expect(bySdk).toBeInstanceOf(dynamoDb.ConditionalCheckFailedException);
    expect(own).toBeInstanceOf(dynamoDb.ConditionalCheckFailedException);
    expect(own).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'no', Item: { id: { S: 'a' } } });
    expect(new Error('no')).not.toBeInstanceOf(dynamoDb.ConditionalCheckFailedException);
  });

  it('says which call failed, and from where', async () => {
    const { endpoint } = await answering(400, { __type: 'AccessDeniedException', message: 'no' });

    const error: unknown = await newClient(endpoint)
      .send(new documents.QueryCommand({ TableName: 't' }))
      .catch((error: unknown) => error);

    expect(failedCall(error)).toMatchObject({
      call: 'DynamoDB Query',
      on: 't',
      from: expect.stringContaining('on-demand.test.ts') as unknown,
    });
  });

  it("has the SDK's retries", async () => {
    const strategy = await newClient('http://127.0.0.1:1').config.retryStrategy();

    expect(strategy).toHaveProperty('recordSuccess');
  });
});
