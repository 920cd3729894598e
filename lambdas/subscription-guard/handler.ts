import { randomBytes } from 'node:crypto';
import { releaseJob } from '../domain/messages/jobs.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { formatPrivateKey, formatSecret } from '../domain/secrets/signature.ts';
import { fromAttributes } from '../aws/fast-path/attribute-json.ts';
import { createDynamoDb, createSqs } from '../aws/clients.ts';
import { ENV, readEnv } from '../runtime/env.ts';
import { createLogger, errorFields } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { createQueue } from '../queues/send.ts';
import { leave, stageHandler } from '../runtime/stage-handler.ts';
import { sendRecoveryJob } from '../queues/recovery-jobs.ts';
import { readUrlPolicy, subscriptionRules } from '../runtime/url-policy.ts';
import { createAuditStore } from '../stores/dynamodb/audit.ts';
import { createEndpointHealthStore } from '../stores/dynamodb/endpoint-health/health.ts';
import { createGravesOf } from '../stores/dynamodb/graves.ts';
import { createHeldStore } from '../stores/dynamodb/held.ts';
import { createNotedRowStore } from '../stores/dynamodb/subscription-notes.ts';
import { createSecretStore } from '../stores/dynamodb/secrets.ts';
import { createGuard } from './guard.ts';
import type { RowChange } from './ports.ts';

const STAGE = 'subscription-guard';
const env = readEnv([
  ENV.subscriptionsTable,
  ENV.signingSecretsTable,
  ENV.endpointHealthTable,
  ENV.heldDeliveriesTable,
  ENV.auditTrailTable,
  ENV.recoveryQueueUrl,
  ENV.auditRetentionDays,
  ENV.allowHttp,
  ENV.replaysTable,
  ENV.purgeSeconds,
]);
const logger = createLogger(STAGE);
const metrics = createMetrics(STAGE);
const dynamoDb = createDynamoDb();
const recovery = createQueue(createSqs(), env[ENV.recoveryQueueUrl], logger);

const guard = createGuard({
  rows: createNotedRowStore(dynamoDb, env[ENV.subscriptionsTable]),
  secrets: createSecretStore(dynamoDb, env[ENV.signingSecretsTable]),
  health: createEndpointHealthStore(dynamoDb, env[ENV.endpointHealthTable]),
  held: createHeldStore(dynamoDb, env[ENV.heldDeliveriesTable]),
  audit: createAuditStore(dynamoDb, env[ENV.auditTrailTable], { retentionDays: Number(env[ENV.auditRetentionDays]) }),
  graves: createGravesOf(
    dynamoDb,
    { table: env[ENV.replaysTable], seconds: Number(env[ENV.purgeSeconds]) },
    { logger, errorFields },
  ),
  rules: subscriptionRules(readUrlPolicy(env[ENV.allowHttp])),
  newSecret: () => ({
    key: formatSecret(randomBytes(32)),
    private_key: formatPrivateKey(randomBytes(32)),
    created_ms: Date.now(),
  }),
  announce: async (job) => {
    const taken = await sendRecoveryJob(recovery, job);
    if (!taken) throw new Error('SQS did not take the notice of a deactivation.');
  },
  release: async (key, run) => {
    await sendRecoveryJob(recovery, releaseJob(key, run));
  },
  now: Date.now,
  logger,
  metrics,
  errorFields,
});

/** Behind the stream of the table Subscriptions. */
export const handler = stageHandler({ logger, metrics }, async ({ Records }: DynamoDBStreamEvent) =>
  leave(await guard(Records.map(readChange).filter((change) => change !== undefined))),
);

/**
 * A record that cannot be read stays so: it is counted and acknowledged, for trying again would hold up the others of its
 * shard. Values of no known type do not come here: they stand in the row as they are.
 */
function readChange({ dynamodb }: DynamoDBStreamEvent['Records'][number]): RowChange | undefined {
  try {
    const { Keys, OldImage, NewImage, SequenceNumber = '', ApproximateCreationDateTime = 0 } = dynamodb!;
    return {
      sequence: SequenceNumber,
      at_ms: Math.floor(ApproximateCreationDateTime) * 1000,
      organization: Keys!.organization!.S!,
      id: Keys!.id!.S!,
      ...(OldImage ? { before: fromAttributes(OldImage) } : {}),
      ...(NewImage ? { after: fromAttributes(NewImage) } : {}),
    };
  } catch (error) {
    metrics.count('SubscriptionChangesUnreadable', 1);
    logger.error('change of a row could not be read', { decision: 'acknowledged', ...errorFields(error) });
    return undefined;
  }
}
