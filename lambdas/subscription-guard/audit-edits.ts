import { changedAttributes, recordNamedBy } from '../domain/audit.ts';
import { BY_PLATFORM, BY_TABLE } from '../domain/subscription/subscription.ts';
import { ulidOf } from '../domain/ulid-time.ts';
import { auditRecord, rowHash } from '../stores/audit-record.ts';
import type { GuardDeps, RowChange } from './ports.ts';

/** Who made a change: the API, which has recorded it; the platform itself; a person in the table; `notes`: nothing but notes changed. */
export type Author = 'api' | typeof BY_PLATFORM | typeof BY_TABLE | 'notes';

export interface AuditedChange {
  author: Author;
  /** Names of the attributes that changed. */
  changed: string[];
}

/**
 * Leaves a record of each change that has none yet. Running it twice leaves one: the record's id is made of the
 * change's own number.
 */
export async function auditEdit(change: RowChange, { audit }: Pick<GuardDeps, 'audit'>): Promise<AuditedChange> {
  const { before, after, organization, id } = change;
  const changed = changedAttributes(before, after);
  if (changed.length === 0) return { author: 'notes', changed };
  if (await isRecorded(change, audit)) return { author: 'api', changed };
  const author = isPlatforms(change, changed) ? BY_PLATFORM : BY_TABLE;
  await audit.append(
    auditRecord({
      id: `aud_${ulidOf(change.at_ms, BigInt(change.sequence))}`,
      actor: author,
      action: `subscription.${before ? (after ? 'changed' : 'deleted') : 'created'}`,
      object_type: 'subscription',
      object_id: id,
      organization,
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
      changed,
    }),
  );
  return { author, changed };
}

/**
 * The API records a change first, then names the record in the row. What is named is believed only when the record tells
 * of this very change: with the name alone, an edit by hand could pass for one of the API's. Where an edit by hand slipped
 * between the API's look and its write, the hashes differ and the write is recorded once more: too many rather than too few.
 */
async function isRecorded({ before, after, organization, id }: RowChange, audit: GuardDeps['audit']): Promise<boolean> {
  if (before && after && before.changed_by === after.changed_by) return false;
  const recordId = recordNamedBy((after ?? before)?.changed_by);
  const record = recordId === undefined ? undefined : await audit.get(recordId);
  return (
    record !== undefined &&
    record.object_id === id &&
    record.organization === organization &&
    record.before_sha256 === (before && rowHash(before)) &&
    record.after_sha256 === (after && rowHash(after))
  );
}

/** All that the platform does by itself is to switch a subscription off. */
function isPlatforms({ before, after }: RowChange, changed: string[]): boolean {
  return (
    after?.changed_by === BY_PLATFORM &&
    after.updated_at !== before?.updated_at &&
    after.active === false &&
    changed.every((name) => name === 'active')
  );
}
