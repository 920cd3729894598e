import { printTable } from '../support/report.ts';
import { atMost, exactly, type Bar } from './bar.ts';
import { percentile, percentilesByWindow, type PhaseResult } from './phase.ts';
import type { Bench } from './platform.ts';

const WINDOW_MS = 5000;
const PATIENCE_MS = 60_000;

/** The others' bar, where there is one: their 99th percentile, in times of what it is beside the same load without the trouble. */
const MOST_TIMES = 2;

/** How customers that are well were served. */
export interface Figures {
  p50: number;
  p99: number;
  /** Of the 5-second windows the worst 99th percentile. */
  worst: number;
  /** Share of the deliveries to the others that came at all. */
  came: number;
  refused: number;
  cut: number;
}

/** Gives them events at a steady pace for so long, whatever else happens. */
export async function measure(
  { run }: Pick<Bench, 'run'>,
  accounts: string[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Figures> {
  const posts = Math.round(perSecond * seconds);
  const result = await run({
    accounts,
    posts,
    perSecond,
    hanging: [],
    expected: posts,
    // A burst beside has arrivals of its own.
    awaited: accounts.map((account) => `/${account}`),
    patienceMs: PATIENCE_MS,
  });
  return figures(result, accounts, posts);
}

function figures(result: PhaseResult, accounts: readonly string[], posts: number): Figures {
  const paths = new Set(accounts.map((account) => `/${account}`));
  const arrivals = result.arrivals.filter(({ path }) => paths.has(path));
  const ages = arrivals.map(({ ageMs }) => ageMs);
  return {
    p50: percentile(ages, 0.5),
    p99: percentile(ages, 0.99),
    worst: Math.max(...percentilesByWindow({ ...result, arrivals }, WINDOW_MS)),
    came: arrivals.length / posts,
    refused: result.refused,
    cut: result.cut,
  };
}

/** For a table or a line. */
export function figuresOf({ p50, p99, worst, came, refused, cut }: Figures): string[] {
  return [
    p50.toFixed(0),
    p99.toFixed(0),
    worst.toFixed(0),
    `${(100 * came).toFixed(1)} %`,
    String(refused),
    String(cut),
  ];
}

/** @param phases each with the one that it is compared with: itself, if with none. */
export function printOthers(phases: readonly (readonly [name: string, figures: Figures, before: Figures])[]): void {
  printTable(
    ['the others', 'p50, ms', 'p99, ms', 'worst 5 s, ms', 'came', '5xx', 'no answer', 'p99 ratio', 'worst ratio'],
    phases.map(([name, figures, before]) => [
      name,
      ...figuresOf(figures),
      ...(figures === before
        ? ['', '']
        : [(figures.p99 / before.p99).toFixed(2), (figures.worst / before.worst).toFixed(2)]),
    ]),
  );
}

/** @param without beside the same load, without the trouble. */
export function barsOf(without: Figures, beside: Figures): Bar[] {
  return [
    atMost("the others' p99", beside.p99 / without.p99, MOST_TIMES, ' ×', 2),
    exactly("the others' 5xx", beside.refused, 0),
    { what: "the others' that came", ...share(beside.came) },
  ];
}

function share(of: number): Omit<Bar, 'what'> {
  return { measured: `${(100 * of).toFixed(1)} %`, bar: '100 %', met: of >= 1 };
}
