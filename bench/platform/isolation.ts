import { printTable } from '../support/report.ts';
import { median } from '../support/rounds.ts';
import { percentile, type PhaseResult } from './phase.ts';
import { printLoad, startBench, type Bench } from './platform.ts';

const ENDPOINTS = 100;
/** Only these hang, others in each round. The rest never do and is what is measured: who has hung is served slowly for a while. */
const HANGING = 30;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
/** Well below what two cores can do. */
const PER_SECOND = 25;
const SECONDS = 20;
/** The longest that a subscription may ask for: a hanging endpoint holds its batch that long. */
const TIMEOUT_SECONDS = 30;
const PATIENCE_MS = 10_000;

/** How many of the endpoints hang. */
const PHASES = [
  { name: 'all answer', hanging: 0 },
  { name: 'one of 100 hangs', hanging: 1 },
  { name: 'five of 100 hang', hanging: 5 },
];

interface Figures {
  p50: number;
  p99: number;
  /** Deliveries to endpoints that never hang while events were posted, of those posted. */
  throughput: number;
}

/** Whether endpoints that hang are noticed by the others: bars are p99 ≤ 2 × and throughput ≥ 90 % of what it is without. */
export async function run(): Promise<void> {
  const bench = await startBench();
  try {
    const accounts = Array.from({ length: ENDPOINTS }, (_, n) => `c${n}`);
    for (const account of accounts) await bench.subscribe(account, TIMEOUT_SECONDS);
    await runPhase(bench, accounts, []);
    const rounds = PHASES.map((): Figures[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, { name, hanging }] of PHASES.entries()) {
        const from = (round * 10 + index * 2) % (HANGING - 5);
        const figures = await runPhase(bench, accounts, accounts.slice(from, from + hanging));
        rounds[index]!.push(figures);
        printLoad(`round ${round + 1}, ${name}: ${figuresOf(figures).join(' ')}`);
      }
    }
    print(rounds);
  } finally {
    await bench.close();
  }
}

async function runPhase(bench: Bench, accounts: string[], hanging: string[]): Promise<Figures> {
  const posts = PER_SECOND * SECONDS;
  const expected = accounts.length - hanging.length;
  const result = await bench.run({
    accounts,
    posts,
    perSecond: PER_SECOND,
    hanging: hanging.map((account) => `/${account}`),
    expected: Math.round((posts * expected) / accounts.length),
    patienceMs: PATIENCE_MS,
  });
  const steady = new Set(accounts.slice(HANGING).map((account) => `/${account}`));
  return measure(result, steady, (posts * steady.size) / accounts.length);
}

function measure({ arrivals, endedMs }: PhaseResult, steady: Set<string>, expected: number): Figures {
  const healthy = arrivals.filter(({ path }) => steady.has(path));
  const ages = healthy.map(({ ageMs }) => ageMs);
  return {
    p50: percentile(ages, 0.5),
    p99: percentile(ages, 0.99),
    throughput: healthy.filter(({ atMs }) => atMs <= endedMs).length / expected,
  };
}

function print(rounds: Figures[][]): void {
  const [baseline] = rounds as [Figures[]];
  const rows = rounds.map((figures, index) => {
    const middle = (key: keyof Figures): number => median(figures.map((one) => one[key]));
    const ratio = (key: keyof Figures): string =>
      median(figures.map((one, round) => one[key] / baseline[round]![key])).toFixed(2);
    const medians = { p50: middle('p50'), p99: middle('p99'), throughput: middle('throughput') };
    return [PHASES[index]!.name, ...figuresOf(medians), ratio('p99'), ratio('throughput')];
  });
  console.log();
  printTable(['', 'p50, ms', 'p99, ms', 'in time', 'p99 ratio', 'throughput ratio'], rows);
}

function figuresOf({ p50, p99, throughput }: Figures): string[] {
  return [p50.toFixed(0), p99.toFixed(0), `${(100 * throughput).toFixed(1)} %`];
}
