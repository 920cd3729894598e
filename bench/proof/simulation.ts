import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Proof } from './proof.ts';
import { REGRESSIONS } from '../simulation/regressions.ts';
import { simulateAll, type Task, type Totals } from './simulation-worker.ts';

/** Failing seeds that one run prints at most. */
const MOST_PRINTED = 20;

const YOUNG_MB = 96;

/** Simulates seeds in a thread of its own. */
function inThread(seeds: Task['seeds']): Promise<Totals> {
  const workerData: Task = { seeds, mostFailures: MOST_PRINTED };
  // What a schedule makes is garbage when it ends: with room for some of them, little is copied meanwhile.
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
  const worker = new Worker(new URL('simulation-worker.ts', import.meta.url), { workerData, resourceLimits });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    // Without effect behind a message.
    worker.once('exit', (code) => reject(new Error(`A thread of the simulation ended with ${code}.`)));
  });
}

/** Seeds in a row, cut into one part for each thread. */
function partsOf(first: number, count: number, threads: number): Task['seeds'][] {
  const size = Math.ceil(count / threads);
  return Array.from({ length: threads }, (_, n) => ({
    first: first + n * size,
    count: Math.min(size, count - n * size),
  })).filter((part) => part.count > 0);
}

/**
 * `npm run proof -- simulation [--seed <first>] [--count <schedules>]`: the schedules of `count` seeds in a row, on all
 * cores; a seed gives the same schedule on whichever. One that fails goes into bench/simulation/regressions.ts.
 */
export const proof: Proof = {
  promise:
    'Whatever crashes, fails, doubles or overtakes, and however long endpoints are down, no event is lost or goes astray, and the log tells the truth.',
  async run({ seed: first, count = 1_000_000 }) {
    const startedMs = Date.now();
    const cpuBefore = process.cpuUsage();
    const all = await Promise.all([
      ...REGRESSIONS.map((seed) => simulateAll({ seeds: { first: seed, count: 1 }, mostFailures: 1 })),
      ...partsOf(first, count, availableParallelism()).map(inThread),
    ]);
    const sum = (name: 'schedules' | 'requests' | 'crashes' | 'outages'): number =>
      all.reduce((total, one) => total + one[name], 0);
    const failures = all
      .flatMap((one) => one.failures)
      .map(({ seed, violations }) => `seed ${seed}: ${violations.join('; ')}`);
    if (failures.length > 0) throw new Error(failures.slice(0, MOST_PRINTED).join('\n'));
    return {
      schedules: sum('schedules'),
      last_seed: first + count - 1,
      requests: sum('requests'),
      crashes: sum('crashes'),
      outages: sum('outages'),
      violations: 0,
      cpu_ms_per_schedule: (process.cpuUsage(cpuBefore).user / 1000 / sum('schedules')).toFixed(2),
      schedules_per_second: Math.round((sum('schedules') * 1000) / (Date.now() - startedMs)),
    };
  },
};
