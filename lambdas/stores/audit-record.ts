import { createHash } from 'node:crypto';
import { canonicalRow, changedAttributes, shownValue, type AuditRecord, type ValueChange } from '../domain/audit.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';

/** What happened, with the rows themselves, of which the record shows what is no secret. */
export interface AuditEntry extends Omit<AuditRecord, 'before_sha256' | 'after_sha256' | 'changed'> {
  before?: SubscriptionRow;
  after?: SubscriptionRow;
  /** Where no row tells: `['secrets']`. @default the attributes in which the rows differ */
  changed?: string[];
}

/** Hex digits of a value's hash: enough to tell values apart, too few to be sure of one that was guessed. */
const SHORT_HASH = 8;

/** The record of an entry: what may be a secret is in it as its hash only. */
export function auditRecord({ before, after, changed, ...rest }: AuditEntry): AuditRecord {
  const names = changed ?? changedAttributes(before, after);
  return {
    ...rest,
    ...(before ? { before_sha256: rowHash(before) } : {}),
    ...(after ? { after_sha256: rowHash(after) } : {}),
    ...(before || after ? { changes: changesOf(names, before, after) } : {}),
    changed: names,
  };
}

function changesOf(
  names: readonly string[],
  before: SubscriptionRow = {},
  after: SubscriptionRow = {},
): Record<string, ValueChange> {
  const shown = (row: SubscriptionRow, name: string): string | undefined => shownValue(name, row[name], shortHash);
  return Object.fromEntries(names.map((name) => [name, { old: shown(before, name), new: shown(after, name) }]));
}

/** A text that must not be shown, by the beginning of its SHA-256. */
export function shortHash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, SHORT_HASH)}`;
}

/** SHA-256 of a row in its canonical form, hex. */
export function rowHash(row: SubscriptionRow): string {
  return createHash('sha256').update(canonicalRow(row)).digest('hex');
}
