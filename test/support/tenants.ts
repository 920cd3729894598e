import { randomBytes } from 'node:crypto';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { attemptId } from '../../lambdas/domain/delivery/attempt.ts';
import type { Scope } from '../../lambdas/domain/api-key.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createApiKey } from '../../lambdas/runtime/api-key.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import type { ApiKey } from '../../lambdas/stores/api-keys.ts';
import { createApiKeyStore } from '../../lambdas/stores/dynamodb/api-keys.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { isLogLine } from './log-line.ts';
import { startTables, type TableName, type Tables } from './tables.ts';

/** A request as a caller makes it. */
export interface TenantRequest {
  method: string;
  /** May hold a query. */
  path: string;
  key?: string;
  /** An object is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** What an answer says to its caller; request ids and dates are the gateway's and not in it. */
export interface TenantAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The real handlers of ingest and api over the local DynamoDB and SQS, in this process: many requests a second. */
export interface Tenants {
  tables: Tables;
  call(request: TenantRequest): Promise<TenantAnswer>;
  /** Makes a key, straight in the table. */
  key(scopes: Scope[], organization?: string, change?: Partial<ApiKey>): Promise<string>;
  /**
   * Writes an event and one attempt to each subscription, as fan-out and sender do.
   * @param account of the event and, unless `accounts` says otherwise, of each subscription.
   */
  delivered(
    organization: string,
    subscriptions: string[],
    data: string,
    resource_id: string,
    account?: string,
    accounts?: readonly (string | undefined)[],
  ): Promise<{ event: string; attempts: string[] }>;
  /** Log lines of the handlers since the last call. */
  lines(): string[];
  close(): Promise<void>;
}

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
/** Paths that API Gateway hands to ingest. */
const INGEST = ['POST /v1/events', 'POST /v1/events/batch'];
/** Settings as a deployed stack would have them. */
const SETTINGS = {
  [ENV.eventRetentionDays]: '30',
  [ENV.attemptRetentionDays]: '90',
  [ENV.auditRetentionDays]: '2192',
  [ENV.allowHttp]: 'false',
  [ENV.requestsPerKey]: '1000000',
  [ENV.frameAncestors]: '',
  [ENV.publicDomain]: '',
  [ENV.basePath]: '',
  [ENV.edgeSecrets]: '',
  [ENV.sourceIps]: '',
  [ENV.requestsPerKeyADay]: '1000000',
  [ENV.repeatsADay]: '1000000',
  [ENV.oidcIssuer]: '',
  [ENV.oidcClientId]: '',
  [ENV.oidcClaim]: 'groups',
  [ENV.oidcScopes]: '{}',
  [ENV.subscriptionsPerOrganization]: '10000',
  // Actions at random begin many; how many may run is test/api/quotas.test.ts.
  [ENV.jobsPerOrganization]: '100',
  [ENV.clinicV1Sunset]: '',
  [ENV.clinicV1StatusCodes]: '{}',
  [ENV.version]: '0.0.0',
  [ENV.alarmPrefix]: 'posthorn-',
  [ENV.purgeSeconds]: '300',
  [ENV.probeSeconds]: '60',
  [ENV.downDays]: '5',
};

/** @param isTest handlers call the servers within this process, which needs Vitest to load them. @default true */
export async function startTenants({ isTest = true } = {}): Promise<Tenants> {
  const tables = await startTables();
  const sqs = await startSqs({ file: ':memory:', port: 0, region: REGION, accountId: '000000000000' });
  Object.assign(process.env, SETTINGS, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    // Nobody there: no call leaves the machine.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    ...(await resourceNames(tables, sqs.endpoint)),
  });
  if (isTest) (await import('./handlers-in-process.ts')).handlersInProcess({ dynamoDb: tables.server, sqs });
  const [ingest, api] = await Promise.all([
    import('../../lambdas/ingest/handler.ts'),
    import('../../lambdas/api/handler.ts'),
  ]);
  const output = captureOutput();
  const keys = createApiKeyStore(tables.dynamoDb, tables.table('ApiKeys'));
  const events = createEventStore(tables.dynamoDb, tables.table('Events'), { retentionDays: 30 });
  const attempts = createAttemptStore(tables.dynamoDb, tables.table('Attempts'), { retentionDays: 90, events });
  const ids = createIds({ now: Date.now, random: Math.random });

  return {
    tables,
    lines: output.take,
    async call(request) {
      const event = toEvent(request);
      const handler = INGEST.includes(event.routeKey ?? '') ? ingest.handler : api.handler;
      const answer = (await handler(event, { awsRequestId: 'request-1' } as Context as HttpContext)) as HttpAnswer;
      return { status: answer.statusCode, headers: answer.headers, text: answer.body };
    },
    async key(scopes, organization, change = {}) {
      const { key, hash } = createApiKey();
      const bound = organization === undefined ? {} : { organization };
      await keys.create({ id: ids.apiKey(), hash, scopes, ...bound, created_at: new Date().toISOString(), ...change });
      return key;
    },
    async delivered(organization, subscriptions, data, resource_id, account, accounts) {
      const made = ids.event();
      const type = 'visit.ended';
      const matches = subscriptions.map((subscription) => ({ subscription, format: 'standard' as const }));
      await events.record(
        { ...made, organization, account, type, triggering_location: 'API', resource_id, data },
        matches,
      );
      const log = subscriptions.map((subscription_id, n) => ({
        id: attemptId(ids.attempt(), made.id, subscription_id),
        event_id: made.id,
        subscription_id,
        organization,
        account: accounts ? accounts[n] : account,
        type,
        attempt: 1,
        attempted_ms: made.enqueued_ms,
        outcome: n % 2 ? ('failed' as const) : ('delivered' as const),
        url: `https://hooks.example.com/${organization}`,
        format: 'standard' as const,
        status: n % 2 ? 500 : 200,
        request_headers: { 'webhook-id': made.id },
        response_body: data,
        timings_ms: { total: 5 },
      }));
      if ((await attempts.append(log)).length > 0) throw new Error('attempts could not be written');
      return { event: made.id, attempts: log.map(({ id }) => id) };
    },
    async close() {
      output.end();
      await sqs.close();
      await tables.close();
    },
  };
}

/** Values of all variables that name a table or a queue: `SIGNING_SECRETS_TABLE` → `SigningSecrets`. */
async function resourceNames(tables: Tables, endpoint: string): Promise<Record<string, string>> {
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const names: Record<string, string> = {};
  for (const name of Object.values(ENV)) {
    const words = name.split('_').map((word) => word[0] + word.slice(1).toLowerCase());
    if (name.endsWith('_TABLE')) names[name] = tables.table(words.slice(0, -1).join('') as TableName);
    if (!name.endsWith('_QUEUE_URL')) continue;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: words.slice(0, -1).join('') }));
    names[name] = QueueUrl!;
  }
  client.destroy();
  return names;
}

function toEvent({ method, path, key, body, headers = {} }: TenantRequest): HttpEvent & { version: '2.0' } {
  const { pathname, search, searchParams } = new URL(path, 'http://api');
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const routeKey = `${method} ${pathname}`;
  return {
    version: '2.0',
    routeKey: INGEST.includes(routeKey) ? routeKey : 'ANY /v1/{proxy+}',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(search === '' ? {} : { queryStringParameters: Object.fromEntries(searchParams) }),
    requestContext: { requestId: randomBytes(8).toString('hex'), http: { method, path: pathname } },
    ...(text === undefined ? {} : { body: text }),
    isBase64Encoded: false,
  };
}

/** Takes the handlers' log lines out of this process's output: a long run would write hundreds of thousands. */
function captureOutput() {
  const write = process.stdout.write.bind(process.stdout);
  let taken: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    if (!isLogLine(chunk)) return write(chunk, ...rest);
    taken.push(chunk);
    if (taken.length > 10_000) taken = taken.slice(-5000);
    return true;
  };
  return {
    take: () => taken.splice(0),
    end: () => void (process.stdout.write = write),
  };
}
