import type { AuditedChange } from './audit-edits.ts';
import { goneJob } from '../domain/messages/jobs.ts';
import type { GuardDeps, RowChange } from './ports.ts';

/**
 * Has operators told that an endpoint's 410 switched its subscription off. The sender leaves that to the change itself:
 * a sender that dies between its write and a message would tell nobody, and the stream forgets nothing. Only the record
 * that the sender left counts: a `problem` that says so may be typed by anybody. Other deactivations by the platform are
 * recovery's own, which tells of them itself, and by the row at its next look should it die before it has.
 * @throws when a job could not be queued: the changes come again.
 */
export async function announceGone(
  changes: readonly RowChange[],
  audited: readonly AuditedChange[],
  { announce }: Pick<GuardDeps, 'announce'>,
): Promise<void> {
  for (const [index, { organization, id, at_ms }] of changes.entries()) {
    if (audited[index]?.reason !== 'gone') continue;
    await announce(goneJob({ organization, subscription: id }, at_ms));
  }
}
