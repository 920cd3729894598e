import { assertFlow } from './flow/report.ts';
import { FLOW_MUTANTS } from './flow/mutants.ts';
import { runFlow } from './flow/run.ts';
import type { Proof } from './proof.ts';

/** Deliveries of a flow. */
const DELIVERIES = 150;
/** How often time is skipped for what is still to come: more than four hours, where each bug has shown by then. */
const PATIENCE = 16;

/** @returns what is wrong with a flow; undefined: nothing. */
async function wrongOf(seed: number, deliveries: number, mutant?: string): Promise<string | undefined> {
  const faults = mutant === undefined ? {} : FLOW_MUTANTS[mutant]!;
  try {
    const report = await runFlow(seed, deliveries, { faults, patience: PATIENCE });
    assertFlow(report);
    return report.overtold > 0 ? `${report.overtold} exhausted deliveries were told that never were` : undefined;
  } catch (error) {
    return String(error);
  }
}

/** `npm run proof -- flow-mutants [--count <deliveries>]`. */
export const proof: Proof = {
  promise:
    'The flow of the proofs kill and faults breaks by every bug in what goes on beside the events, and by nothing else.',
  async run({ seed, count = DELIVERIES }) {
    const wrong = await wrongOf(seed, count);
    if (wrong !== undefined) throw new Error(`Broken without any bug: ${wrong}`);
    const found: Record<string, string> = {};
    for (const mutant of Object.keys(FLOW_MUTANTS)) {
      const because = await wrongOf(seed, count, mutant);
      if (because !== undefined) found[mutant] = because.replaceAll(/\s+/g, ' ').slice(0, 200);
    }
    const missed = Object.keys(FLOW_MUTANTS).filter((mutant) => found[mutant] === undefined);
    if (missed.length > 0) throw new Error(`Not found: ${missed.join('; ')}`);
    return { ...found, mutants: `${Object.keys(found).length} found` };
  },
};
