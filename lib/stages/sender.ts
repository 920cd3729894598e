import { Duration } from 'aws-cdk-lib';
import { MAX_ATTEMPTS, SENDER_SECONDS } from '../../lambdas/domain/limits.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import type { Egress } from '../constructs/egress.ts';
import { StageFunction } from '../constructs/function.ts';
import { senderMemory } from '../sender-memory.ts';
import {
  auditVariables,
  formatVariables,
  grantGraves,
  retentionVariables,
  urlVariables,
  type StageContext,
} from './stage.ts';

const TIMEOUT = Duration.seconds(SENDER_SECONDS);
/** A customer may ask twice for up to 15 minutes (`Retry-After`) before CloudWatch leaves the message out. */
const OLDEST_DELIVERY = Duration.minutes(45);

/** Two lanes with the same sender behind them; they share their dead letters. */
export interface DeliveryQueues {
  fast: DeadLetteredQueue;
  /** For endpoints that hung or took over 2 s lately. */
  slow: DeadLetteredQueue;
}

/** What fan-out fills and the sender empties. */
export function deliveryQueues({ scope, operations, queuesKey }: StageContext): DeliveryQueues {
  const lane = {
    consumerTimeout: TIMEOUT,
    maxReceiveCount: MAX_ATTEMPTS,
    oldest: OLDEST_DELIVERY,
    encryptionKey: queuesKey,
    operations,
    // What their endpoints refused four times. Ours ring by themselves: delivery-alarms.ts.
    deadLetters: 'customers',
  } as const;
  const fast = new DeadLetteredQueue(scope, 'Deliveries', {
    ...lane,
    name: 'deliveries',
    env: ENV.deliveriesQueueUrl,
    deadLetterEnv: ENV.deliveriesDeadLetterQueueUrl,
  });
  const slow = new DeadLetteredQueue(scope, 'SlowDeliveries', {
    ...lane,
    name: 'deliveries-slow',
    env: ENV.slowDeliveriesQueueUrl,
    deadLetterEnv: ENV.deliveriesDeadLetterQueueUrl,
    deadLetterQueue: fast.deadLetterQueue,
  });
  return { fast, slow };
}

/** deliveries → sender → customer */
export function addSender(
  context: StageContext,
  { deliveries, jobs, egress }: { deliveries: DeliveryQueues; jobs: DeadLetteredQueue; egress: Egress | undefined },
): StageFunction {
  const { scope, settings, operations, rollout, version } = context;
  const sender = new StageFunction(scope, 'Sender', {
    stage: 'sender',
    minify: settings.minify,
    description: 'Sends deliveries to customers and writes the delivery log',
    // Its lanes are its own queues, and a probe that succeeds makes recovery send it the next deliveries.
    sendsToItself: true,
    egress,
    timeout: TIMEOUT,
    memorySize: senderMemory(settings.senderBatchSize),
    operations,
    rollout,
    environment: {
      ...formatVariables(settings),
      ...retentionVariables(settings),
      ...auditVariables(settings),
      ...urlVariables(settings),
      [ENV.retryDelays]: settings.retryDelays.join(','),
      [ENV.circuitFailures]: String(settings.circuitFailures),
      [ENV.circuitSeconds]: String(settings.circuitSeconds),
      // How much of what may be in flight each of them has for itself.
      [ENV.senders]: String(settings.senderConcurrency + settings.slowSenderConcurrency),
      [ENV.senderBatchSize]: String(settings.senderBatchSize),
      [ENV.healHours]: String(settings.healHours),
      [ENV.healSeconds]: settings.healSeconds.join(','),
      [ENV.version]: version,
    },
  });
  consume(sender, deliveries, context);
  grantTables(sender, context);
  grantGraves(sender, context);
  // A probe that succeeds begins the release of what was held.
  jobs.grantSend(sender);
  return sender;
}

function consume(sender: StageFunction, { fast, slow }: DeliveryQueues, { settings }: StageContext): void {
  const batchSize = settings.senderBatchSize;
  fast.consumedBy(sender, { batchSize, maxConcurrency: settings.senderConcurrency });
  slow.consumedBy(sender, { batchSize, maxConcurrency: settings.slowSenderConcurrency });
  // Send: what fails for a reason of ours comes back as a new message, which has all receives before it.
  fast.grantChangeVisibility(sender).grantSend(sender).grantSendToDeadLetters(sender);
  slow.grantChangeVisibility(sender).grantSend(sender);
}

function grantTables(sender: StageFunction, { tables }: StageContext): void {
  // Get and update: a 410 deactivates the subscription, which is recorded first.
  tables.subscriptions.grant(sender, 'BatchGetItem', 'GetItem', 'UpdateItem');
  tables.auditTrail.grant(sender, 'PutItem');
  tables.signingSecrets.grant(sender, 'BatchGetItem');
  tables.endpointHealth.grant(sender, 'BatchGetItem', 'UpdateItem', 'DeleteItem');
  // Lines are added, never changed or deleted. Query: what a delivery's last line says.
  tables.attempts.grant(sender, 'Query', 'BatchWriteItem');
  tables.heldDeliveries.grant(sender, 'BatchWriteItem', 'DeleteItem');
  // Counts how a replay's deliveries end.
  tables.replays.grant(sender, 'UpdateItem');
}
