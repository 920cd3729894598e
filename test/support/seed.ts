import { onTestFailed } from 'vitest';

/** A seed for a test of chance, another one in each run; when the test fails it says which it was, for whoever looks for the fault. */
export function newSeed(): number {
  const seed = Date.now() % 2 ** 30;
  onTestFailed(() => console.log(`The seed of this run was ${seed}.`));
  return seed;
}
