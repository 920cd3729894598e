import { parseArgs } from 'node:util';
import { fromTo, printTable } from '../support/report.ts';
import { median } from '../support/rounds.ts';
import { percentile, type PhaseResult } from './phase.ts';
import { cpuSeconds, printLoad, startBench, type Bench } from './platform.ts';

const ENDPOINTS = 10;
/** How much is done: rounds, a steady rate, and deliveries whose events are posted as fast as the API takes them. */
interface Size {
  rounds: number;
  steady: { perSecond: number; seconds: number };
  burst: number;
}
const FULL: Size = {
  rounds: Number(process.env['BENCH_ROUNDS'] ?? 5),
  steady: { perSecond: 50, seconds: 15 },
  burst: 3000,
};
/** For a busy machine, or one that is as slow as AWS. */
const SHORT: Size = { rounds: 1, steady: { perSecond: 10, seconds: 10 }, burst: 300 };
/** An account whose events go to all ten endpoints. */
const SHARED = 'shared';
const PATIENCE_MS = 60_000;
const SHARES = [0.5, 0.95, 0.99];

/** Numbers of each round, by what they say. */
type Figures = Map<string, number[]>;

/** `npm run bench -- end-to-end [--short]`: from an event's acceptance to the customer's server, at a steady rate, and as many as it can. */
export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { short: { type: 'boolean' } } });
  const { rounds, steady: pace, burst: size } = values.short ? SHORT : FULL;
  const bench = await startBench();
  try {
    const accounts = Array.from({ length: ENDPOINTS }, (_, n) => `c${n}`);
    for (const account of accounts) await bench.subscribe(account, 10);
    for (const account of accounts) await bench.subscribe(`s${account}`, 10, { account: SHARED });
    const bursts = [
      { to: 1, accounts },
      { to: ENDPOINTS, accounts: [SHARED] },
    ];
    // Before anything counts: processes started, code compiled.
    for (const burst of bursts) await runBurst(bench, burst, size);
    const ages: Figures = new Map();
    const figures = bursts.map((burst) => ({ ...burst, rates: [] as number[], cpu: new Map() as Figures }));
    for (let round = 1; round <= rounds; round++) {
      const steady = await phase(bench, accounts, pace.perSecond * pace.seconds, pace.perSecond);
      const all = steady.arrivals.map(({ ageMs }) => ageMs);
      for (const share of SHARES) note(ages, `p${share * 100}`, percentile(all, share));
      for (const burst of figures) {
        const before = cpuSeconds(bench);
        burst.rates.push(await runBurst(bench, burst, size));
        const after = cpuSeconds(bench);
        for (const [name, seconds] of Object.entries(after))
          note(burst.cpu, name, (1000 * (seconds - (before[name] ?? 0))) / size);
      }
      const rates = figures.map(({ to, rates }) => `events to ${to}: ${rates.at(-1)?.toFixed(0)} deliveries a second`);
      const p95 = `p95 at ${pace.perSecond} a second: ${ages.get('p95')?.at(-1)} ms`;
      printLoad(`round ${round}: ${p95}, ${rates.join(', ')}`);
    }
    print(ages, figures, { rounds, perSecond: pace.perSecond });
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
  return bench.run({ accounts, posts, perSecond, hanging: [], expected, patienceMs: PATIENCE_MS });
}

/** @returns deliveries a second. */
async function runBurst(
  bench: Bench,
  { to, accounts }: { to: number; accounts: string[] },
  size: number,
): Promise<number> {
  // JSON has no Infinity: a rate that nobody reaches.
  const { startedMs, arrivals } = await phase(bench, accounts, size / to, 1e6, size);
  return (1000 * arrivals.length) / (Math.max(...arrivals.map(({ atMs }) => atMs)) - startedMs);
}

function note(figures: Figures, name: string, value: number): void {
  figures.set(name, [...(figures.get(name) ?? []), value]);
}

function print(
  ages: Figures,
  bursts: { to: number; rates: number[]; cpu: Figures }[],
  { rounds, perSecond }: { rounds: number; perSecond: number },
): void {
  const row = (name: string, values: number[], digits = 0): string[] => [
    name,
    median(values).toFixed(digits),
    fromTo(values, digits),
  ];
  console.log(`\nMedians of ${rounds} rounds`);
  const steady = `ms from acceptance to delivery, ${perSecond} a second: `;
  const rows = [...ages].map(([name, values]) => row(steady + name, values));
  for (const { to, rates } of bursts) rows.push(row(`deliveries a second, events to ${to}, at once`, rates));
  printTable(['', 'median', 'from–to'], rows);
  for (const { to, cpu } of bursts) {
    const worth = [...cpu].filter(([, values]) => median(values) >= 0.005);
    const each = worth.map(([name, values]) => row(name, values, 2));
    printTable([`CPU, events to ${to}`, 'ms a delivery', 'from–to'], each);
  }
}
