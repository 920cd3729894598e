import { TOLD } from '../../../domain/endpoint/told.ts';
import type { TargetKey } from '../../delivery-targets.ts';
import { TALLY, type RowChange } from './rows.ts';
import { deleteClosed, type HealthTable } from './table.ts';

/** What an open circuit becomes: what is held goes out. */
const BEGINS = ', circuit = :releasing, release_ms = :now, renewed_ms = :now';
/** Not `notified_ms`: who was told that it is down is still to be told that it answers. */
const ENDED = ', opened_ms, throttled_until_ms, probed_ms, probe_event, deactivated_ms, release_step, release_step_ms';

/** Gives an endpoint a clean record; see `EndpointHealthStore.renew`. */
export async function renewRecord(at: HealthTable, key: TargetKey, nowMs: number): Promise<number | undefined> {
  const { organization, subscription } = key;
  // What was exhausted before is tried again soon: the change may be what was wrong.
  const heals = await at.rows.change(subscription, {
    update: 'SET heal_ms = :now',
    condition: 'organization = :organization AND attribute_exists(heal_event)',
    values: { ':organization': organization, ':now': nowMs },
  });
  // An automatic replay that was asked for has yet to begin, and somebody may have noted what it is for just now.
  // Who was told of its trouble is still to be told that it is over, and nobody of anything twice in an hour.
  if (!heals && (await deleteClosed(at, key, 'heal_event', 'heal_replay', ...TOLD))) return undefined;
  const run = await at.rows.begin(subscription, forgetFailures(key, { set: BEGINS, remove: ENDED }, nowMs), nowMs);
  if (run === undefined) await at.rows.change(subscription, forgetFailures(key));
  return run;
}

/** @param begins what else is done where deliveries are held; absent: they are not. */
function forgetFailures(
  { organization }: TargetKey,
  begins?: { set: string; remove: string },
  nowMs?: number,
): RowChange {
  const { set, remove } = begins ?? { set: '', remove: '' };
  return {
    update: `SET failures = :none${set} REMOVE failing_since_ms, slow_until_ms, release_pace, ${TALLY}${remove}`,
    condition: `organization = :organization AND ${begins ? '' : 'NOT '}circuit IN (:open, :throttled)`,
    values: {
      ':organization': organization,
      ':none': 0,
      ':open': 'open',
      ':throttled': 'throttled',
      ...(begins && { ':releasing': 'releasing', ':now': nowMs }),
    },
  };
}
