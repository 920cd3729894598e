import { Duration } from 'aws-cdk-lib';
import { EVENT_RECEIVES, FAN_OUT_SECONDS } from '../../lambdas/domain/limits.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import { StageFunction } from '../constructs/function.ts';
import type { DeliveryQueues } from './sender.ts';
import { retentionVariables, urlVariables, grantGraves, type StageContext } from './stage.ts';

const TIMEOUT = Duration.seconds(FAN_OUT_SECONDS);
/** Fan-out takes an event within a second; five minutes of waiting mean that it does not work. */
const OLDEST_EVENT = Duration.minutes(5);

/** What ingest fills and fan-out empties. */
export function eventsQueue({ scope, operations, queuesKey }: StageContext): DeadLetteredQueue {
  return new DeadLetteredQueue(scope, 'Events', {
    name: 'events',
    env: ENV.eventsQueueUrl,
    deadLetterEnv: ENV.eventsDeadLetterQueueUrl,
    consumerTimeout: TIMEOUT,
    maxReceiveCount: EVENT_RECEIVES,
    oldest: OLDEST_EVENT,
    encryptionKey: queuesKey,
    operations,
  });
}

/** events → fan-out → deliveries, in two lanes */
export function addFanOut(
  context: StageContext,
  { events, deliveries }: { events: DeadLetteredQueue; deliveries: DeliveryQueues },
): StageFunction {
  const { scope, tables, settings, operations, rollout } = context;
  const fanOut = new StageFunction(scope, 'FanOut', {
    stage: 'fan-out',
    minify: settings.minify,
    description: 'Finds the subscriptions that match an event and queues a delivery for each',
    // What fails for a reason of ours comes back as a new message, for up to a day.
    sendsToItself: true,
    timeout: TIMEOUT,
    memorySize: 1024,
    operations,
    rollout,
    environment: { ...retentionVariables(settings), ...urlVariables(settings) },
  });
  events.consumedBy(fanOut, { batchSize: 10, maxConcurrency: settings.fanOutConcurrency });
  events.grantSend(fanOut).grantSendToDeadLetters(fanOut);
  tables.subscriptions.grant(fanOut, 'GetItem', 'Query');
  // Who is slow just now, all at once: only endpoints in trouble have a row.
  tables.endpointHealth.grant(fanOut, 'Scan');
  // Get, Query: what a first run of the same event recorded.
  tables.events.grant(fanOut, 'GetItem', 'Query', 'PutItem');
  deliveries.fast.grantSend(fanOut);
  grantGraves(fanOut, { tables, settings });
  deliveries.slow.grantSend(fanOut);
  return fanOut;
}
