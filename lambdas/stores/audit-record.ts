import { createHash } from 'node:crypto';
import { canonicalRow, changedAttributes, type AuditRecord } from '../domain/audit.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';

/** What happened, with the rows themselves; only their hashes and names of attributes go into the record. */
export interface AuditEntry extends Omit<AuditRecord, 'before_sha256' | 'after_sha256' | 'changed'> {
  before?: SubscriptionRow;
  after?: SubscriptionRow;
  /** Where no row tells: `['secrets']`. @default the attributes in which the rows differ */
  changed?: string[];
}

/** The record of an entry: no value of a row is left in it. */
export function auditRecord({ before, after, changed, ...rest }: AuditEntry): AuditRecord {
  return {
    ...rest,
    ...(before ? { before_sha256: rowHash(before) } : {}),
    ...(after ? { after_sha256: rowHash(after) } : {}),
    changed: changed ?? changedAttributes(before, after),
  };
}

/** SHA-256 of a row in its canonical form, hex. */
export function rowHash(row: SubscriptionRow): string {
  return createHash('sha256').update(canonicalRow(row)).digest('hex');
}
