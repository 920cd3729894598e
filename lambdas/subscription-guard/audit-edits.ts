import { auditIdMs, changedAttributes, recordNamedBy, type AuditRecord } from '../domain/audit.ts';
import { isPaused } from '../domain/subscription/begins-anew.ts';
import { BY_PLATFORM, BY_TABLE } from '../domain/subscription/subscription.ts';
import { ulidOf } from '../domain/ulid-time.ts';
import { auditRecord, rowHash } from '../stores/audit-record.ts';
import type { GuardDeps, RowChange } from './ports.ts';

/** Who made a change: the API or the platform itself, which have recorded it; a person in the table; `notes`: nothing but notes changed. */
export type Author = 'api' | typeof BY_PLATFORM | typeof BY_TABLE | 'notes';

export interface AuditedChange {
  author: Author;
  /** Names of the attributes that changed. */
  changed: string[];
  /** Why, where the platform made the change. */
  reason?: AuditRecord['reason'];
}

/**
 * A change is written right after its record, but the stream tells whole seconds and clocks differ a little. The longest
 * way from a record to its write is a function's time, 30 s at the api.
 */
const NEAR_MS = 60_000;

/**
 * Leaves a record of each change that has none yet. Running it twice leaves one: the record's id is made of the
 * change's own number, and a record that this change has claimed before is still its own.
 */
export async function auditEdit(
  change: RowChange,
  { audit, graves }: Pick<GuardDeps, 'audit' | 'graves'>,
): Promise<AuditedChange> {
  const { before, after, organization, id } = change;
  const changed = changedAttributes(before, after);
  if (changed.length === 0) return { author: 'notes', changed };
  if (!after && (await graves.load()).isDead({ organization, enqueued_ms: change.at_ms }))
    return { author: BY_PLATFORM, changed };
  const record = await recordOf(change, audit);
  if (record) return { author: record.actor === BY_PLATFORM ? BY_PLATFORM : 'api', changed, reason: record.reason };
  await audit.append(
    auditRecord({
      id: `aud_${ulidOf(change.at_ms, BigInt(change.sequence))}`,
      actor: BY_TABLE,
      action: `subscription.${whatWasDone(change, changed)}`,
      object_type: 'subscription',
      object_id: id,
      organization,
      before,
      after,
      changed,
    }),
  );
  return { author: BY_TABLE, changed };
}

/** A change of nothing but `paused` has the name that the API gives it. */
function whatWasDone(
  { before, after }: RowChange,
  changed: readonly string[],
): 'created' | 'changed' | 'deleted' | 'paused' | 'resumed' {
  if (!before) return 'created';
  if (!after) return 'deleted';
  if (changed.length > 1 || isPaused(before) === isPaused(after)) return 'changed';
  return isPaused(after) ? 'paused' : 'resumed';
}

/**
 * API and platform record a change first, then name the record in the row. Whoever edits the table can copy that name, so
 * it is believed only when the record tells of this very change (the hashes), was made just before it, and has proved
 * no other change yet: an old row put back, or a change that the API made once and a person repeats, are edits by hand.
 * Where such an edit slipped between the API's look and its write, the hashes differ and the write is recorded once
 * more: too many rather than too few.
 */
async function recordOf(
  { before, after, organization, id, at_ms, sequence }: RowChange,
  audit: GuardDeps['audit'],
): Promise<AuditRecord | undefined> {
  if (before && after && before.changed_by === after.changed_by) return undefined;
  const recordId = recordNamedBy((after ?? before)?.changed_by);
  if (recordId === undefined || Math.abs(at_ms - auditIdMs(recordId)!) > NEAR_MS) return undefined;
  const record = await audit.get(recordId);
  const tellsOfIt =
    record !== undefined &&
    // Those were made of a change that somebody made by hand, and prove that one.
    record.actor !== BY_TABLE &&
    record.object_id === id &&
    record.organization === organization &&
    record.before_sha256 === (before && rowHash(before)) &&
    record.after_sha256 === (after && rowHash(after));
  return tellsOfIt && (await audit.claim(recordId, sequence)) ? record : undefined;
}
