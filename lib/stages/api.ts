import { Duration } from 'aws-cdk-lib';
import { API_SECONDS } from '../../lambdas/domain/limits.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import type { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import type { ChangeFeed } from '../constructs/change-feed.ts';
import { joined } from '../constructs/egress.ts';
import { StageFunction } from '../constructs/function.ts';
import type { Operations } from '../constructs/operations.ts';
import type { DeliveryQueues } from './sender.ts';
import { auditVariables, formatVariables, retentionVariables, urlVariables, type StageContext } from './stage.ts';

/** API Gateway gives up after 30 s. */
const TIMEOUT = Duration.seconds(API_SECONDS);

/** support and customers → api */
export function addApi(
  context: StageContext,
  queues: { events: DeadLetteredQueue; deliveries: DeliveryQueues; jobs: DeadLetteredQueue },
  sourceIps: readonly string[],
): StageFunction {
  const { scope, settings, operations, rollout, edge, version } = context;
  const api = new StageFunction(scope, 'Api', {
    stage: 'api',
    minify: settings.minify,
    description: 'Management API and console',
    reservedConcurrency: settings.apiConcurrency || undefined,
    timeout: TIMEOUT,
    memorySize: 512,
    operations,
    rollout,
    environment: {
      ...formatVariables(settings),
      ...retentionVariables(settings),
      ...auditVariables(settings),
      ...urlVariables(settings),
      [ENV.requestsPerKey]: String(settings.requestsPerKey),
      [ENV.requestsPerKeyADay]: String(settings.requestsPerKeyADay),
      [ENV.repeatsADay]: String(settings.repeatsPerOrganizationADay),
      [ENV.subscriptionsPerOrganization]: String(settings.subscriptionsPerOrganization),
      [ENV.jobsPerOrganization]: String(settings.jobsPerOrganization),
      [ENV.probeSeconds]: String(settings.probeSeconds),
      [ENV.downDays]: String(settings.downDays),
      [ENV.oidcIssuer]: settings.oidcIssuer,
      [ENV.oidcClientId]: settings.oidcClientId,
      [ENV.oidcClaim]: settings.oidcClaim,
      [ENV.oidcScopes]: JSON.stringify(settings.oidcScopes),
      [ENV.sourceIps]: joined(sourceIps),
      [ENV.frameAncestors]: settings.frameAncestors.join(' '),
      // Behind a distribution API Gateway does not know it.
      [ENV.publicDomain]: edge ? settings.domainName : '',
      [ENV.basePath]: settings.basePath && `/${settings.basePath}`,
      [ENV.edgeSecrets]: edge?.accepted ?? '',
      [ENV.version]: version,
    },
    files: { from: 'console/dist/files', to: 'console' },
  });
  grantTables(api, context);
  queues.events.grantSend(api);
  // Redeliveries go straight to a sender; replays, and endpoints to be looked at now, to recovery.
  queues.deliveries.fast.grantSend(api);
  queues.jobs.grantSend(api);
  return api;
}

function grantTables(api: StageFunction, { tables }: StageContext): void {
  tables.subscriptions.grant(api, 'GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem');
  tables.signingSecrets.grant(api, 'GetItem', 'PutItem', 'UpdateItem');
  // Scan: which endpoints are in trouble; only they have rows.
  tables.endpointHealth.grant(api, 'BatchGetItem', 'Scan', 'UpdateItem', 'DeleteItem');
  // Scan: which organizations there are, one row of each.
  tables.events.grant(api, 'GetItem', 'BatchGetItem', 'Query', 'Scan');
  // How many are held; and what customers fetch of it and acknowledge, which leaves a line in the log.
  tables.heldDeliveries.grant(api, 'Query', 'BatchGetItem', 'DeleteItem');
  tables.attempts.grant(api, 'GetItem', 'Query', 'BatchWriteItem');
  tables.apiKeys.grant(api, 'GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem');
  // Records are added and read, never changed or deleted.
  tables.auditTrail.grant(api, 'Query', 'PutItem');
  // How many requests a key makes, who waits for a ping, whose replays run.
  tables.idempotency.grant(api, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
  tables.statistics.grant(api, 'Query');
  tables.replays.grant(api, 'GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem');
}

/** Grants for the platform's status: depths of queues, kinds of dead letters, ages and alarms. */
export function letLook(
  api: StageFunction,
  from: { queues: DeadLetteredQueue[]; deliveries: DeadLetteredQueue; feeds: ChangeFeed[]; operations: Operations },
): void {
  for (const queue of [...from.queues, from.deliveries]) queue.grantLook(api);
  from.deliveries.grantLookAtDeadLetters(api);
  for (const feed of from.feeds) feed.grantLook(api);
  from.operations.grantWatch(api);
}
