import { parseArgs } from 'node:util';
import { printTable } from '../support/report.ts';
import { atMost, printBars, type Bar } from './bar.ts';
import { median } from '../support/rounds.ts';
import { percentile, percentilesByWindow, type PhaseResult } from './phase.ts';
import { printLoad, startBench, type Bench } from './platform.ts';

const ENDPOINTS = 100;
/** Only these hang, others in each round. The rest never do and is what is measured: who has hung is served slowly for a while. */
const HANGING = 30;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const PATIENCE_MS = 10_000;
const WINDOW_MS = 5000;

/** Its usual form: well below what two cores can do, and the longest time that a subscription may ask for. */
const USUAL = { perSecond: '25', seconds: '20', timeouts: '30' };
/** What an endpoint's life promises: at twice the pace, for two minutes, with the default timeout and the longest. */
const LONG = { perSecond: '50', seconds: '120', timeouts: '10,30' };

interface Form {
  perSecond: number;
  seconds: number;
  /** How long a hanging endpoint holds its batch, seconds. */
  timeout: number;
  rounds: number;
}

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
  /** Of the windows of 5 s the worst 99th percentile. */
  worst: number;
}

/** Bars: in times of what it is without, of a window of 5 s too; and on a quiet machine milliseconds. */
const MOST = { times: 2, worstTimes: 3, p99: 100 };
/** Throughput that may be missing, of what it is without. */
const MOST_MISSING = 0.1;

/**
 * `npm run bench -- isolation [--long] [--per-second <n>] [--seconds <n>] [--timeouts 10,30] [--rounds <n>]`. Whether endpoints
 * that hang are noticed by the others: bars are p99 ≤ 2 × and throughput ≥ 90 % of what it is without, no window of 5 s above
 * 3 ×, and on a quiet machine p99 ≤ 100 ms.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...words],
    options: { long: { type: 'boolean' }, 'per-second': text, seconds: text, timeouts: text, rounds: text },
  });
  const usual = values.long ? LONG : USUAL;
  const bars: Bar[] = [];
  for (const timeout of (values.timeouts ?? usual.timeouts).split(',')) {
    console.log(`timeout ${timeout} s`);
    const own = await runWith({
      perSecond: Number(values['per-second'] ?? usual.perSecond),
      seconds: Number(values.seconds ?? usual.seconds),
      timeout: Number(timeout),
      rounds: Number(values.rounds ?? (values.long ? 1 : ROUNDS)),
    });
    bars.push(...own.map((bar) => ({ ...bar, what: `${bar.what}, timeout ${timeout} s` })));
  }
  printBars('the others', bars);
  return bars;
}

/** A platform of its own: who has hung is remembered. */
async function runWith(form: Form): Promise<Bar[]> {
  const bench = await startBench();
  try {
    const accounts = Array.from({ length: ENDPOINTS }, (_, n) => `c${n}`);
    for (const account of accounts) await bench.subscribe(account, form.timeout);
    await runPhase(bench, accounts, [], form);
    const rounds = PHASES.map((): Figures[] => []);
    for (let round = 0; round < form.rounds; round++) {
      for (const [index, { name, hanging }] of PHASES.entries()) {
        const from = (round * 10 + index * 2) % (HANGING - 5);
        const figures = await runPhase(bench, accounts, accounts.slice(from, from + hanging), form);
        rounds[index]!.push(figures);
        printLoad(`round ${round + 1}, ${name}: ${figuresOf(figures).join(' ')}`);
      }
    }
    return print(rounds);
  } finally {
    await bench.close();
  }
}

async function runPhase(
  bench: Bench,
  accounts: string[],
  hanging: string[],
  { perSecond, seconds }: Form,
): Promise<Figures> {
  const posts = perSecond * seconds;
  const expected = accounts.length - hanging.length;
  const result = await bench.run({
    accounts,
    posts,
    perSecond,
    hanging: hanging.map((account) => `/${account}`),
    expected: Math.round((posts * expected) / accounts.length),
    patienceMs: PATIENCE_MS,
  });
  const steady = new Set(accounts.slice(HANGING).map((account) => `/${account}`));
  return measure(result, steady, (posts * steady.size) / accounts.length);
}

function measure(result: PhaseResult, steady: Set<string>, expected: number): Figures {
  const { arrivals, endedMs } = result;
  const healthy = arrivals.filter(({ path }) => steady.has(path));
  const ages = healthy.map(({ ageMs }) => ageMs);
  return {
    p50: percentile(ages, 0.5),
    p99: percentile(ages, 0.99),
    throughput: healthy.filter(({ atMs }) => atMs <= endedMs).length / expected,
    worst: Math.max(...percentilesByWindow({ ...result, arrivals: healthy }, WINDOW_MS)),
  };
}

function print(rounds: Figures[][]): Bar[] {
  const [baseline] = rounds as [Figures[]];
  const bars: Bar[] = [];
  const rows = rounds.map((figures, index) => {
    const { name, hanging } = PHASES[index]!;
    const middle = (key: keyof Figures): number => median(figures.map((one) => one[key]));
    const times = (key: keyof Figures): number => median(figures.map((one, round) => one[key] / baseline[round]![key]));
    const ratio = (key: keyof Figures): string => times(key).toFixed(2);
    const medians = {
      p50: middle('p50'),
      p99: middle('p99'),
      throughput: middle('throughput'),
      worst: middle('worst'),
    };
    if (hanging > 0)
      bars.push(
        atMost(`${name}: p99`, times('p99'), MOST.times, ' ×', 2),
        atMost(`${name}: p99`, medians.p99, MOST.p99, ' ms'),
        atMost(`${name}: worst 5 s`, times('worst'), MOST.worstTimes, ' ×', 2),
        atMost(`${name}: missing of the throughput`, 1 - times('throughput'), MOST_MISSING, '', 2),
      );
    return [name, ...figuresOf(medians), ratio('p99'), ratio('throughput'), ratio('worst')];
  });
  console.log();
  printTable(
    ['', 'p50, ms', 'p99, ms', 'in time', 'worst 5 s, ms', 'p99 ratio', 'throughput ratio', 'worst ratio'],
    rows,
  );
  return bars;
}

function figuresOf({ p50, p99, throughput, worst }: Figures): string[] {
  return [p50.toFixed(0), p99.toFixed(0), `${(100 * throughput).toFixed(1)} %`, worst.toFixed(0)];
}
