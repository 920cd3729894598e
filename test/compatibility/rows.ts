import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createApiKeyStore } from '../../lambdas/stores/dynamodb/api-keys.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createEventStore } from '../../lambdas/stores/dynamodb/events.ts';
import { createHealingStore } from '../../lambdas/stores/dynamodb/endpoint-health/healing.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { createIdempotencyStore } from '../../lambdas/stores/dynamodb/idempotency.ts';
import { createPurgeStore } from '../../lambdas/stores/dynamodb/purges.ts';
import { createQuotaStore } from '../../lambdas/stores/dynamodb/quotas.ts';
import { createReconcilerStore } from '../../lambdas/stores/dynamodb/reconciler.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import { createRunStore } from '../../lambdas/stores/dynamodb/runs.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import { createSessionStore } from '../../lambdas/stores/dynamodb/sessions.ts';
import { createStatisticsStore } from '../../lambdas/stores/dynamodb/statistics.ts';
import { createSubscriptionStore } from '../../lambdas/stores/dynamodb/subscriptions.ts';
import { createToldStore } from '../../lambdas/stores/dynamodb/endpoint-health/told.ts';
import { TABLE_NAMES, type TableName, type Tables } from '../support/tables.ts';
import { NOW } from './messages.ts';

const now = (): number => NOW;

/** Every store over some tables, at a time that stands still. */
export function storesOf({ dynamoDb, table }: Tables) {
  const options = { retentionDays: 30, now };
  return {
    events: createEventStore(dynamoDb, table('Events'), options),
    attempts: createAttemptStore(dynamoDb, table('Attempts'), options),
    held: createHeldStore(dynamoDb, table('HeldDeliveries'), options),
    health: createEndpointHealthStore(dynamoDb, table('EndpointHealth')),
    circuits: createCircuitStore(dynamoDb, table('EndpointHealth')),
    healing: createHealingStore(dynamoDb, table('EndpointHealth')),
    told: createToldStore(dynamoDb, table('EndpointHealth')),
    subscriptions: createSubscriptionStore(dynamoDb, table('Subscriptions')),
    secrets: createSecretStore(dynamoDb, table('SigningSecrets'), { now }),
    keys: createApiKeyStore(dynamoDb, table('ApiKeys')),
    idempotency: createIdempotencyStore(dynamoDb, table('Idempotency'), { now }),
    quotas: createQuotaStore(dynamoDb, table('Idempotency'), now),
    sessions: createSessionStore(dynamoDb, table('Idempotency'), now),
    replays: createReplayStore(dynamoDb, table('Replays'), now),
    purges: createPurgeStore(dynamoDb, table('Replays'), now),
    reconciler: createReconcilerStore(dynamoDb, table('Replays')),
    runs: createRunStore(dynamoDb, table('Replays')),
    audit: createAuditStore(dynamoDb, table('AuditTrail'), options),
    statistics: createStatisticsStore(dynamoDb, table('Statistics')),
  };
}

export type Stores = ReturnType<typeof storesOf>;

/** A row as it lies in a table. */
export interface WrittenRow {
  table: TableName;
  item: Record<string, unknown>;
}

/** All that lies in the tables. */
export async function allRows({ dynamoDb, table }: Tables): Promise<WrittenRow[]> {
  const rows = await Promise.all(
    TABLE_NAMES.map(async (name) => {
      const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table(name) }));
      return Items.map((item) => ({ table: name, item }));
    }),
  );
  const nameOf = (row: WrittenRow): string => JSON.stringify([row.table, row.item]);
  return rows.flat().sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
