import { Duration } from 'aws-cdk-lib';
import { ENV } from '../../lambdas/runtime/env.ts';
import type { DeadLetteredQueue } from '../constructs/dead-lettered-queue.ts';
import { StageFunction } from '../constructs/function.ts';
import { grantGraves, type StageContext } from './stage.ts';

const TIMEOUT = Duration.seconds(10);

/** producer → ingest → events */
export function addIngest(context: StageContext, { events }: { events: DeadLetteredQueue }): StageFunction {
  const { scope, tables, settings, operations, rollout, edge } = context;
  const ingest = new StageFunction(scope, 'Ingest', {
    stage: 'ingest',
    minify: settings.minify,
    description: 'Validates events from producers and queues them',
    timeout: TIMEOUT,
    memorySize: 512,
    operations,
    rollout,
    environment: {
      [ENV.requestsPerKey]: String(settings.publishesPerKey),
      [ENV.edgeSecrets]: edge?.accepted ?? '',
    },
  });
  events.grantSend(ingest);
  tables.apiKeys.grant(ingest, 'GetItem');
  grantGraves(ingest, { tables, settings });
  tables.idempotency.grant(ingest, 'GetItem', 'PutItem', 'UpdateItem');
  return ingest;
}
