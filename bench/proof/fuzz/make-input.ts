import * as fc from 'fast-check';
import { createChance } from '../../simulation/random.ts';
import { inputs } from './arbitrary.ts';
import type { Input } from './input.ts';
import { corpusRequests, ingestRequest, managementRequest } from './requests.ts';
import { hostileWire, largeBody } from './wire.ts';
import type { World } from './world.ts';

/** Makes inputs: the same seed gives the same input, but for keys and ids of the running platform. */
export interface InputMaker {
  make(seed: number): Input;
  /** As small a form as can be found of an input of fast-check that still is bad. @returns undefined: it no longer is. */
  shrink(seed: number, isBad: (input: Input) => Promise<boolean>): Promise<Input | undefined>;
}

/** For how long a smaller input is looked for, milliseconds. */
const SHRINK_MS = 30_000;

export function inputMaker(world: World): InputMaker {
  const arbitrary = inputs(world);
  const fromCorpus = corpusRequests(world);
  return {
    make(seed) {
      const chance = createChance(seed);
      const kind = chance.next();
      if (kind < 0.36) return sent(ingestRequest(chance, world), chance.next());
      if (kind < 0.79) return sent(managementRequest(chance, world, seed), chance.next());
      if (kind < 0.9) return fromCorpus(chance);
      if (kind < 0.96) return hostileWire(chance, world, seed);
      if (kind < 0.999) return fc.sample(arbitrary, { seed, numRuns: 1 })[0]!;
      return sent(largeBody(chance, world), chance.next());
    },
    async shrink(seed, isBad) {
      let smallest: Input | undefined;
      const property = fc.asyncProperty(arbitrary, async (input) => {
        if (!(await isBad(input))) return true;
        smallest = input;
        return false;
      });
      await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS });
      return smallest;
    },
  };
}

/** A few come slowly, or only in part. */
function sent(input: Input, chance: number): Input {
  if (chance < 0.985) return input;
  return { ...input, way: chance < 0.995 ? 'slow' : 'aborted' };
}
