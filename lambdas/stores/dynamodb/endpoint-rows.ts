import { TALLY_WORTH } from '../../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';

// When a row of the table `EndpointHealth` says nothing any more and is deleted: an endpoint that does well has none.

/** Attributes of the tally of tries. */
export const TALLY = 'tally_ms, tally_tries, tally_failed';

/** Attributes of a release: whatever takes its place ends it with its name. */
export const RELEASE = 'release_ms, release_step, release_step_ms, renewed_ms';

export function isIdle({ failures, circuit, slow_until_ms, tally_failed = 0 }: EndpointHealth): boolean {
  return failures === 0 && circuit === undefined && slow_until_ms === undefined && tally_failed < TALLY_WORTH;
}

/** The same as a condition, with its values. */
export const IDLE =
  'failures = :none AND attribute_not_exists(circuit) AND attribute_not_exists(slow_until_ms) AND (attribute_not_exists(tally_failed) OR tally_failed < :worth)';
export const IDLE_VALUES = { ':none': 0, ':worth': TALLY_WORTH } as const;
