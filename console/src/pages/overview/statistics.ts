import type { Statistics } from '../../api/types.ts';

type Summary = Statistics['total'];

/** What one column of the charts stands for. */
export interface Bucket {
  start: Date;
  /** Tries that succeeded, and that did not. */
  succeeded: number;
  failed: number;
  /** Milliseconds; undefined: nothing happened. */
  p50?: number | undefined;
  p95?: number | undefined;
  late50?: number | undefined;
  late95?: number | undefined;
}

/** Numbers of some time. */
export interface Numbers {
  /** Deliveries that came to an end, and the share that was delivered, 0 to 1; undefined: none ended. */
  ended: number;
  deliveredShare?: number | undefined;
  tries: number;
  /** Share of tries that succeeded, 0 to 1; undefined: there were none. */
  succeededShare?: number | undefined;
  /** How often a delivery was put aside. */
  held: number;
  duration: Summary['duration_ms'];
  lateness: Summary['lateness_ms'];
}

/** Lengths of the steps, milliseconds. */
const STEP_MS = { hour: 3_600_000, day: 86_400_000 };

export function numbersOf({ deliveries, tries, duration_ms, lateness_ms }: Summary): Numbers {
  const { held, cancelled: _cancelled, skipped: _skipped, ...ends } = deliveries;
  // What was not for the endpoint to decide says nothing about it.
  const ended = ends.delivered + ends.exhausted + ends.gone;
  return {
    ended,
    deliveredShare: shareOf(ends.delivered, ended),
    tries: tries.total,
    succeededShare: shareOf(tries.outcomes.delivered, tries.total),
    held,
    duration: duration_ms,
    lateness: lateness_ms,
  };
}

/** A column for each step, also for those in which nothing happened. */
export function bucketsOf({ since, until, step, data }: Statistics): Bucket[] {
  const known = new Map(data.map((summary) => [Date.parse(summary.from), summary]));
  const buckets: Bucket[] = [];
  for (let at = Date.parse(since); at < Date.parse(until); at += STEP_MS[step]) {
    const summary = known.get(at);
    const succeeded = summary?.tries.outcomes.delivered ?? 0;
    buckets.push({
      start: new Date(at),
      succeeded,
      failed: (summary?.tries.total ?? 0) - succeeded,
      p50: summary?.duration_ms?.p50,
      p95: summary?.duration_ms?.p95,
      late50: summary?.lateness_ms?.p50,
      late95: summary?.lateness_ms?.p95,
    });
  }
  return buckets;
}

/** `99.9 %`, rounded down: what failed once is never 100 %. */
export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
