import { setTimeout } from 'node:timers/promises';
import middy from '@middy/core';
import { catalogue } from '../domain/catalogue/index.ts';
import { createIds } from '../domain/ids.ts';
import { Problem } from '../domain/problem.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { authenticate, requireScope } from '../runtime/http/authenticate.ts';
import { readBody } from '../runtime/http/body.ts';
import { onlyThroughEdge } from '../runtime/http/edge.ts';
import { header, jsonAnswer, type HttpAnswer, type HttpContext, type HttpEvent } from '../runtime/http/event.ts';
import { problemJson } from '../runtime/http/problem-json.ts';
import { limitRate } from '../runtime/http/rate-limit.ts';
import { requestLog } from '../runtime/http/request-log.ts';
import { traceparent } from '../runtime/http/traceparent.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { createQueue } from '../queues/send.ts';
import { randomFraction } from '../runtime/random.ts';
import { createApiKeyStore } from '../stores/dynamodb/api-keys.ts';
import { createGravesOf } from '../stores/dynamodb/graves.ts';
import { createQuotaStore } from '../stores/dynamodb/quotas.ts';
import { createIdempotencyStore } from '../stores/dynamodb/idempotency.ts';
import { acceptBatch, acceptEvent, MAX_BATCH_BYTES, MAX_EVENT_BYTES, type PublishRequest } from './accept.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import type { Published } from './publish.ts';

const STAGE = 'ingest';
const env = readEnv([
  ENV.eventsQueueUrl,
  ENV.apiKeysTable,
  ENV.idempotencyTable,
  ENV.requestsPerKey,
  ENV.replaysTable,
  ENV.purgeSeconds,
  ENV.edgeSecrets,
]);

const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const now = Date.now;
const quotas = createQuotaStore(dynamoDb, env[ENV.idempotencyTable]);
const dependencies = {
  catalogue,
  ids: createIds({ now, random: randomFraction }),
  idempotency: createIdempotencyStore(dynamoDb, env[ENV.idempotencyTable]),
  graves: createGravesOf(
    dynamoDb,
    { table: env[ENV.replaysTable], seconds: Number(env[ENV.purgeSeconds]) },
    { logger, errorFields },
  ),
  queue: createQueue(createSqs(), env[ENV.eventsQueueUrl], logger),
  now,
  sleep: (ms: number) => setTimeout(ms),
};

/** Behind API Gateway's routes `POST /v1/events` and `POST /v1/events/batch`. */
export const handler = middy<HttpEvent, HttpAnswer, Error, HttpContext>()
  .use(requestLog(logger, { now, metrics }))
  .use(problemJson(logger))
  .use(onlyThroughEdge(env[ENV.edgeSecrets]))
  .use(authenticate(createApiKeyStore(dynamoDb, env[ENV.apiKeysTable]), { now }))
  .use(limitRate({ quotas, perSecond: Number(env[ENV.requestsPerKey]), now }))
  .use(requireScope('events:write'))
  .handler(async (event: HttpEvent, context: HttpContext): Promise<HttpAnswer> => {
    try {
      const { published, answer } = await route(event, context);
      note(published, context);
      return answer;
    } catch (error) {
      const refused = error instanceof Problem && error.status < 500;
      metrics.count(refused ? 'EventsRejected' : 'EventsUnavailable', 1);
      throw error;
    }
  });

/** Two routes do not need a router: @middy/http-router refuses a call without method and path by throwing. */
async function route(event: HttpEvent, context: HttpContext): Promise<{ published: Published; answer: HttpAnswer }> {
  if (event.routeKey === 'POST /v1/events/batch') {
    const published = await acceptBatch(dependencies, readRequest(event, context, MAX_BATCH_BYTES));
    const data = published.results.map((result) => (result instanceof Problem ? result.toBody() : result));
    return { published, answer: jsonAnswer(202, { data }) };
  }
  const published = await acceptEvent(dependencies, readRequest(event, context, MAX_EVENT_BYTES));
  return { published, answer: jsonAnswer(202, published.results[0]) };
}

function readRequest(event: HttpEvent, context: HttpContext, maxBytes: number): PublishRequest {
  const { text, bytes } = readBody(event, { maxBytes });
  context.logFields.bytes = bytes;
  const idempotencyKey = readIdempotencyKey(header(event, 'idempotency-key'));
  const trace = traceparent(event);
  if (trace !== undefined) context.logFields.traceparent = trace;
  return {
    principal: context.principal,
    text,
    idempotencyKey,
    traceparent: trace,
  };
}

/**
 * What became of the events, for the log line and the metrics. Those count only what went wrong: each would be 230 bytes of
 * log a request, and how many were accepted is what arrived in the queue.
 */
function note({ results, decision }: Published, context: HttpContext): void {
  const ids = results.flatMap((result) => (result instanceof Problem ? [] : [result.id]));
  const unavailable = results.filter((result) => result instanceof Problem && result.status >= 500).length;
  const rejected = results.length - ids.length - unavailable;
  Object.assign(context.logFields, {
    decision,
    event_ids: ids,
    ...(rejected > 0 ? { rejected } : {}),
    ...(unavailable > 0 ? { unavailable } : {}),
  });
  if (rejected > 0) metrics.count('EventsRejected', rejected);
  if (unavailable > 0) metrics.count('EventsUnavailable', unavailable);
}
