import type { SQSEvent } from 'aws-lambda';
import { catalogue } from '../domain/catalogue/index.ts';
import { healDelays } from '../domain/endpoint/healing.ts';
import { createIds } from '../domain/ids.ts';
import { SENDER_SECONDS } from '../domain/limits.ts';
import { waitsInFlight } from '../domain/delivery/in-flight.ts';
import { parseRetryDelays } from '../domain/delivery/retry-schedule.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { sendToDeadLetters } from '../queues/dead-letters.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { leave, stageHandler } from '../runtime/stage-handler.ts';
import { connectToQueue } from '../queues/connect.ts';
import { takeInHandOf } from '../queues/in-hand.ts';
import { createQueue } from '../queues/send.ts';
import { after } from '../runtime/after.ts';
import { randomFraction } from '../runtime/random.ts';
import { createAskRecovery } from '../queues/recovery-jobs.ts';
import { readUrlPolicy, subscriptionRules } from '../runtime/url-policy.ts';
import { createDeactivation } from '../stores/deactivate.ts';
import { createAuditStore } from '../stores/dynamodb/audit.ts';
import { createAttemptStore } from '../stores/dynamodb/attempts.ts';
import { createEndpointHealthStore } from '../stores/dynamodb/endpoint-health/health.ts';
import { createHealingStore } from '../stores/dynamodb/endpoint-health/healing.ts';
import { createGravesOf } from '../stores/dynamodb/graves.ts';
import { createHeldStore } from '../stores/dynamodb/held.ts';
import { createToldStore } from '../stores/dynamodb/endpoint-health/told.ts';
import { createReplayStore } from '../stores/dynamodb/replays.ts';
import { createNotedRowStore } from '../stores/dynamodb/subscription-notes.ts';
import { createTargetStore } from '../stores/dynamodb/delivery-targets.ts';
import { createOutgoing } from './outgoing.ts';
import type { TakeInHand } from '../domain/messages/in-hand.ts';
import type { Lane } from './ports.ts';
import { createSender } from './sender.ts';
import { createTokens } from './tokens.ts';

const STAGE = 'sender';
const env = readEnv([
  ENV.deliveriesQueueUrl,
  ENV.slowDeliveriesQueueUrl,
  ENV.deliveriesDeadLetterQueueUrl,
  ENV.recoveryQueueUrl,
  ENV.subscriptionsTable,
  ENV.signingSecretsTable,
  ENV.endpointHealthTable,
  ENV.attemptsTable,
  ENV.heldDeliveriesTable,
  ENV.replaysTable,
  ENV.purgeSeconds,
  ENV.auditTrailTable,
  ENV.auditRetentionDays,
  ENV.attemptRetentionDays,
  ENV.eventRetentionDays,
  ENV.retryDelays,
  ENV.circuitFailures,
  ENV.circuitSeconds,
  ENV.senders,
  ENV.senderBatchSize,
  ENV.healHours,
  ENV.healSeconds,
  ENV.allowHttp,
  ENV.clinicV1Sunset,
  ENV.clinicV1StatusCodes,
  ENV.version,
]);
const QUEUES: Record<Lane, string> = { fast: env[ENV.deliveriesQueueUrl], slow: env[ENV.slowDeliveriesQueueUrl] };
const reach = readUrlPolicy(env[ENV.allowHttp]);
const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const sqs = createSqs();
const lanes = { fast: createQueue(sqs, QUEUES.fast, logger), slow: createQueue(sqs, QUEUES.slow, logger) };
const recovery = createQueue(sqs, env[ENV.recoveryQueueUrl], logger);

const takeFrom = (queueUrl: string): TakeInHand => takeInHandOf(sqs, queueUrl, SENDER_SECONDS, { logger, metrics });

const ids = createIds({ now: Date.now, random: randomFraction });

const customers = createOutgoing(reach);

const send = createSender({
  customers,
  tokens: createTokens({ customers, now: Date.now }),
  targets: {
    ...createTargetStore(dynamoDb, {
      subscriptions: env[ENV.subscriptionsTable],
      signingSecrets: env[ENV.signingSecretsTable],
      endpointHealth: env[ENV.endpointHealthTable],
    }),
    deactivate: createDeactivation({
      rows: createNotedRowStore(dynamoDb, env[ENV.subscriptionsTable]),
      audit: createAuditStore(dynamoDb, env[ENV.auditTrailTable], {
        retentionDays: Number(env[ENV.auditRetentionDays]),
      }),
      newAuditId: ids.audit,
    }),
  },
  attempts: createAttemptStore(dynamoDb, env[ENV.attemptsTable], {
    retentionDays: Number(env[ENV.attemptRetentionDays]),
    refused: (error, lines) => logger.error('delivery log refused lines', { lines, ...errorFields(error) }),
  }),
  held: createHeldStore(dynamoDb, env[ENV.heldDeliveriesTable], {
    retentionDays: Number(env[ENV.eventRetentionDays]),
    refused: (error, count) => logger.error('deliveries could not be held', { count, ...errorFields(error) }),
  }),
  health: createEndpointHealthStore(dynamoDb, env[ENV.endpointHealthTable]),
  healing: createHealingStore(dynamoDb, env[ENV.endpointHealthTable]),
  graves: createGravesOf(
    dynamoDb,
    { table: env[ENV.replaysTable], seconds: Number(env[ENV.purgeSeconds]) },
    { logger, errorFields },
  ),
  told: createToldStore(dynamoDb, env[ENV.endpointHealthTable]),
  replays: createReplayStore(dynamoDb, env[ENV.replaysTable]),
  queues: {
    take: { fast: takeFrom(QUEUES.fast), slow: takeFrom(QUEUES.slow) },
    send: (lane, messages) => lanes[lane].send(messages),
    toDeadLetters: (letters) => sendToDeadLetters(sqs, env[ENV.deliveriesDeadLetterQueueUrl], letters, logger),
  },
  ...createAskRecovery(recovery),
  logger,
  metrics,
  errorFields,
  rules: subscriptionRules(reach),
  resourceOf: (type) => catalogue.get(type)?.resource ?? null,
  settings: {
    delays: parseRetryDelays(env[ENV.retryDelays]),
    circuit: { failures: Number(env[ENV.circuitFailures]), spanMs: Number(env[ENV.circuitSeconds]) * 1000 },
    waits: waitsInFlight({ senders: Number(env[ENV.senders]), batchSize: Number(env[ENV.senderBatchSize]) }),
    heal: { delaysMs: healDelays(env[ENV.healSeconds]), hours: Number(env[ENV.healHours]) },
    version: env[ENV.version],
    clinicV1StatusCodes: JSON.parse(env[ENV.clinicV1StatusCodes]) as Record<string, string>,
    clinicV1Sunset: env[ENV.clinicV1Sunset],
  },
  now: Date.now,
  after,
  random: Math.random,
  newUlid: ids.attempt,
  newReplayId: ids.replay,
});

await connectToQueue(sqs, QUEUES.fast, after);

/** Behind both queues of deliveries; each batch comes from one of them. */
export const handler = stageHandler({ logger, metrics }, async ({ Records }: SQSEvent, context) => {
  const lane = laneOf(Records[0]?.eventSourceARN);
  return leave(await send({ lane, messages: Records, remainingMs: () => context.getRemainingTimeInMillis() }));
});

/** A queue's name ends both its ARN and its URL. */
function laneOf(arn: string | undefined): Lane {
  return arn?.split(':').at(-1) === QUEUES.slow.split('/').at(-1) ? 'slow' : 'fast';
}
