import type { HealthChange } from '../../lambdas/domain/endpoint/circuit.ts';
import { isHealing } from '../../lambdas/domain/endpoint/healing.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { FAILING, isTold } from '../../lambdas/domain/endpoint/told.ts';

// Rows of EndpointHealth, as the updates of lambdas/stores/dynamodb/endpoint-health change them.

type Row = EndpointHealth;

/** What `close` takes away, beside tally and release. */
export const CIRCUIT_ATTRIBUTES = [
  'circuit',
  'opened_ms',
  'probed_ms',
  'probe_event',
  'notified_ms',
  'deactivated_ms',
  'renewed_ms',
  'release_pace',
] as const;

/** The filter of the real scan. */
export function mustBeSeen(row: Row): boolean {
  return row.circuit !== undefined || isHealing(row) || isTold(row) || row.failures >= FAILING.failures;
}

/** As `tallyUpdate` of the real store. */
export function tally(
  row: Row,
  { add, tally: change = { anew: false, tries: add, failed: add } }: HealthChange,
  nowMs: number,
): void {
  if (change === null) {
    for (const name of ['tally_ms', 'tally_tries', 'tally_failed'] as const) delete row[name];
    return;
  }
  const { anew, tries, failed } = change;
  if (tries === 0) return;
  const before: Partial<Row> = anew ? {} : row;
  row.tally_ms = before.tally_ms ?? nowMs;
  row.tally_tries = (before.tally_tries ?? 0) + tries;
  row.tally_failed = (before.tally_failed ?? 0) + failed;
}

export function withoutTally({ tally_ms: _, tally_tries: __, tally_failed: ___, ...row }: Row): Row {
  return row;
}

export function isReleased({ circuit, release_ms }: Row, run: number): boolean {
  return (circuit === 'releasing' || circuit === 'closing') && release_ms === run;
}

export function withoutRelease({ release_ms: _, release_step: __, release_step_ms: ___, ...row }: Row): Row {
  return row;
}
