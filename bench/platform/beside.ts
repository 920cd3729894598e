import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { printBars, type Bar } from './bar.ts';
import { barsOf, figuresOf, measure, printOthers, type Figures } from './others.ts';
import type { Manner } from './phase.ts';
import { ORGANIZATION, printLoad, startBench, type Bench } from './platform.ts';

// What the bars of an endpoint's life have in common: customers that are well get events at a steady pace, once while nothing
// else happens and once beside somebody's trouble, in one run of one platform on one machine. What counts are the ratios.

/** Endpoints that are well. */
const OTHERS = 20;
const OTHERS_TIMEOUT_SECONDS = 10;
/** For processes to start and code to be compiled. */
const WARM_SECONDS = 5;
/** For queues to become empty after a burst; a machine as slow as AWS takes a minute for a thousand deliveries. */
const EMPTY_MS = 300_000;

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

/** A queue, as the status tells of it. */
interface Depth {
  name: string;
  waiting: number;
  in_flight: number;
  delayed: number;
}

/** A platform with customers that are well. */
export interface Stage extends Bench {
  form: Form;
  /** Says what an endpoint `/<name>` does, and subscribes it. @returns the subscription's id. */
  troubled(name: string, manner: Manner, timeoutSeconds?: number, organization?: string): Promise<string>;
  /** Outcomes of all attempts at a subscription, newest first. */
  outcomes(subscription: string): Promise<Map<string, string>>;
  /** Messages of both lanes that some sender has, or that wait there for a retry. */
  inFlight(): Promise<number>;
  /** Waits until the queues of the pipeline hold nothing. */
  untilEmpty(): Promise<void>;
}

/** What happens while the others are measured. */
interface Trouble {
  /**
   * The same load without the trouble, which has a phase of its own: what it costs the others is not the trouble's. It is also
   * what warms up before anything counts. @default nothing
   */
  without?: (stage: Stage) => Promise<unknown>;
  /** @returns the trouble's own bars. */
  with: (stage: Stage) => Promise<Bar[]>;
}

/**
 * Runs a bar: others that are well are measured while nothing else happens, beside the same load without the trouble, and
 * beside the trouble.
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
    const beside = async <T>(load: () => Promise<T>, seconds = form.seconds): Promise<[Figures, T]> => {
      const both = await Promise.all([measure(stage, accounts, { ...form, seconds }), load()]);
      printLoad(figuresOf(both[0]).join(' '));
      return both;
    };
    const { without } = trouble;
    const sameLoad = async (): Promise<unknown> => without?.(stage);
    await beside(sameLoad, WARM_SECONDS);
    await stage.untilEmpty();
    const [quiet] = await beside(() => Promise.resolve());
    const [same] = without ? await beside(sameLoad) : [quiet];
    await stage.untilEmpty();
    await bench.behave(manners);
    const [troubled, own] = await beside(() => trouble.with(stage));
    console.log();
    printOthers([
      ['nothing else', quiet, quiet],
      ...(without ? [['the same load, no trouble', same, quiet] as const] : []),
      [`beside ${name}`, troubled, same],
    ]);
    const bars = [...own, ...(others ? barsOf(same, troubled) : [])];
    printBars(name, bars);
    return bars;
  } finally {
    await bench.close();
  }
}

function stageOf(bench: Bench, form: Form, manners: Record<string, Manner>): Stage {
  /** None: they could not be read. */
  const queues = async (): Promise<Depth[]> => {
    const { body } = await bench.posthorn.call<{ queues: Depth[] | null }>('GET', '/v1/status');
    return (body.queues ?? []).filter(({ name }) => name === 'events' || name.startsWith('deliveries'));
  };
  return {
    ...bench,
    form,
    troubled: (name, manner, timeoutSeconds = 10, organization = ORGANIZATION) => {
      manners[`/${name}`] = manner;
      return bench.subscribe(name, timeoutSeconds, { organization });
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
      const lanes = (await queues()).filter(({ name }) => name.startsWith('deliveries'));
      return lanes.reduce((sum, { in_flight }) => sum + in_flight, 0);
    },
    async untilEmpty() {
      const isEmpty = async (): Promise<boolean> => {
        const depths = await queues();
        return (
          depths.length > 0 && depths.every(({ waiting, in_flight, delayed }) => waiting + in_flight + delayed === 0)
        );
      };
      if ((await until(isEmpty, EMPTY_MS)) === undefined)
        throw new Error(
          `Expected empty queues ${EMPTY_MS / 1000} s after a burst, got ${JSON.stringify(await queues())}.`,
        );
    },
  };
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
