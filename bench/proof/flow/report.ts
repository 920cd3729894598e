import { strict as assert } from 'node:assert';
import { assertHeard, type Verdict } from './verdict.ts';

/** What a flow has come to. */
export interface FlowReport extends Verdict {
  events: number;
  requests: number;
  /** Deliveries that customers fetched. */
  fetched: number;
  /** Posts that a producer had to make again. */
  repeatedPosts: number;
  /** Dead letters sent back to their queue. */
  redriven: number;
  /** Times that the clock was moved. */
  skips: number;
  /** Rows of statistics that differ from the log for good, and hours whose lines were added to them. */
  miscounted: number;
  hours: number;
  /** Events of the organization that was purged. */
  purged: number;
  /** Replays that were begun. */
  replays: number;
  /** What organizations were told of their endpoints, and of how many exhausted deliveries more than there were. */
  told: number;
  overtold: number;
}

/** @throws what does not hold of any flow, whatever trouble there was. */
export function assertFlow(report: FlowReport): void {
  assert.deepEqual(report.violations.slice(0, 10), []);
  for (const what of ['lost', 'unexpected', 'unlogged', 'miscounted'] as const) assert.equal(report[what], 0, what);
  for (const what of ['fetched', 'hours', 'purged', 'replays', 'told'] as const)
    assert.ok(report[what] > 0, `nothing of this: ${what}`);
  assertHeard(report);
}
