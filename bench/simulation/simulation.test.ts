import { describe, expect, it } from 'vitest';
import { FOUND_AT } from './found-at.ts';
import { MUTANTS, stagesOf } from './mutants.ts';
import { REGRESSIONS } from './regressions.ts';
import { simulate } from './simulate.ts';

// The real logic of ingest, fan-out, sender and recovery on simulated queues, tables, endpoints and time.

/** Schedules in the ordinary run; the long run is `npm run proof -- simulation`. */
const SCHEDULES = 1000;

describe('whatever fails and in whatever order things happen', () => {
  it('no event is lost, none goes astray, and the log tells what the customers saw', async () => {
    const failures: string[] = [];
    let requests = 0;
    let crashes = 0;
    let outages = 0;
    for (const seed of [...REGRESSIONS, ...Array.from({ length: SCHEDULES }, (_, n) => n + 1)]) {
      const result = await simulate(seed);
      requests += result.requests;
      crashes += result.crashes;
      outages += result.outages;
      if (result.violations.length > 0) failures.push(`seed ${seed}: ${result.violations.join('; ')}`);
    }

    expect(failures.slice(0, 10)).toEqual([]);
    expect(requests).toBeGreaterThan(SCHEDULES);
    expect(crashes).toBeGreaterThan(SCHEDULES / 10);
    expect(outages).toBeGreaterThan(SCHEDULES / 10);
  }, 240_000);

  it('the same seed gives the same run', async () => {
    const first = await simulate(4711);

    expect(await simulate(4711)).toEqual(first);
  });
});

describe('a planted bug', () => {
  /** Schedules until a bug must have been found. */
  const PATIENCE = 10_000;
  const seeds = Array.from({ length: PATIENCE }, (_, n) => n + 1);

  it('is called by its name where it was found', () => {
    expect(Object.keys(FOUND_AT).filter((name) => !Object.hasOwn(MUTANTS, name))).toEqual([]);
  });

  it.each(Object.keys(MUTANTS))(
    'is found: %s',
    async (mutant) => {
      let found: string | undefined;
      for (const seed of [FOUND_AT[mutant] ?? 1, ...seeds]) {
        found = (await simulate(seed, stagesOf(mutant))).violations[0];
        if (found !== undefined) break;
      }

      expect(found).toBeDefined();
    },
    240_000,
  );
});
