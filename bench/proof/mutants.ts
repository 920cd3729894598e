import type { Proof } from './proof.ts';
import { MUTANTS, stagesOf } from '../simulation/mutants.ts';
import { simulate } from '../simulation/simulate.ts';

// As in the simulation's threads: nobody reads the stacks.
Error.stackTraceLimit = 0;

/**
 * `npm run proof -- mutants [--seed <first>] [--count <schedules>]`: plants each bug in turn and tries seeds in a row until
 * the simulation finds it. @throws with the bugs that it did not find in `count` schedules.
 */
export const proof: Proof = {
  promise: 'The simulation finds every bug that is planted in a stage.',
  async run({ seed: first, count = 10_000 }) {
    const found: Record<string, string> = {};
    const missed: string[] = [];
    for (const mutant of Object.keys(MUTANTS)) {
      const stages = stagesOf(mutant);
      let violation: string | undefined;
      let seed = first - 1;
      while (violation === undefined && seed < first + count - 1) {
        violation = (await simulate((seed += 1), stages)).violations[0];
      }
      if (violation === undefined) missed.push(mutant);
      else found[mutant] = `found at seed ${seed} (${violation.split(':')[0]})`;
    }
    if (missed.length > 0) throw new Error(`Not found in ${count} schedules each: ${missed.join('; ')}`);
    return { ...found, mutants: `${Object.keys(found).length} of ${Object.keys(MUTANTS).length} found` };
  },
};
