import { request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../dynamodb/server.ts';
import { Gateway } from '../gateway/server.ts';
import { startNotices } from '../notices/server.ts';
import { startSqs } from '../sqs/server.ts';

// A page can make its visitor's browser call this machine under a name of the page's own: the answer must not be its to read.

const PLACE = { port: 0, region: 'us-east-1', accountId: '000000000000' };

interface Server {
  url: string;
  close(): Promise<void>;
}

let folder: string;
const servers: Record<string, Server> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-hosts-'));
  const gateway = await Gateway.listen(0);
  const sqs = await startSqs({ ...PLACE, file: ':memory:' });
  const dynamoDb = await startDynamoDb(PLACE);
  const notices = await startNotices({
    file: join(folder, 'notices.jsonl'),
    account: PLACE.accountId,
    region: PLACE.region,
    topics: () => new Set(),
    authorize: () => ({ allowed: true }),
    now: () => 0,
  });
  servers['HTTP API'] = gateway;
  for (const [name, { endpoint, close }] of Object.entries({ SQS: sqs, DynamoDB: dynamoDb, notices })) {
    servers[name] = { url: endpoint, close };
  }
});
afterAll(async () => {
  for (const server of Object.values(servers)) await server.close();
  rmSync(folder, { recursive: true });
});

/** The status of a DynamoDB call, which every server but DynamoDB refuses in its own way, under a Host header. */
function status(url: string, host: string): Promise<number | undefined> {
  const headers = { host, 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-length': 2 };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (answer) =>
      answer.resume().on('end', () => resolve(answer.statusCode)),
    );
    sent.on('error', reject).end('{}');
  });
}

describe.each(['HTTP API', 'SQS', 'DynamoDB', 'notices'])('the local %s', (name) => {
  const url = (): string => servers[name]!.url;
  const port = (): string => new URL(url()).port;

  it.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])('serves whoever calls it %s', async (host) => {
    expect(await status(url(), `${host}:${port()}`)).not.toBe(403);
  });

  it.each([
    ['a name of a page', () => `evil.example:${port()}`],
    ['a name that begins like its own', () => `localhost.evil.example:${port()}`],
    ['a name that ends like its own', () => `evil.localhost:${port()}`],
    ['an address beside its own', () => `127.0.0.2:${port()}`],
    ['another port', () => '127.0.0.1:1'],
    ['no port', () => '127.0.0.1'],
    ['a user before its own name', () => `a@127.0.0.1:${port()}`],
    ['no name', () => `:${port()}`],
  ])('refuses %s', async (_, host) => {
    expect(await status(url(), host())).toBe(403);
  });
});
