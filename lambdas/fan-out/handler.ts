import { setTimeout } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import { FAN_OUT_SECONDS } from '../domain/limits.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { isThrottled } from '../aws/throttled.ts';
import { sendToDeadLetters } from '../queues/dead-letters.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { after } from '../runtime/after.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { leave, stageHandler } from '../runtime/stage-handler.ts';
import { createComeBack } from '../queues/come-back.ts';
import { connectToQueue } from '../queues/connect.ts';
import { takeInHandOf } from '../queues/in-hand.ts';
import { createQueue } from '../queues/send.ts';
import { readUrlPolicy, subscriptionRules } from '../runtime/url-policy.ts';
import { createEventStore } from '../stores/dynamodb/events.ts';
import { createLaneStore } from '../stores/dynamodb/endpoint-health/lanes.ts';
import { createGravesOf } from '../stores/dynamodb/graves.ts';
import { createSubscriptionStore } from '../stores/dynamodb/subscriptions.ts';
import { createFanOut } from './fan-out.ts';
import type { FanOutDeps } from './ports.ts';

const STAGE = 'fan-out';
/** Time kept to answer, so that events done are not fanned out again with those that are not. */
const MARGIN_MS = 10_000;
const env = readEnv([
  ENV.eventsQueueUrl,
  ENV.eventsDeadLetterQueueUrl,
  ENV.deliveriesQueueUrl,
  ENV.slowDeliveriesQueueUrl,
  ENV.subscriptionsTable,
  ENV.endpointHealthTable,
  ENV.eventsTable,
  ENV.eventRetentionDays,
  ENV.allowHttp,
  ENV.replaysTable,
  ENV.purgeSeconds,
]);
const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const sqs = createSqs();

const toDeadLetters: FanOutDeps['toDeadLetters'] = (letters) =>
  sendToDeadLetters(sqs, env[ENV.eventsDeadLetterQueueUrl], letters, logger);

const fanOut = createFanOut({
  subscriptions: createSubscriptionStore(dynamoDb, env[ENV.subscriptionsTable]),
  events: createEventStore(dynamoDb, env[ENV.eventsTable], { retentionDays: Number(env[ENV.eventRetentionDays]) }),
  lanes: createLaneStore(dynamoDb, env[ENV.endpointHealthTable]),
  graves: createGravesOf(
    dynamoDb,
    { table: env[ENV.replaysTable], seconds: Number(env[ENV.purgeSeconds]) },
    { logger, errorFields },
  ),
  queues: {
    fast: createQueue(sqs, env[ENV.deliveriesQueueUrl], logger),
    slow: createQueue(sqs, env[ENV.slowDeliveriesQueueUrl], logger),
  },
  toDeadLetters,
  take: takeInHandOf(sqs, env[ENV.eventsQueueUrl], FAN_OUT_SECONDS, { logger, metrics }),
  comeBack: createComeBack({
    send: createQueue(sqs, env[ENV.eventsQueueUrl], logger).send,
    toDeadLetters,
    logger,
    now: Date.now,
    random: Math.random,
  }),
  rules: subscriptionRules(readUrlPolicy(env[ENV.allowHttp])),
  logger,
  metrics,
  errorFields,
  isThrottled,
  now: Date.now,
  random: Math.random,
  sleep: (ms) => setTimeout(ms),
});

await connectToQueue(sqs, env[ENV.eventsQueueUrl], after);

/** Behind the queue `events`. */
export const handler = stageHandler({ logger, metrics }, async ({ Records }: SQSEvent, context) =>
  leave(await fanOut(Records, () => context.getRemainingTimeInMillis() < MARGIN_MS)),
);
