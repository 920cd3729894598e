import { printTable } from '../support/report.ts';
import { percentile, type PhaseResult } from './phase.ts';
import { cpuSeconds, printLoad, startBench, type Bench } from './platform.ts';

const ENDPOINTS = 10;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const STEADY = { perSecond: 50, seconds: 15 };
/** Deliveries whose events are posted as fast as the API takes them. */
const BURST = 3000;
/** An account whose events go to all ten endpoints. */
const SHARED = 'shared';
const PATIENCE_MS = 60_000;

/** From the acceptance of an event to the customer's server, on one machine: at a steady rate, and as many as it can. */
export async function run(): Promise<void> {
  const bench = await startBench();
  try {
    const accounts = Array.from({ length: ENDPOINTS }, (_, n) => `c${n}`);
    for (const account of accounts) await bench.subscribe(account, 10);
    for (const account of accounts) await bench.subscribe(`s${account}`, 10, SHARED);
    await phase(bench, accounts, 500, Infinity);
    for (let round = 1; round <= ROUNDS; round++) {
      const steady = await phase(bench, accounts, STEADY.perSecond * STEADY.seconds, STEADY.perSecond);
      printLoad(`round ${round}: ${STEADY.perSecond} a second: ${ages(steady)}`);
      for (const [to, each] of [
        [accounts, 1],
        [[SHARED], ENDPOINTS],
      ] as const) {
        const before = cpuSeconds(bench.posthorn);
        const burst = await phase(bench, [...to], BURST / each, Infinity, BURST);
        printLoad(`round ${round}: events to ${each}, at once: ${perSecond(burst).toFixed(0)} deliveries a second`);
        printCpu(before, cpuSeconds(bench.posthorn));
      }
    }
  } finally {
    await bench.close();
  }
}

function phase(
  bench: Bench,
  accounts: string[],
  posts: number,
  perSecond: number,
  expected = posts,
): Promise<PhaseResult> {
  // JSON has no Infinity: a rate that nobody reaches.
  const rate = Math.min(perSecond, 1e6);
  return bench.run({ accounts, posts, perSecond: rate, hanging: [], expected, patienceMs: PATIENCE_MS });
}

function ages({ arrivals }: PhaseResult): string {
  const all = arrivals.map(({ ageMs }) => ageMs);
  return [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${percentile(all, share)} ms`).join(', ');
}

function perSecond({ startedMs, arrivals }: PhaseResult): number {
  const last = Math.max(...arrivals.map(({ atMs }) => atMs));
  return (1000 * arrivals.length) / (last - startedMs);
}

/** Where the time of a burst goes. */
function printCpu(before: Record<string, number>, after: Record<string, number>): void {
  const rows = Object.entries(after)
    .map(([name, seconds]) => [name, ((1000 * (seconds - (before[name] ?? 0))) / BURST).toFixed(2)])
    .filter(([, each]) => Number(each) > 0);
  printTable(['CPU of', 'ms each'], rows);
}
