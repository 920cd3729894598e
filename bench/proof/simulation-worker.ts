import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '../simulation/simulate.ts';

// One of the threads of `npm run proof -- simulation`: simulates its seeds and says what came of them.

// Much fails here, and nobody reads where: the stacks of these errors would cost a tenth of a schedule.
Error.stackTraceLimit = 0;

/** Seeds that a thread gets, and what it answers. */
export interface Task {
  seeds: { first: number; count: number };
  /** It ends after so many failures. */
  mostFailures: number;
}

export interface Totals {
  schedules: number;
  requests: number;
  crashes: number;
  outages: number;
  /** In the order of their seeds. */
  failures: { seed: number; violations: string[] }[];
}

export async function simulateAll({ seeds: { first, count }, mostFailures }: Task): Promise<Totals> {
  const totals: Totals = { schedules: 0, requests: 0, crashes: 0, outages: 0, failures: [] };
  for (let seed = first; seed < first + count && totals.failures.length < mostFailures; seed++) {
    const { requests, crashes, outages, violations } = await simulate(seed);
    totals.schedules += 1;
    totals.requests += requests;
    totals.crashes += crashes;
    totals.outages += outages;
    if (violations.length > 0) totals.failures.push({ seed, violations });
  }
  return totals;
}

if (parentPort) parentPort.postMessage(await simulateAll(workerData as Task));
