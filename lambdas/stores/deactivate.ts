import { isDeepStrictEqual } from 'node:util';
import { changedBy } from '../domain/audit.ts';
import type { DeactivationReason } from '../domain/subscription/deactivation.ts';
import { BY_PLATFORM, type SubscriptionRow } from '../domain/subscription/subscription.ts';
import { auditRecord } from './audit-record.ts';
import type { AuditStore } from './audit.ts';
import type { TargetKey, TargetStore } from './delivery-targets.ts';
import type { NotedRowStore, Notes } from './subscription-notes.ts';

/** The row changed between our look and our write: so often is looked again. */
const TRIES = 3;

export interface DeactivationDeps {
  rows: Pick<NotedRowStore, 'read' | 'switchOff'>;
  audit: Pick<AuditStore, 'append'>;
  newAuditId(): string;
}

/**
 * The platform's only change of a subscription. Its record comes first, as the API's does: the guard believes no row
 * that merely says that the platform has written it (docs/adr/0022).
 */
export function createDeactivation({ rows, audit, newAuditId }: DeactivationDeps): TargetStore['deactivate'] {
  /** @returns what to write into the row's `changed_by`. */
  const record = async (key: TargetKey, before: SubscriptionRow, reason: DeactivationReason): Promise<string> => {
    const id = newAuditId();
    await audit.append(
      auditRecord({
        id,
        actor: BY_PLATFORM,
        action: 'subscription.changed',
        object_type: 'subscription',
        object_id: key.subscription,
        organization: key.organization,
        reason,
        before,
        after: { ...before, active: false },
      }),
    );
    return changedBy(BY_PLATFORM, id);
  };

  return async (key, url, { reason, problem }, updatedAt) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const snapshot = await rows.read(key.organization, key.subscription);
      if (!snapshot || !isDeepStrictEqual(snapshot.row.url, url)) return false;
      const notes: Notes = { problem, updated_at: updatedAt };
      // Off already: only the words change, which needs no record.
      if (snapshot.row.active !== false) {
        notes.changed_by = await record(key, snapshot.row, reason);
        notes.inactive_since = updatedAt;
      }
      const noted = await rows.switchOff(snapshot, notes);
      if (noted === 'done') return true;
      if (noted === 'refused')
        throw new Error('DynamoDB refused to switch a subscription off; is its row near 400 KB?');
    }
    throw new Error(`Expected the row to stay as it is for a moment, but it changed ${TRIES} times.`);
  };
}
