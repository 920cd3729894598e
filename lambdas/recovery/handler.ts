import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient } from '#aws-sdk/client-eventbridge';
import { SNSClient } from '#aws-sdk/client-sns';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { healDelays } from '../domain/endpoint/healing.ts';
import { createIds } from '../domain/ids.ts';
import { encodeEventMessage, encodeRecoveryMessage } from '../domain/messages/codec.ts';
import { accepted } from '../domain/messages/events.ts';
import { groupOf } from '../domain/messages/messages.ts';
import { RECOVERY_SECONDS } from '../domain/limits.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { noteFailedCalls } from '../aws/failed-calls.ts';
import { sendToDeadLetters } from '../queues/dead-letters.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { after } from '../runtime/after.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { randomFraction } from '../runtime/random.ts';
import { leave, stageHandler } from '../runtime/stage-handler.ts';
import { readUrlPolicy, subscriptionRules } from '../runtime/url-policy.ts';
import { createNotifier } from '../runtime/notices.ts';
import { createComeBack } from '../queues/come-back.ts';
import { connectToQueue } from '../queues/connect.ts';
import { takeInHandOf } from '../queues/in-hand.ts';
import { createDeadLetterPurge } from '../queues/purge-dead-letters.ts';
import { createQueue } from '../queues/send.ts';
import { createDeactivation } from '../stores/deactivate.ts';
import { createAuditStore } from '../stores/dynamodb/audit.ts';
import { createNotedRowStore } from '../stores/dynamodb/subscription-notes.ts';
import { createAttemptStore } from '../stores/dynamodb/attempts.ts';
import { createCircuitStore } from '../stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../stores/dynamodb/endpoint-health/health.ts';
import { createEventStore } from '../stores/dynamodb/events.ts';
import { createHealingStore } from '../stores/dynamodb/endpoint-health/healing.ts';
import { createMissedSent } from '../stores/missed-sent.ts';
import { createHeldStore } from '../stores/dynamodb/held.ts';
import { createReconcilerStore } from '../stores/dynamodb/reconciler.ts';
import { createOrganizationStore } from '../stores/dynamodb/organizations.ts';
import { createReplayableManyStore } from '../stores/dynamodb/replayable-many.ts';
import { createReplayableStore } from '../stores/dynamodb/replayable.ts';
import { createPurgeStore } from '../stores/dynamodb/purges.ts';
import { createPurgeableStore } from '../stores/dynamodb/purgeable.ts';
import { createQuotaStore } from '../stores/dynamodb/quotas.ts';
import { createRunStore } from '../stores/dynamodb/runs.ts';
import { createReplayStore } from '../stores/dynamodb/replays.ts';
import { createSubscriptionStore } from '../stores/dynamodb/subscriptions.ts';
import { createToldStore } from '../stores/dynamodb/endpoint-health/told.ts';
import type { ScheduledTask } from '../stores/runs.ts';
import { resumePurges } from './purge.ts';
import type { RecoveryDeps } from './ports.ts';
import { reconcile, type ReconcileDeps } from './reconcile.ts';
import { lookAfterAll, workAll } from './recovery.ts';

const STAGE = 'recovery';
/** Time kept to end what was begun. */
const MARGIN_MS = 20_000;
const DAY_MS = 86_400_000;
/** Longer than an endpoint may be down by default. */
const LONGEST_REPLAY_DAYS = 7;
const env = readEnv([
  ENV.eventsQueueUrl,
  ENV.recoveryQueueUrl,
  ENV.recoveryDeadLetterQueueUrl,
  ENV.deliveriesQueueUrl,
  ENV.slowDeliveriesQueueUrl,
  ENV.subscriptionsTable,
  ENV.endpointHealthTable,
  ENV.attemptsTable,
  ENV.heldDeliveriesTable,
  ENV.eventsTable,
  ENV.replaysTable,
  ENV.auditTrailTable,
  ENV.auditRetentionDays,
  ENV.eventRetentionDays,
  ENV.attemptRetentionDays,
  ENV.probeSeconds,
  ENV.downDays,
  ENV.healSeconds,
  ENV.stuckSeconds,
  ENV.allowHttp,
  ENV.purgeSeconds,
  ENV.apiKeysTable,
  ENV.idempotencyTable,
  ENV.signingSecretsTable,
  ENV.statisticsTable,
  ENV.eventsDeadLetterQueueUrl,
  ENV.deliveriesDeadLetterQueueUrl,
  ENV.noticesTopicArn,
  ENV.eventBusName,
]);
const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const sqs = createSqs();
const queue = createQueue(sqs, env[ENV.recoveryQueueUrl], logger);
const eventsQueue = createQueue(sqs, env[ENV.eventsQueueUrl], logger);
const notifier = createNotifier({
  sns: noteFailedCalls(new SNSClient({})),
  topicArn: env[ENV.noticesTopicArn],
  eventBridge: noteFailedCalls(new EventBridgeClient({})),
  busName: env[ENV.eventBusName],
  logger,
});

const toDeadLetters: RecoveryDeps['toDeadLetters'] = (letters) =>
  sendToDeadLetters(sqs, env[ENV.recoveryDeadLetterQueueUrl], letters, logger);

const attemptDays = Number(env[ENV.attemptRetentionDays]);
const attempts = createAttemptStore(dynamoDb, env[ENV.attemptsTable], { retentionDays: attemptDays });
const events = createEventStore(dynamoDb, env[ENV.eventsTable], { retentionDays: Number(env[ENV.eventRetentionDays]) });

const replayable = createReplayableStore(events, attempts, Date.now, attemptDays * DAY_MS);

const rows = createNotedRowStore(dynamoDb, env[ENV.subscriptionsTable]);

const deps: RecoveryDeps = {
  circuits: createCircuitStore(dynamoDb, env[ENV.endpointHealthTable]),
  health: createEndpointHealthStore(dynamoDb, env[ENV.endpointHealthTable]),
  healing: createHealingStore(dynamoDb, env[ENV.endpointHealthTable]),
  held: createHeldStore(dynamoDb, env[ENV.heldDeliveriesTable]),
  attempts,
  replays: createReplayStore(dynamoDb, env[ENV.replaysTable]),
  purges: createPurgeStore(dynamoDb, env[ENV.replaysTable]),
  purgeable: createPurgeable(),
  replayable,
  replayableMany: createReplayableManyStore({
    events,
    attempts,
    replayable,
    // Of subscriptions it asks for nothing here.
    organizations: createOrganizationStore(dynamoDb, {
      tables: { subscriptions: env[ENV.subscriptionsTable], events: env[ENV.eventsTable] },
    }),
    now: Date.now,
    logMs: attemptDays * DAY_MS,
  }),
  events,
  rules: subscriptionRules(readUrlPolicy(env[ENV.allowHttp])),
  subscriptions: createSubscriptionStore(dynamoDb, env[ENV.subscriptionsTable]),
  missedSent: createMissedSent(rows),
  targets: {
    deactivate: createDeactivation({
      rows,
      audit: createAuditStore(dynamoDb, env[ENV.auditTrailTable], {
        retentionDays: Number(env[ENV.auditRetentionDays]),
      }),
      newAuditId: createIds({ now: Date.now, random: randomFraction }).audit,
    }),
  },
  fastLane: createQueue(sqs, env[ENV.deliveriesQueueUrl], logger),
  slowLane: createQueue(sqs, env[ENV.slowDeliveriesQueueUrl], logger),
  next: async (message, delaySeconds) => {
    const missing = await queue.send([{ body: encodeRecoveryMessage(message), group: groupOf(message), delaySeconds }]);
    if (missing.size > 0) throw new Error('SQS did not take the next step of a job.');
  },
  tell: (notice) => notifier.tell(notice),
  told: createToldStore(dynamoDb, env[ENV.endpointHealthTable]),
  publish: async (event) => {
    const refused = await eventsQueue.send([{ body: encodeEventMessage(accepted(event)), group: event.organization }]);
    if (refused.size > 0) throw new Error('SQS did not take an event that tells of an endpoint.');
  },
  toDeadLetters,
  take: takeInHandOf(sqs, env[ENV.recoveryQueueUrl], RECOVERY_SECONDS, { logger, metrics }),
  comeBack: createComeBack({ send: queue.send, toDeadLetters, logger, now: Date.now, random: Math.random }),
  logger,
  metrics,
  errorFields,
  settings: {
    probeMs: Number(env[ENV.probeSeconds]) * 1000,
    downMs: Number(env[ENV.downDays]) * DAY_MS,
    keptMs: Number(env[ENV.eventRetentionDays]) * DAY_MS,
    heal: { delaysMs: healDelays(env[ENV.healSeconds]) },
    replayMs: LONGEST_REPLAY_DAYS * DAY_MS,
    purgeMs: Number(env[ENV.purgeSeconds]) * 1000,
  },
  now: Date.now,
};

const reconcileDeps: ReconcileDeps = {
  ...deps,
  events,
  attempts,
  held: createHeldStore(dynamoDb, env[ENV.heldDeliveriesTable]),
  replayable,
  state: createReconcilerStore(dynamoDb, env[ENV.replaysTable]),
  stuckMs: Number(env[ENV.stuckSeconds]) * 1000,
  logMs: attemptDays * DAY_MS,
};

const runs = createRunStore(dynamoDb, env[ENV.replaysTable]);

function createPurgeable() {
  const deadLetterQueues = [
    env[ENV.eventsDeadLetterQueueUrl],
    env[ENV.deliveriesDeadLetterQueueUrl],
    env[ENV.recoveryDeadLetterQueueUrl],
  ];
  return createPurgeableStore(dynamoDb, {
    tables: {
      keys: env[ENV.apiKeysTable],
      sessions: env[ENV.idempotencyTable],
      subscriptions: env[ENV.subscriptionsTable],
      secrets: env[ENV.signingSecretsTable],
      health: env[ENV.endpointHealthTable],
      held: env[ENV.heldDeliveriesTable],
      attempts: env[ENV.attemptsTable],
      replays: env[ENV.replaysTable],
      statistics: env[ENV.statisticsTable],
      events: env[ENV.eventsTable],
    },
    deadLetters: createDeadLetterPurge(sqs, {
      queueUrls: deadLetterQueues,
      quotas: createQuotaStore(dynamoDb, env[ENV.idempotencyTable]),
      logger,
    }),
    sleep: (ms) => setTimeout(ms),
  });
}

/** What the schedules of the stack send. */
interface Task {
  task: ScheduledTask;
}

/** Notes that a schedule has run, for whoever asks how things are: what it did stands whether or not that succeeds. */
async function noteRun(task: ScheduledTask, stuck?: number): Promise<void> {
  try {
    await runs.note(task, { at_ms: Date.now(), stuck });
  } catch (error) {
    logger.error('run of a schedule could not be recorded', { task, ...errorFields(error) });
  }
}

await connectToQueue(sqs, env[ENV.recoveryQueueUrl], after);

/** Behind the queue `recovery` and its schedules. */
export const handler = stageHandler<SQSEvent | Task, SQSBatchResponse | void>(
  { logger, metrics },
  async (event, context) => {
    const outOfTime = (): boolean => context.getRemainingTimeInMillis() < MARGIN_MS;
    if (!('task' in event)) return leave(await workAll(event.Records, deps));
    if (event.task === 'reconcile') {
      // Whichever fails, the other runs.
      try {
        await noteRun(event.task, await reconcile(reconcileDeps, outOfTime));
      } finally {
        await resumePurges(deps);
      }
      return;
    }
    await lookAfterAll(deps, outOfTime);
    await noteRun(event.task);
  },
);
