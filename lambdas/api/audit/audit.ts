import { changedBy, type AuditAction } from '../../domain/audit.ts';
import type { Principal } from '../../domain/api-key.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { AuditStore } from '../../stores/audit.ts';
import { auditRecord } from '../../stores/audit-record.ts';

export interface AuditorDeps {
  audit: Pick<AuditStore, 'append'>;
  /** A new id for a record. */
  newAuditId(): string;
}

/** What a caller did to what. Rows leave only their hashes and the names of changed attributes in the trail. */
export interface Deed {
  action: AuditAction;
  /** `subscription`, `api_key`, `delivery`, `replay`. */
  type: 'subscription' | 'api_key' | 'delivery' | 'replay';
  id: string;
  organization?: string;
  before?: SubscriptionRow;
  after?: SubscriptionRow;
  /** Where no row tells. @default the attributes in which the rows differ */
  changed?: string[];
}

/**
 * Writes the audit trail. Call it when everything has been checked and before the deed is done: when the record cannot
 * be written, the deed is not done and the answer is 503. A record thus says that a caller was allowed to do something
 * and that the platform set about it; should DynamoDB fail just then, the record stands although the caller got an error.
 * @returns what to write into a row's `changed_by`, so that the row leads to the record.
 */
export type Auditor = (principal: Principal, deed: Deed) => Promise<string>;

export function createAuditor({ audit, newAuditId }: AuditorDeps): Auditor {
  return async ({ keyId }, { type, id: objectId, ...deed }) => {
    const id = newAuditId();
    await audit.append(auditRecord({ id, actor: keyId, object_type: type, object_id: objectId, ...deed }));
    return changedBy(keyId, id);
  };
}
