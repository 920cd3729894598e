import { inParallel } from '../domain/in-parallel.ts';
import { activates, beginsAnew, deactivates, isKept, resumes } from '../domain/subscription/begins-anew.ts';
import { asText } from '../domain/subscription/hand-typed.ts';
import { ensurePrivateKey } from '../stores/private-key.ts';
import { BY_TABLE, isAttribute, needsPrivateKey } from '../domain/subscription/subscription.ts';
import type { TargetKey } from '../stores/delivery-targets.ts';
import { announceGone } from './announce.ts';
import { auditEdit, type AuditedChange } from './audit-edits.ts';
import { dropStray } from './drop-stray.ts';
import { ensureSecret, type SecretState } from './ensure-secret.ts';
import { judge } from './judge.ts';
import type { GuardDeps, RowChange } from './ports.ts';

/** Rows looked at at the same time. */
const CONCURRENCY = 10;
/** The row changed between our look and our write: so often is looked again before the stream brings it back. */
const TRIES = 3;
/** Characters of a key that a log line shows: what a person typed may be anything. */
const SHOWN = 64;

/** What was done about a row. */
type Verdict =
  | 'explained'
  | 'not noted'
  | 'still broken'
  | 'cleared'
  | 'fine'
  | 'cleaned up'
  | 'left to recovery'
  | 'deleted meanwhile';

/**
 * Handles changed rows: records who changed what, creates a missing secret, writes into the row what is wrong with it,
 * removes that when it is fixed, and cleans up after deleted rows. It judges rows as they are now, not as the stream
 * saw them, so that running it twice, or late, does no harm; and what it writes changes nothing that it judges, so that
 * its own writes come back through the stream once and lead to nothing more.
 * @returns the numbers of the changes to be handed over again; never throws: one row's fate never touches another's.
 */
export function createGuard(deps: GuardDeps): (changes: readonly RowChange[]) => Promise<string[]> {
  const guardOne = async (changes: RowChange[]): Promise<string | undefined> => {
    const { organization, id, sequence } = changes[0]!;
    const names = { organization: organization.slice(0, SHOWN), subscription_id: id.slice(0, SHOWN) };
    try {
      const audited: AuditedChange[] = [];
      for (const change of changes) audited.push(await auditEdit(change, deps));
      const { decision, secret } = await applyVerdict(changes, audited, deps);
      await announceGone(changes, audited, deps);
      if (changes.some((change) => beginsAnew(change, deps.rules)))
        await renewHealth({ organization, subscription: id }, deps);
      // Of a foreign id the endpoint is none of its business.
      if (secret !== undefined && secret !== 'foreign') await followPause(changes, deps);
      count(audited, decision, secret, deps);
      const changed = [...new Set(audited.flatMap((one) => one.changed))];
      deps.logger.info('subscription row checked', {
        ...names,
        decision,
        secret,
        authors: [...new Set(audited.map(({ author }) => author))],
        // Names that somebody made up belong into the trail, not into the log.
        changed: changed.filter(isAttribute),
        changed_others: changed.filter((name) => !isAttribute(name)).length,
        changes: changes.length,
      });
      return undefined;
    } catch (error) {
      deps.metrics.count('SubscriptionChecksFailed', 1);
      deps.logger.error('subscription row could not be checked', {
        ...names,
        decision: 'retry',
        changes: changes.length,
        ...deps.errorFields(error),
      });
      return sequence;
    }
  };

  return async (changes) => {
    const rows = [...Map.groupBy(changes, ({ organization, id }) => JSON.stringify([organization, id])).values()];
    const failed = await inParallel(rows, CONCURRENCY, guardOne);
    return failed.filter((sequence) => sequence !== undefined);
  };
}

async function applyVerdict(
  changes: readonly RowChange[],
  audited: readonly AuditedChange[],
  deps: GuardDeps,
): Promise<{ decision: Verdict; secret?: SecretState }> {
  const { organization, id, after: last } = changes.at(-1)!;
  const edits = changes.filter((_, index) => audited[index]?.author === BY_TABLE);
  const circumstances = {
    activated: changes.some(activates),
    deactivated_ms: changes.findLast(deactivates)?.at_ms,
    edit: edits.at(-1),
  };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const snapshot = await deps.rows.read(organization, id);
    if (!snapshot) {
      // Without the removal among these changes it is still to come.
      if (last) return { decision: 'deleted meanwhile' };
      return { decision: await cleanUp(organization, id, deps) };
    }
    const found = await ensureSecret({ organization, id }, deps);
    const secret = found.state;
    await dropStray(snapshot.row, found, deps);
    if (needsPrivateKey({ signing: asText(snapshot.row.signing)?.toLowerCase() }))
      await ensurePrivateKey({ organization, id }, deps);
    const { broken, notes } = judge(snapshot.row, { ...circumstances, secret: found }, deps.rules);
    if (Object.keys(notes).length === 0) return { decision: broken ? 'still broken' : 'fine', secret };
    const noted = await deps.rows.note(snapshot, notes);
    if (noted === 'changed') continue;
    if (noted === 'refused') return { decision: 'not noted', secret };
    const decision = 'problem' in notes ? (broken ? 'explained' : 'cleared') : broken ? 'still broken' : 'fine';
    return { decision, secret };
  }
  throw new Error(`Expected the row to stay as it is for a moment, but it changed ${TRIES} times.`);
}

/**
 * The API does the same when it deletes, but for what is held; all of it may be done twice. While the circuit is not
 * closed, what is held is recovery's: it goes through the sender, which logs each as cancelled (docs/adr/0019).
 */
async function cleanUp(organization: string, id: string, { secrets, health, held }: GuardDeps): Promise<Verdict> {
  // Typed by hand, the row may have had the id of another organization's subscription, which lives on.
  const isOwn = await secrets.delete(id, organization);
  if (isOwn && !(await health.forget({ organization, subscription: id }))) return 'left to recovery';
  await held.forget(id, organization);
  return 'cleaned up';
}

/** The API did the same for changes of its own; done twice, it forgets the failures of a second more. */
async function renewHealth(key: TargetKey, { health, release, now }: GuardDeps): Promise<void> {
  const run = await health.renew(key, now());
  if (run !== undefined) await release(key, run);
}

/**
 * Has the endpoint's circuit follow what the row says of a pause, as the row is now. Recovery takes back what an end of a pause
 * that comes in between makes wrong.
 */
async function followPause(changes: readonly RowChange[], { rows, health, release, now }: GuardDeps): Promise<void> {
  const isConcerned = changes.some((change) => isKept(change.before) !== isKept(change.after));
  if (!isConcerned) return;
  const { organization, id } = changes[0]!;
  const key = { organization, subscription: id };
  const row = (await rows.read(organization, id))?.row;
  if (isKept(row)) return void (await health.pause(key, now()));
  if (row === undefined || !changes.some(resumes)) return;
  const run = await health.resume(key, now());
  if (run !== undefined) await release(key, run);
}

function count(
  audited: readonly AuditedChange[],
  decision: Verdict,
  secret: SecretState | undefined,
  { metrics }: GuardDeps,
): void {
  const edits = audited.filter(({ author }) => author === BY_TABLE).length;
  if (edits > 0) metrics.count('SubscriptionHandEdits', edits);
  if (decision === 'explained' || decision === 'still broken') metrics.count('BrokenSubscriptions', 1);
  // The row goes without words; trying again would hold up the others of its shard for nothing.
  if (decision === 'not noted') metrics.count('SubscriptionNotesRefused', 1);
  if (decision === 'cleared') metrics.count('MendedSubscriptions', 1);
  if (secret === 'made') metrics.count('SecretsMadeForRows', 1);
  if (secret === 'handed back') metrics.count('SecretsHandedBack', 1);
}
