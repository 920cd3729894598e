import { Duration } from 'aws-cdk-lib';
import { JOB_RECEIVES, RECOVERY_SECONDS } from '../../lambdas/domain/limits.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { RECOVERY_CONCURRENCY } from '../concurrency.ts';
import { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import { StageFunction } from '../constructs/function.ts';
import { leaveOutLateRuns, runEvery } from '../constructs/schedule.ts';
import type { DeliveryQueues } from './sender.ts';
import { auditVariables, retentionVariables, urlVariables, type StageContext } from './stage.ts';

const TIMEOUT = Duration.seconds(RECOVERY_SECONDS);
/** The next step of a job is due within a minute. */
const OLDEST_JOB = Duration.minutes(30);

/** The queue with the steps of releases and replays; recovery and others send to it. */
export function recoveryJobs({ scope, operations, queuesKey }: StageContext): DeadLetteredQueue {
  return new DeadLetteredQueue(scope, 'Recovery', {
    name: 'recovery',
    env: ENV.recoveryQueueUrl,
    deadLetterEnv: ENV.recoveryDeadLetterQueueUrl,
    consumerTimeout: TIMEOUT,
    maxReceiveCount: JOB_RECEIVES,
    oldest: OLDEST_JOB,
    encryptionKey: queuesKey,
    operations,
  });
}

/**
 * recovery: supervises endpoints that are down, sends the deliveries held for them, runs replays, finds stuck
 * deliveries
 */
export function addRecovery(
  context: StageContext,
  { jobs, events, deliveries }: { jobs: DeadLetteredQueue; events: DeadLetteredQueue; deliveries: DeliveryQueues },
): StageFunction {
  const { scope, settings, operations, rollout } = context;
  const recovery = new StageFunction(scope, 'RecoveryFunction', {
    stage: 'recovery',
    minify: settings.minify,
    description: 'Probes endpoints that are down and sends the deliveries held for them',
    // A page of a replay or release asks for the next one through its own queue.
    sendsToItself: true,
    timeout: TIMEOUT,
    // The reconciler stops by itself at 100 of 120 s.
    nearTimeout: 0.8,
    // The reconciler asks the log about each event three times: 200 events a second to five endpoints each need more than
    // the third of a processor that 512 MB have (1,769 MB are one).
    memorySize: 1024,
    operations,
    rollout,
    environment: {
      ...retentionVariables(settings),
      ...auditVariables(settings),
      ...urlVariables(settings),
      [ENV.probeSeconds]: String(settings.probeSeconds),
      [ENV.downDays]: String(settings.downDays),
      [ENV.healSeconds]: settings.healSeconds.join(','),
      [ENV.stuckSeconds]: String(settings.stuckSeconds),
      [ENV.purgeSeconds]: String(settings.purgeSeconds),
    },
  });
  jobs.consumedBy(recovery, { batchSize: 10, maxConcurrency: RECOVERY_CONCURRENCY });
  jobs.grantSend(recovery).grantSendToDeadLetters(recovery);
  // What an organization is told about its endpoints goes the way of every event.
  events.grantSend(recovery);
  deliveries.fast.grantSend(recovery);
  deliveries.slow.grantSend(recovery);
  runEvery(recovery, 'Probes', settings.probeSeconds, { task: 'look-after' });
  runEvery(recovery, 'Reconciler', settings.reconcileSeconds, { task: 'reconcile' });
  leaveOutLateRuns(recovery);
  grantTables(recovery, context);
  grantPurge(recovery, context);
  for (const queue of [events, deliveries.fast, jobs]) queue.grantDeleteDeadLetters(recovery);
  operations.grantNotify(recovery);
  return recovery;
}

/** Whoever is purged is looked for in every table, and deleted from all but the audit trail. */
function grantPurge(recovery: StageFunction, { tables }: StageContext): void {
  const { auditTrail: _, signingSecrets, ...purged } = tables;
  for (const table of Object.values(purged)) table.grant(recovery, 'Scan', 'BatchWriteItem');
  // Whose they are, and not what they are.
  signingSecrets.grantScanOf(recovery, 'subscription', 'organization').grant(recovery, 'BatchWriteItem');
  // Counts of an organization may lie in one row with others'.
  tables.statistics.grant(recovery, 'GetItem', 'PutItem', 'DeleteItem');
  // One purge at a time looks through the dead letters.
  tables.idempotency.grant(recovery, 'GetItem', 'PutItem', 'DeleteItem');
  // What is held of a resource's event; the others are found by whole tables.
  tables.heldDeliveries.grant(recovery, 'GetItem');
}

function grantTables(recovery: StageFunction, { tables }: StageContext): void {
  // Update: an endpoint that is down for too long has its subscription deactivated, which is recorded first.
  tables.subscriptions.grant(recovery, 'GetItem', 'UpdateItem');
  tables.auditTrail.grant(recovery, 'PutItem');
  tables.endpointHealth.grant(recovery, 'GetItem', 'Scan', 'UpdateItem', 'DeleteItem');
  // Write: what was kept to be fetched, and never was, ends with a line.
  tables.attempts.grant(recovery, 'Query', 'BatchWriteItem');
  tables.heldDeliveries.grant(recovery, 'BatchGetItem', 'Query', 'DeleteItem');
  // Replays and the reconciler: which events there are and what they matched. Put, Update: what a subscription has missed.
  tables.events.grant(recovery, 'GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem');
  // Put: where the reconciler stands.
  tables.replays.grant(recovery, 'GetItem', 'PutItem', 'UpdateItem');
}
