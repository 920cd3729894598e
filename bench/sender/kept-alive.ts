import { benchStage } from '../support/stage.ts';

/** CPU per delivery over connections that are kept, at the two batch sizes that a deployment may choose. */
export async function run(): Promise<void> {
  await benchStage({
    stage: 'sender',
    measured: 'bench/sender/kept-alive.measured.ts',
    base: 'bare undici loop',
    // Long rounds and warm-up: before some hundred batches the compiler has not seen the code often enough.
    cases: [10, 100].map((batch) => ({
      title: `batch ${batch}`,
      variables: { BATCH: String(batch), UNITS: '3000' },
    })),
  });
}
