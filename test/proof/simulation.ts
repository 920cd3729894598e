import type { Proof } from '../../scripts/proof.ts';
import { REGRESSIONS } from '../simulation/regressions.ts';
import { simulate } from '../simulation/simulate.ts';

/** Failing seeds that one run prints at most. */
const MOST_PRINTED = 20;

/**
 * `npm run proof -- simulation [--seed <first>] [--count <schedules>]`: the schedules of `count` seeds in a row. A seed
 * that fails goes into test/simulation/regressions.ts.
 */
export const proof: Proof = {
  promise:
    'Whatever crashes, fails, doubles or overtakes, no event is lost or goes astray, and the log tells the truth.',
  async run({ seed: first, count = 1_000_000 }) {
    const failures: string[] = [];
    let requests = 0;
    let crashes = 0;
    const seeds = [...REGRESSIONS, ...Array.from({ length: count }, (_, n) => first + n)];
    for (const seed of seeds) {
      const result = await simulate(seed);
      requests += result.requests;
      crashes += result.crashes;
      if (result.violations.length > 0) failures.push(`seed ${seed}: ${result.violations.join('; ')}`);
      if (failures.length === MOST_PRINTED) break;
    }
    if (failures.length > 0) throw new Error(failures.join('\n'));
    return { schedules: seeds.length, last_seed: first + count - 1, requests, crashes, violations: 0 };
  },
};
