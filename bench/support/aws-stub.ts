import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { receiverUrl } from './sample.ts';

// A process of its own: answers the calls that the functions make of SQS and DynamoDB, as cheaply as it can. Everything
// that is written succeeds; everything that is read is made up from its key. Argument: the receivers' port.

const receiversPort = process.argv[2] ?? '0';
/** Rows in one page of a Query: DynamoDB ends a page at 1 MB. */
const PAGE = 4000;

type Item = Record<string, unknown>;
type Input = Record<string, unknown>;

const text = (S: string) => ({ S });

function subscription(organization: string, id: string): Item {
  return {
    organization: text(organization),
    id: text(id),
    url: text(receiverUrl(id, receiversPort)),
    active: { BOOL: true },
    events: { L: [text('visit.*'), text('shift.created')] },
    format: text('standard'),
    success: text('2xx'),
    description: text('Electronic health record'),
    created_at: text('2026-11-21T09:15:00.123Z'),
    updated_at: text('2026-11-21T09:15:00.123Z'),
  };
}

function secret(id: string): Item {
  const key = text(`whsec_${createHash('sha256').update(id).digest('base64')}`);
  return {
    subscription: text(id),
    organization: text('org_bench'),
    secrets: { L: [{ M: { key, created_ms: { N: '1' } } }] },
  };
}

/** `org_100`: an organization with 100 subscriptions. */
const pages = new Map<string, string>();
function query(input: Input): string {
  const organization = (input as { ExpressionAttributeValues: { ':organization': { S: string } } })
    .ExpressionAttributeValues[':organization'].S;
  const start = Number((input as { ExclusiveStartKey?: { id: { S: string } } }).ExclusiveStartKey?.id.S.slice(4) ?? -1);
  const key = `${organization}/${start}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const total = Number(organization.slice(organization.indexOf('_') + 1));
  const end = Math.min(total, start + 1 + PAGE);
  const Items = Array.from({ length: end - start - 1 }, (_, i) => subscription(organization, `sub_${start + 1 + i}`));
  const LastEvaluatedKey = end < total ? { organization: text(organization), id: text(`sub_${end - 1}`) } : undefined;
  const page = JSON.stringify({ Items, Count: Items.length, LastEvaluatedKey });
  pages.set(key, page);
  return page;
}

function batchGet(input: Input): object {
  const requests = (input as { RequestItems: Record<string, { Keys: Record<string, { S: string }>[] }> }).RequestItems;
  const Responses: Record<string, Item[]> = {};
  for (const [table, { Keys }] of Object.entries(requests)) {
    Responses[table] = Keys.flatMap((key) => {
      if (table === 'subscriptionsTable') return [subscription(key.organization!.S, key.id!.S)];
      return table === 'signingSecretsTable' ? [secret(key.subscription!.S)] : [];
    });
  }
  return { Responses, UnprocessedKeys: {} };
}

function sendBatch(input: Input): object {
  const { Entries } = input as { Entries: { Id: string; MessageBody?: string }[] };
  const Successful = Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: 'a3b1c2d4-0000-4000-8000-000000000000',
    ...(MessageBody === undefined ? {} : { MD5OfMessageBody: md5(MessageBody) }),
  }));
  return { Successful, Failed: [] };
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

const OPERATIONS: Record<string, (input: Input) => object | string> = {
  BatchGetItem: batchGet,
  BatchWriteItem: () => ({ UnprocessedItems: {} }),
  Query: query,
  Scan: () => ({ Items: [], Count: 0, ScannedCount: 0 }),
  GetItem: (input) => {
    const { Key } = input as { Key: { hash?: { S: string } } };
    return Key.hash ? { Item: { hash: Key.hash, id: text('key_1'), scopes: { L: [text('events:write')] } } } : {};
  },
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  DeleteItem: () => ({}),
  SendMessageBatch: sendBatch,
  ChangeMessageVisibilityBatch: sendBatch,
  SendMessage: (input) => ({
    MessageId: 'a3b1c2d4-0000-4000-8000-000000000000',
    MD5OfMessageBody: md5((input as { MessageBody: string }).MessageBody),
  }),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = OPERATIONS[String(request.headers['x-amz-target']).split('.')[1]!]!;
    const result = operation(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Input);
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amzn-requestid': 'a3b1c2d4-0000-4000-8000-000000000000',
    });
    response.end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: String((server.address() as AddressInfo).port) }));
