import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import type { Scope } from '../../lambdas/domain/api-key.ts';
import type { EventMessage } from '../../lambdas/domain/messages/messages.ts';
import { decodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import { createApiKey } from '../../lambdas/runtime/api-key.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import { createApiKeyStore } from '../../lambdas/stores/dynamodb/api-keys.ts';
import { startSqs, type Fault } from '../../local/sqs/server.ts';
import { handlersInProcess } from './handlers-in-process.ts';
import { startTables } from './tables.ts';

/** The real handler of ingest on the local SQS and DynamoDB. */
export interface Ingest {
  invoke(event: unknown): Promise<HttpAnswer>;
  /** A POST of this body with this key. */
  post(
    body: string,
    options?: { headers?: Record<string, string>; key?: string; batch?: boolean },
  ): Promise<HttpAnswer>;
  /** Makes a key. */
  key(scopes: Scope[], organization?: string): Promise<string>;
  /** May publish for every organization. */
  producerKey: string;
  /** Messages that SQS took since the last call, in order. */
  queued(): EventMessage[];
  /** Their bodies, as sent. */
  queuedBodies(): string[];
  /** Rows in the table Idempotency. */
  claims(): Promise<number>;
  /** What happens to the next calls of SQS, in order; `ok` lets one through. */
  sqsCalls(next: ('fail' | 'ok')[]): void;
  close(): Promise<void>;
}

const SERVER_ERROR: Fault = { when: 'before', status: 500, code: 'InternalError' };

interface SentBatch {
  Entries: { MessageBody: string; MessageGroupId?: string }[];
}

/** @param variables in place of those that it has. */
export async function startIngest(variables: Record<string, string> = {}): Promise<Ingest> {
  const tables = await startTables();
  let sent: string[] = [];
  let faults: (Fault | undefined)[] = [];
  /** First messages of calls that fail. */
  const failing = new Set<string>();
  const sqs = await startSqs({
    file: ':memory:',
    port: 0,
    region: 'us-east-1',
    accountId: '000000000000',
    fault: (call) => {
      if (call.action !== 'sqs:SendMessage') return undefined;
      const bodies = (call.input as unknown as SentBatch).Entries.map((entry) => entry.MessageBody);
      // A failed call is two requests: the short one, and the SDK's.
      if (failing.delete(bodies[0]!)) return SERVER_ERROR;
      const fault = faults.shift();
      if (fault) failing.add(bodies[0]!);
      else sent.push(...bodies);
      return fault;
    },
  });
  Object.assign(process.env, {
    REPLAYS_TABLE: tables.table('Replays'),
    PURGE_SECONDS: '300',
    EDGE_SECRETS: '',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    // A fault of the test is a failed call, not one that the SDK hides by trying again.
    AWS_MAX_ATTEMPTS: '1',
    API_KEYS_TABLE: tables.table('ApiKeys'),
    IDEMPOTENCY_TABLE: tables.table('Idempotency'),
    REQUESTS_PER_KEY: '1000000',
    EVENTS_QUEUE_URL: await createQueue('events'),
    ...variables,
  });
  handlersInProcess({ dynamoDb: tables.server, sqs });
  const { handler } = await import('../../lambdas/ingest/handler.ts');
  const keys = createApiKeyStore(tables.dynamoDb, tables.table('ApiKeys'));
  let made = 0;
  const key = async (scopes: Scope[], organization?: string): Promise<string> => {
    const { key, hash } = createApiKey();
    const id = `key_${++made}`;
    await keys.create({
      id,
      hash,
      scopes,
      created_at: '2026-01-31T09:15:00.123Z',
      ...(organization ? { organization } : {}),
    });
    return key;
  };
  const producerKey = await key(['events:write']);
  const invoke = (event: unknown): Promise<HttpAnswer> =>
    handler(event as HttpEvent, { awsRequestId: 'request-1' } as Context as HttpContext);
  const takeBodies = (): string[] => {
    const bodies = sent;
    sent = [];
    return bodies;
  };

  return {
    invoke,
    post: (body, { headers = {}, key = producerKey, batch = false } = {}) =>
      invoke({
        routeKey: batch ? 'POST /v1/events/batch' : 'POST /v1/events',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
        body,
        isBase64Encoded: false,
      }),
    key,
    producerKey,
    queuedBodies: takeBodies,
    queued: () => takeBodies().map(decoded),
    claims: async () => {
      const scan = new ScanCommand({ TableName: tables.table('Idempotency'), Select: 'COUNT', ConsistentRead: true });
      return (await tables.dynamoDb.send(scan)).Count ?? 0;
    },
    sqsCalls: (next) => (faults = next.map((one) => (one === 'fail' ? SERVER_ERROR : undefined))),
    close: async () => {
      await sqs.close();
      await tables.close();
    },
  };

  async function createQueue(name: string): Promise<string> {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name }));
    client.destroy();
    return QueueUrl!;
  }
}

function decoded(body: string): EventMessage {
  const result = decodeEventMessage(body);
  if (!result.ok) throw new Error(result.reason);
  return result.message;
}
