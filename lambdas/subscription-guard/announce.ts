import { saysGone } from '../domain/subscription/deactivation.ts';
import { BY_PLATFORM } from '../domain/subscription/subscription.ts';
import type { AuditedChange } from './audit-edits.ts';
import type { GuardDeps, RowChange } from './ports.ts';

/**
 * Has operators told that an endpoint's 410 switched its subscription off. The sender leaves that to the change itself:
 * a sender that dies between its write and a message would tell nobody, and the stream forgets nothing. Other
 * deactivations by the platform are recovery's own, which tells of them itself.
 * @throws when a job could not be queued: the changes come again.
 */
export async function announceGone(
  changes: readonly RowChange[],
  audited: readonly AuditedChange[],
  { announce }: Pick<GuardDeps, 'announce'>,
): Promise<void> {
  for (const [index, { organization, id, after, at_ms }] of changes.entries()) {
    if (audited[index]?.author !== BY_PLATFORM || !saysGone(after?.problem)) continue;
    await announce({ kind: 'deactivated', organization, subscription_id: id, why: 'gone', since_ms: at_ms });
  }
}
