import type { HealthChange } from '../../../domain/endpoint/circuit.ts';
import { TALLY } from './rows.ts';

/** Adds to the tally, or begins it anew. */
function tallyUpdate(
  { add, tally = { anew: false, tries: add, failed: add } }: HealthChange,
  { set, remove, values }: { set: string[]; remove: string[]; values: Record<string, unknown> },
  nowMs: number,
): void {
  if (tally === null) return void remove.push(TALLY);
  if (tally.tries === 0) return;
  values[':tries'] = tally.tries;
  values[':failed'] = tally.failed;
  values[':now'] = nowMs;
  if (tally.anew) return void set.push('tally_ms = :now', 'tally_tries = :tries', 'tally_failed = :failed');
  values[':zero'] = 0;
  set.push(
    'tally_ms = if_not_exists(tally_ms, :now)',
    'tally_tries = if_not_exists(tally_tries, :zero) + :tries',
    'tally_failed = if_not_exists(tally_failed, :zero) + :failed',
  );
}

/** The update of an endpoint’s row for what a sender found out: failures, slowness, circuit, tally of tries. */
export function updateFor(change: HealthChange, organization: string, nowMs: number) {
  const values: Record<string, unknown> = { ':organization': organization, ':add': change.add };
  const set = ['organization = :organization'];
  const remove: string[] = [];
  if (change.reset) set.push('failures = :add');
  else {
    set.push('failures = if_not_exists(failures, :zero) + :add');
    values[':zero'] = 0;
  }
  if (change.add > 0) {
    set.push(`failing_since_ms = ${change.reset ? ':now' : 'if_not_exists(failing_since_ms, :now)'}`);
    values[':now'] = nowMs;
  } else if (change.reset) remove.push('failing_since_ms');
  if (change.slow_until_ms === null) remove.push('slow_until_ms');
  else if (change.slow_until_ms !== undefined) {
    set.push('slow_until_ms = :slow');
    values[':slow'] = change.slow_until_ms;
  }
  if (change.circuit !== undefined) {
    set.push('circuit = :circuit');
    values[':circuit'] = change.circuit;
    // The release has this time for its name and begins at its first step.
    set.push('release_ms = :now');
    values[':now'] = nowMs;
    remove.push('release_step', 'release_step_ms', 'renewed_ms');
  }
  tallyUpdate(change, { set, remove, values }, nowMs);
  return {
    ConditionExpression: 'attribute_not_exists(subscription) OR organization = :organization',
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ExpressionAttributeValues: values,
  };
}
