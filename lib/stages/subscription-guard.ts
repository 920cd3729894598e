import { Duration } from 'aws-cdk-lib';
import { ENV } from '../../lambdas/runtime/env.ts';
import { ChangeFeed, ONE_BY_ONE } from '../constructs/change-feed.ts';
import type { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import { StageFunction } from '../constructs/function.ts';
import { auditVariables, urlVariables, grantGraves, type StageContext } from './stage.ts';

/** A deleted row that had the id of another's subscription may leave tens of thousands of held deliveries to clean up. */
const TIMEOUT = Duration.seconds(120);
const LATE = Duration.minutes(1);

/** people in the table → subscription-guard → the row itself */
export function addSubscriptionGuard(
  context: StageContext,
  { jobs }: { jobs: DeadLetteredQueue },
): { guard: StageFunction; changes: ChangeFeed } {
  const { scope, tables, settings, operations, rollout } = context;
  const guard = new StageFunction(scope, 'SubscriptionGuard', {
    stage: 'subscription-guard',
    minify: settings.minify,
    description:
      'Writes into a subscription row what is wrong with it, creates missing secrets, cleans up after deleted rows',
    timeout: TIMEOUT,
    memorySize: 512,
    operations,
    rollout,
    environment: { ...auditVariables(settings), ...urlVariables(settings) },
  });
  const changes = new ChangeFeed(scope, 'SubscriptionChanges', {
    name: 'subscription-changes',
    table: tables.subscriptions,
    consumer: guard,
    deadLetterEnv: ENV.subscriptionChangesDeadLetterQueueUrl,
    delivery: ONE_BY_ONE,
    describe: {
      givenUp: `Changes of rows were given up after ${ONE_BY_ONE.retryAttempts} retries, or 23 hours; nobody has looked at those rows.`,
      late: `Changes of rows wait for more than ${LATE.toSeconds()} s, so nobody says yet what is wrong with them.`,
    },
    late: LATE,
    operations,
  });
  tables.subscriptions.grant(guard, 'GetItem', 'UpdateItem');
  tables.signingSecrets.grant(guard, 'GetItem', 'PutItem', 'UpdateItem');
  tables.endpointHealth.grant(guard, 'DeleteItem', 'UpdateItem');
  tables.heldDeliveries.grant(guard, 'Query', 'BatchWriteItem');
  tables.auditTrail.grant(guard, 'PutItem', 'GetItem');
  grantGraves(guard, { tables, settings });
  // Recovery tells operators when an endpoint's 410 has switched its subscription off, and sends what was held for an old URL.
  jobs.grantSend(guard);
  return { guard, changes };
}
