import type { TargetStore } from '../../lambdas/stores/delivery-targets.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createDeactivation } from '../../lambdas/stores/deactivate.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { createNotedRowStore } from '../../lambdas/stores/dynamodb/subscription-notes.ts';
import type { Tables } from './tables.ts';

/** Deactivates as the sender and recovery do, over the real stores. */
export function deactivation({ dynamoDb, table }: Tables): TargetStore['deactivate'] {
  return createDeactivation({
    rows: createNotedRowStore(dynamoDb, table('Subscriptions')),
    audit: createAuditStore(dynamoDb, table('AuditTrail'), { retentionDays: 2192 }),
    newAuditId: createIds({ now: Date.now, random: Math.random }).audit,
  });
}
