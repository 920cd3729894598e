import type { Context } from 'aws-lambda';
import { createHash, randomBytes } from 'node:crypto';
import { createHandler, type DispatchOptions } from '../../lambdas/api/http/dispatch.ts';
import type { Route } from '../../lambdas/api/http/route.ts';
import { createRoutes, type ApiDeps } from '../../lambdas/api/routes.ts';
import { KNOWN_TYPES } from '../../lambdas/api/subscriptions/schema.ts';
import type { Scope } from '../../lambdas/domain/api-key.ts';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { checkEndpointUrl } from '../../lambdas/domain/endpoint/endpoint-url.ts';
import { render } from '../../lambdas/domain/formats/index.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import type { EventMessage } from '../../lambdas/domain/messages/messages.ts';
import { formatPrivateKey, formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { createApiKey, createSessionToken, hashApiKey } from '../../lambdas/runtime/api-key.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import type { ApiKey } from '../../lambdas/stores/api-keys.ts';
import { createApiKeyStore } from '../../lambdas/stores/dynamodb/api-keys.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createDeliveryStore } from '../../lambdas/stores/dynamodb/deliveries.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createPurgeCountStore } from '../../lambdas/stores/dynamodb/purge-counts.ts';
import { createPurgeStore } from '../../lambdas/stores/dynamodb/purges.ts';
import { createRunStore } from '../../lambdas/stores/dynamodb/runs.ts';
import { createReplayableManyStore } from '../../lambdas/stores/dynamodb/replayable-many.ts';
import { createReplayableStore } from '../../lambdas/stores/dynamodb/replayable.ts';
import { createOrganizationStore } from '../../lambdas/stores/dynamodb/organizations.ts';
import { createOnceStore } from '../../lambdas/stores/dynamodb/once.ts';
import { createQuotaStore } from '../../lambdas/stores/dynamodb/quotas.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import { createSessionStore } from '../../lambdas/stores/dynamodb/sessions.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import { createSubscriptionStore } from '../../lambdas/stores/dynamodb/subscriptions.ts';
import { createTriedEventStore } from '../../lambdas/stores/dynamodb/events-by-attempt.ts';
import { startTables, type Tables } from './tables.ts';

export interface ApiTestAnswer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

/** The api's real routes behind its real dispatcher, over the real stores; a test may put its own in place of any part. */
export interface TestApi {
  tables: Tables;
  /** What the routes work with; change a member before a call to make that part fail, or the clock stand elsewhere. */
  deps: ApiDeps;
  /** An administrator's key. */
  adminKey: string;
  key(scopes: Scope[], organization?: string, change?: Partial<ApiKey>): Promise<string>;
  /** A request; with the administrator's key unless another is given. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { body?: unknown; key?: string; headers?: Record<string, string> },
  ): Promise<ApiTestAnswer<T>>;
  /** A request as a browser makes it, with cookies, and its whole answer. */
  raw(
    method: string,
    path: string,
    options: { host: string; cookies: string[]; headers?: Record<string, string>; body?: string; sourceIp?: string },
  ): Promise<HttpAnswer>;
  /** Messages put into the queue `events`. */
  sent: EventMessage[];
  /** The audit trail of an object, oldest first. */
  trail(objectId: string): Promise<AuditRecord[]>;
  /** Log lines of all requests. */
  lines: string[];
  close(): Promise<void>;
}

class RawBody {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A body that is sent as it is written. */
export function rawBody(text: string): RawBody {
  return new RawBody(text);
}

export async function startApi(
  changes: Partial<ApiDeps> = {},
  options: Partial<DispatchOptions> = {},
): Promise<TestApi> {
  const tables = await startTables();
  const sent: EventMessage[] = [];
  const lines: string[] = [];
  const log = (message: string, fields?: unknown): void => void lines.push(JSON.stringify({ message, fields }));
  const deps: ApiDeps = { ...realDeps(tables, sent, log), ...changes };
  const key: TestApi['key'] = async (scopes, organization, change = {}) => {
    const made = createApiKey();
    await deps.apiKeys.create({
      id: deps.ids.apiKey(),
      hash: made.hash,
      scopes,
      ...(organization === undefined ? {} : { organization }),
      created_at: new Date(deps.now()).toISOString(),
      ...change,
    });
    return made.key;
  };
  const adminKey = await key(['admin']);
  const routes = keepRoutes(deps);
  const serve = () =>
    createHandler(routes(), {
      apiKeys: deps.apiKeys,
      sessions: deps.sessions,
      frameAncestors: '',
      publicDomain: '',
      basePath: '',
      edgeSecrets: '',
      quotas: createQuotaStore(tables.dynamoDb, tables.table('Idempotency')),
      requestsPerKey: 100_000,
      requestsPerKeyADay: 1_000_000,
      console: { typeOf: () => undefined, read: () => Promise.reject(new Error('no console here')) },
      logger: { info: log, warn: log, error: log },
      now: deps.now,
      ...options,
    });

  return {
    tables,
    deps,
    adminKey,
    key,
    sent,
    lines,
    call: async (method, path, { body, key: given = adminKey, headers = {} } = {}) => {
      const handler = serve();
      const answer = (await handler(
        toEvent(method, path, body, { authorization: `Bearer ${given}`, ...headers }),
        {} as Context as HttpContext,
      )) as HttpAnswer;
      return { status: answer.statusCode, body: (answer.body === '' ? {} : JSON.parse(answer.body)) as never };
    },
    raw: async (method, path, { host, cookies, headers = {}, body, sourceIp }) => {
      const event = toEvent(method, path, undefined, headers);
      const http = { ...event.requestContext?.http, ...(sourceIp !== undefined && { sourceIp }) };
      const context = { ...event.requestContext, http, domainName: host };
      return (await serve()(
        { ...event, cookies, requestContext: context, ...(body === undefined ? {} : { body }) },
        {} as Context as HttpContext,
      )) as HttpAnswer;
    },
    trail: async (objectId) => {
      const { items } = await deps.audit.list({}, { limit: 100 });
      return items.filter((record) => record.object_id === objectId).reverse();
    },
    close: () => tables.close(),
  };
}

/**
 * Routes of these parts, made anew only when a test has put another part in: their schemas are half of what a request of a test
 * costs. A part's members count, too, since routes take some of them out.
 */
function keepRoutes(deps: ApiDeps): () => Route[] {
  let of: unknown[] = [];
  let routes: Route[] = [];
  return () => {
    const parts = Object.values(deps).flatMap((part: unknown): unknown[] => [
      part,
      ...Object.values((part ?? {}) as Record<string, unknown>),
    ]);
    if (parts.length !== of.length || parts.some((part, index) => !Object.is(part, of[index]))) {
      routes = createRoutes(deps);
      of = parts;
    }
    return routes;
  };
}

function realDeps(
  { dynamoDb, table }: Tables,
  sent: EventMessage[],
  log: (message: string, fields?: unknown) => void,
): ApiDeps {
  const now = Date.now;
  const events = createEventStore(dynamoDb, table('Events'), { retentionDays: 30 });
  const secrets = createSecretStore(dynamoDb, table('SigningSecrets'));
  const attempts = createAttemptStore(dynamoDb, table('Attempts'), { retentionDays: 90, events, secrets });
  const triedEvents = createTriedEventStore(dynamoDb, table('Attempts'), events, attempts, { secrets });
  const organizations = createOrganizationStore(dynamoDb, {
    tables: { subscriptions: table('Subscriptions'), events: table('Events') },
  });
  const replayable = createReplayableStore(events, attempts);
  let secretsMade = 0;
  return {
    apiKeys: createApiKeyStore(dynamoDb, table('ApiKeys')),
    events,
    attempts,
    triedEvents,
    organizations,
    deliveries: createDeliveryStore({ events, attempts, triedEvents, organizations }),
    audit: createAuditStore(dynamoDb, table('AuditTrail'), { retentionDays: 2192 }),
    subscriptions: createSubscriptionStore(dynamoDb, table('Subscriptions')),
    secrets,
    status: {
      queues: () => Promise.resolve([]),
      deadLetters: () => Promise.resolve([]),
      alarms: () => Promise.resolve(undefined),
      circuits: createCircuitStore(dynamoDb, table('EndpointHealth')),
      runs: createRunStore(dynamoDb, table('Replays')),
      settings: { probeMs: 60_000, downMs: 5 * 86_400_000 },
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      errorFields: () => ({}),
    },
    statistics: createStatisticsStore(dynamoDb, table('Statistics')),
    health: createEndpointHealthStore(dynamoDb, table('EndpointHealth')),
    held: createHeldStore(dynamoDb, table('HeldDeliveries')),
    rules: {
      checkUrl: (url) => checkEndpointUrl(url, { allowHttp: false, localReceivers: false }),
      knownTypes: KNOWN_TYPES,
    },
    render: (event) => event.data,
    renderRequest: (event, format) =>
      render(event, format, { resource: 'visit', clinicV1StatusCodes: {}, clinicV1Sunset: '' }),
    sendEvent: (message) => {
      sent.push(message);
      return Promise.resolve(true);
    },
    once: createOnceStore(dynamoDb, table('Idempotency')),
    quotas: createQuotaStore(dynamoDb, table('Idempotency')),
    limits: { subscriptions: 10_000, jobs: 3, repeatsADay: 20_000 },
    purges: createPurgeStore(dynamoDb, table('Replays')),
    purgeCounts: createPurgeCountStore(dynamoDb, {
      subscriptions: table('Subscriptions'),
      keys: table('ApiKeys'),
      events: table('Events'),
    }),
    startPurge: () => Promise.resolve(true),
    replays: createReplayStore(dynamoDb, table('Replays')),
    replayable,
    replayableMany: createReplayableManyStore({
      events,
      attempts,
      replayable,
      organizations,
      now,
      logMs: Infinity,
    }),
    oldestKeptMs: () => now() - 30 * 86_400_000,
    startReplay: () => Promise.resolve(true),
    sendDelivery: () => Promise.resolve(true),
    release: () => Promise.resolve(),
    lookAfter: () => Promise.resolve(),
    ids: createIds({ now, random: Math.random }),
    newSecret: () => {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32BE((secretsMade += 1));
      return { key: formatSecret(bytes), private_key: formatPrivateKey(bytes), created_ms: now() };
    },
    newKey: createApiKey,
    sessions: createSessionStore(dynamoDb, table('Idempotency'), () => Date.now()),
    signIn: {
      newToken: createSessionToken,
      hash: hashApiKey,
      newSecretText: () => randomBytes(32).toString('base64url'),
      challengeOf: (verifier) => createHash('sha256').update(verifier).digest('base64url'),
      logger: { warn: log },
    },
    logger: { warn: log },
    errorFields: () => ({}),
    sourceIps: [],
    identityProvider: undefined,
    now,
    sleep: () => Promise.resolve(),
    version: '0.0.0',
  };
}

function toEvent(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): HttpEvent & { version: '2.0' } {
  const { pathname, searchParams } = new URL(path, 'https://api.example.com');
  return {
    version: '2.0',
    routeKey: `${method} ${pathname}`,
    rawPath: pathname,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    queryStringParameters: Object.fromEntries(searchParams),
    requestContext: { requestId: 'request-1', http: { method, path: pathname } },
    ...(body === undefined ? {} : { body: body instanceof RawBody ? body.text : JSON.stringify(body) }),
  };
}
