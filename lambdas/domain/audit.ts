import type { DeactivationReason } from './subscription/deactivation.ts';
import { OWN_NOTES, type SubscriptionRow } from './subscription/subscription.ts';
import { ulidMs } from './ulid-time.ts';

/** What the audit trail tells of: who may receive what, who may ask, who saw a secret. */
export const AUDIT_ACTIONS = [
  'subscription.created',
  'subscription.changed',
  'subscription.deleted',
  'subscription.paused',
  'subscription.resumed',
  'secret.viewed',
  'secret.rotated',
  'api_key.created',
  'api_key.revoked',
  'delivery.redelivered',
  'replay.started',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One line of the audit trail. It holds no values, only their names and hashes. */
export interface AuditRecord {
  /** `aud_` + ULID, which carries the time. */
  id: string;
  /** Id of the API key; `table`: a person in the DynamoDB table; `posthorn`: the platform itself. */
  actor: string;
  action: AuditAction;
  object_type: 'subscription' | 'api_key' | 'delivery' | 'replay';
  object_id: string;
  /** Absent: of no single organization, as an admin key. */
  organization?: string;
  /** SHA-256 of {@link canonicalRow} before and after, hex; absent where there was or is none. */
  before_sha256?: string;
  after_sha256?: string;
  /** Why, where the platform itself made the change. */
  reason?: DeactivationReason;
  /** Names of the attributes that differ; cut to {@link MAX_NAMES} of {@link MAX_NAME} characters. */
  changed: string[];
}

/** Names of one record at most; a subscription has 15. */
const MAX_NAMES = 50;
const MAX_NAME = 64;
const AUDIT_ID = /^aud_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** When a record was made, milliseconds; undefined when the id is none of a record. */
export function auditIdMs(id: string): number | undefined {
  return AUDIT_ID.test(id) ? ulidMs(id.slice('aud_'.length)) : undefined;
}

/** The audit record that a row's `changed_by` names, see {@link changedBy}. */
export function recordNamedBy(changedBy: unknown): string | undefined {
  const id = typeof changedBy === 'string' ? changedBy.split(' ')[1] : undefined;
  return id !== undefined && AUDIT_ID.test(id) ? id : undefined;
}

/** The text of a row's `changed_by` after a change that was recorded first. @param actor of the record. */
export function changedBy(actor: string, recordId: string): string {
  return `${actor} ${recordId}`;
}

/**
 * A row as one text that does not depend on the order of attributes or set members: what the hashes in the audit trail
 * are made of. Without the platform's own notes, so that the same subscription always has the same hash. Equal numbers
 * are equal in whatever type they come; a set, a list and NULL are told apart.
 */
export function canonicalRow(row: SubscriptionRow): string {
  return JSON.stringify(canonical(withoutNotes(row)));
}

/** Names of the attributes in which two rows differ, sorted; the platform's own notes are left out. */
export function changedAttributes(before: SubscriptionRow = {}, after: SubscriptionRow = {}): string[] {
  const names = new Set([...Object.keys(withoutNotes(before)), ...Object.keys(withoutNotes(after))]);
  return [...names]
    .filter((name) => JSON.stringify(canonical(before[name])) !== JSON.stringify(canonical(after[name])))
    .map((name) => name.slice(0, MAX_NAME))
    .sort()
    .slice(0, MAX_NAMES);
}

function withoutNotes(row: SubscriptionRow): SubscriptionRow {
  const notes: readonly string[] = OWN_NOTES;
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== undefined && !notes.includes(name)),
  );
}

/** Lists, too, become `[type, …]`, so that nothing can pass for another type. */
function canonical(value: unknown): unknown {
  if (value === undefined) return ['absent'];
  if (typeof value === 'bigint' || typeof value === 'number') return ['number', String(value)];
  if (value instanceof Set)
    return ['set', [...(value as Set<unknown>)].map((one) => JSON.stringify(canonical(one))).sort()];
  if (value instanceof Uint8Array) return ['binary', [...value]];
  if (Array.isArray(value)) return ['list', value.map(canonical)];
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]),
  );
}
