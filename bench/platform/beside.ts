import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { printTable } from '../support/report.ts';
import { atMost, exactly, printBars, type Bar } from './bar.ts';
import { percentile, percentilesByWindow, type Manner, type PhaseResult } from './phase.ts';
import { printLoad, startBench, type Bench } from './platform.ts';

// What the bars of an endpoint's life have in common: customers that are well get events at a steady pace, once while nothing
// else happens and once beside somebody's trouble, in one run of one platform on one machine. What counts are the ratios.

/** Endpoints that are well. */
const OTHERS = 20;
const OTHERS_TIMEOUT_SECONDS = 10;
const WINDOW_MS = 5000;
const PATIENCE_MS = 60_000;

/** How long and how fast; `--short` is for a busy machine. */
export interface Form {
  short: boolean;
  /** Of events for those that are well. */
  perSecond: number;
  seconds: number;
}

/** Reads `--short`, `--seconds` and `--per-second`. */
export function formOf(words: readonly string[], full: Omit<Form, 'short'>, short: Omit<Form, 'short'>): Form {
  const { values } = parseArgs({
    args: [...words],
    options: { short: { type: 'boolean' }, seconds: { type: 'string' }, 'per-second': { type: 'string' } },
  });
  const form = values.short ? short : full;
  return {
    short: values.short ?? false,
    seconds: Number(values.seconds ?? form.seconds),
    perSecond: Number(values['per-second'] ?? form.perSecond),
  };
}

/** A page of the delivery log. */
interface Lines {
  data: { event_id: string; outcome: string }[];
  next_cursor: string | null;
}

/** A platform with customers that are well. */
export interface Stage extends Bench {
  form: Form;
  /** Says what an endpoint `/<name>` does, and subscribes it. @returns the subscription's id. */
  troubled(name: string, manner: Manner, timeoutSeconds?: number): Promise<string>;
  /** Outcomes of all attempts at a subscription, newest first. */
  outcomes(subscription: string): Promise<Map<string, string>>;
  /** Messages of both lanes that some sender has, or that wait there for a retry. */
  inFlight(): Promise<number>;
}

interface Figures {
  p50: number;
  p99: number;
  /** Of the 5-second windows the worst 99th percentile. */
  worst: number;
  /** Share of the deliveries to the others that came at all. */
  came: number;
  refused: number;
  cut: number;
}

/** What happens while the others are measured. */
interface Trouble {
  /** The same without the trouble, while they are measured for the first time: its load is not the trouble's. @default nothing */
  without?: (stage: Stage) => Promise<unknown>;
  /** @returns the trouble's own bars. */
  with: (stage: Stage) => Promise<Bar[]>;
}

/** The others' bar, where there is one: their 99th percentile, in times of what it is without the trouble. */
const MOST_TIMES = 2;

/**
 * Runs a bar: others that are well are measured beside the trouble and without it.
 * @param more `others`: theirs is a bar too. @returns all bars.
 */
export async function besideTrouble(
  name: string,
  { form, settings = {}, others = false }: { form: Form; settings?: Record<string, string>; others?: boolean },
  prepare: (stage: Stage) => Promise<Trouble>,
): Promise<Bar[]> {
  const bench = await startBench(settings);
  try {
    const manners: Record<string, Manner> = {};
    const stage = stageOf(bench, form, manners);
    const accounts = Array.from({ length: OTHERS }, (_, n) => `well_${n}`);
    for (const account of accounts) await bench.subscribe(account, OTHERS_TIMEOUT_SECONDS);
    const trouble = await prepare(stage);
    await measure(stage, accounts, 5);
    const [quiet] = await Promise.all([measure(stage, accounts, form.seconds), trouble.without?.(stage)]);
    printLoad(`without it: ${figuresOf(quiet).join(' ')}`);
    await bench.behave(manners);
    const [beside, own] = await Promise.all([measure(stage, accounts, form.seconds), trouble.with(stage)]);
    printLoad(`beside ${name}: ${figuresOf(beside).join(' ')}`);
    console.log();
    printTable(
      ['the others', 'p50, ms', 'p99, ms', 'worst 5 s, ms', 'came', '5xx', 'no answer', 'p99 ratio', 'worst ratio'],
      [
        ['without it', ...figuresOf(quiet), '', ''],
        [
          `beside ${name}`,
          ...figuresOf(beside),
          (beside.p99 / quiet.p99).toFixed(2),
          (beside.worst / quiet.worst).toFixed(2),
        ],
      ],
    );
    const bars = [...own, ...(others ? ofOthers(quiet, beside) : [])];
    printBars(name, bars);
    return bars;
  } finally {
    await bench.close();
  }
}

function ofOthers(quiet: Figures, beside: Figures): Bar[] {
  return [
    atMost("the others' p99", beside.p99 / quiet.p99, MOST_TIMES, ' ×', 2),
    exactly("the others' 5xx", beside.refused, 0),
    { what: "the others' that came", ...share(beside.came) },
  ];
}

function share(of: number): Omit<Bar, 'what'> {
  return { measured: `${(100 * of).toFixed(1)} %`, bar: '100 %', met: of >= 1 };
}

function stageOf(bench: Bench, form: Form, manners: Record<string, Manner>): Stage {
  return {
    ...bench,
    form,
    troubled: (name, manner, timeoutSeconds = 10) => {
      manners[`/${name}`] = manner;
      return bench.subscribe(name, timeoutSeconds);
    },
    async outcomes(subscription) {
      const outcomes = new Map<string, string>();
      for (let cursor: string | null = ''; cursor !== null;) {
        const path: string = `/v1/attempts?subscription=${subscription}&limit=100${cursor && `&cursor=${cursor}`}`;
        const { body } = await bench.posthorn.call<Lines>('GET', path);
        for (const { event_id, outcome } of body.data) if (!outcomes.has(event_id)) outcomes.set(event_id, outcome);
        cursor = body.next_cursor;
      }
      return outcomes;
    },
    async inFlight() {
      const { body } = await bench.posthorn.call<{ queues: { name: string; in_flight: number; delayed: number }[] }>(
        'GET',
        '/v1/status',
      );
      return body.queues
        .filter(({ name }) => name.startsWith('deliveries'))
        .reduce((sum, { in_flight }) => sum + in_flight, 0);
    },
  };
}

async function measure({ run, form }: Stage, accounts: string[], seconds: number): Promise<Figures> {
  const posts = Math.round(form.perSecond * seconds);
  const result = await run({
    accounts,
    posts,
    perSecond: form.perSecond,
    hanging: [],
    expected: posts,
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

function figuresOf({ p50, p99, worst, came, refused, cut }: Figures): string[] {
  return [
    p50.toFixed(0),
    p99.toFixed(0),
    worst.toFixed(0),
    `${(100 * came).toFixed(1)} %`,
    String(refused),
    String(cut),
  ];
}

/** Waits until something holds. @returns how long that took, milliseconds; undefined: it never did. */
export async function until(holds: () => Promise<boolean>, longestMs: number): Promise<number | undefined> {
  const startedMs = Date.now();
  while (Date.now() - startedMs < longestMs) {
    if (await holds()) return Date.now() - startedMs;
    await pause(500);
  }
  return undefined;
}

/** Milliseconds as seconds, for a table. */
export function inSeconds(ms: number | undefined): string {
  return ms === undefined ? 'not in time' : `${(ms / 1000).toFixed(1)} s`;
}
