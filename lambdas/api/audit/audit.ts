import {
  changedBy,
  type AuditAction,
  type AuditObject,
  type AuditRecord,
  type ValueChange,
} from '../../domain/audit.ts';
import type { Principal } from '../../domain/api-key.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { AuditStore } from '../../stores/audit.ts';
import type { OnceStore } from '../../stores/once.ts';
import { auditRecord } from '../../stores/audit-record.ts';

export interface AuditorDeps {
  audit: Pick<AuditStore, 'append'>;
  /** A new id for a record. */
  newAuditId(): string;
}

/** What a caller did to what. Of rows the trail shows what is no secret. */
export interface AuditedAction {
  action: AuditAction;
  type: AuditObject;
  id: string;
  organization?: string | undefined;
  before?: SubscriptionRow;
  after?: SubscriptionRow;
  /** Where no row tells. @default the attributes in which the rows differ */
  changed?: string[];
  /** Where no row tells: what the values were and are, secrets as hashes. */
  changes?: Record<string, ValueChange>;
}

/**
 * Writes the audit trail. Call it when everything has been checked and before the deed is done: when the record cannot
 * be written, the deed is not done and the answer is 503. A record thus says that a caller was allowed to do something
 * and that the platform set about it; should DynamoDB fail just then, the record stands although the caller got an error.
 * @returns what to write into a row's `changed_by`, so that the row leads to the record.
 */
export type Auditor = (principal: Principal, deed: AuditedAction) => Promise<string>;

export function createAuditor({ audit, newAuditId }: AuditorDeps): Auditor {
  return async (principal, deed) => {
    const id = newAuditId();
    await audit.append(recordOf(principal, deed, id));
    return changedBy(principal.keyId, id);
  };
}

/** Records that a caller sees a payload. Call it before the payload is given; when it throws, the answer is 503. */
export type ViewRecorder = (
  principal: Principal,
  object: { type: 'event' | 'attempt' | 'subscription'; id: string; organization: string },
) => Promise<void>;

const HOUR_MS = 3_600_000;
/** Views that a function remembers as recorded, at most; then it begins anew. About 2 MB. */
const REMEMBERED = 10_000;

/** One record for each key, object and hour: whoever leaves a page open sees the same thing again every few seconds. */
export function createViewRecorder({
  audit,
  newAuditId,
  once,
  now,
}: AuditorDeps & { once: OnceStore; now: () => number }): ViewRecorder {
  const recorded = new Set<string>();
  return async (principal, { type, id: objectId, organization }) => {
    const name = `viewed#${principal.keyId}#${objectId}#${Math.floor(now() / HOUR_MS)}`;
    if (recorded.has(name)) return;
    // Whoever comes second writes the first one's record, should that one have died in between: it is there once.
    const id = await once.agree(name, newAuditId(), 2 * (HOUR_MS / 1000));
    await audit.append(
      recordOf(principal, { action: 'payload.viewed', type, id: objectId, organization, changed: [] }, id),
    );
    if (recorded.size >= REMEMBERED) recorded.clear();
    recorded.add(name);
  };
}

function recordOf({ keyId, name }: Principal, { type, id: objectId, ...deed }: AuditedAction, id: string): AuditRecord {
  const actor = { actor: keyId, actor_name: name };
  return auditRecord({ id, ...actor, object_type: type, object_id: objectId, ...deed });
}
