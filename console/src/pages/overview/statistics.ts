import type { Attempt } from '../../api/types.ts';

/** Columns of the charts. */
const BUCKETS = 24;
/** Attempts that an endpoint answered for, well or badly. */
const SENT = new Set(['delivered', 'failed', 'exhausted', 'gone']);

/** What one column of the charts stands for. */
export interface Bucket {
  start: Date;
  delivered: number;
  /** Tries that did not succeed. */
  failed: number;
  /** Tries beyond the first. */
  retries: number;
  held: number;
  p50?: number;
  p95?: number;
}

export interface Statistics {
  /** Tries that were sent. */
  sent: number;
  /** 0 to 1; undefined without any. */
  successRate?: number;
  p50?: number;
  p95?: number;
  p99?: number;
  retries: number;
  held: number;
  buckets: Bucket[];
}

/** Numbers of some attempts between two times, milliseconds. */
export function statisticsOf(attempts: readonly Attempt[], sinceMs: number, untilMs: number): Statistics {
  const width = Math.max(1, (untilMs - sinceMs) / BUCKETS);
  const sent = attempts.filter(({ outcome }) => SENT.has(outcome));
  const inBucket = (i: number) => (attempt: Attempt) =>
    Math.min(BUCKETS - 1, Math.floor((Date.parse(attempt.attempted_at) - sinceMs) / width)) === i;
  return {
    sent: sent.length,
    ...(sent.length > 0 ? { successRate: count(sent, 'delivered') / sent.length } : {}),
    ...percentiles(sent),
    retries: sent.filter(({ attempt }) => attempt > 1).length,
    held: count(attempts, 'held'),
    buckets: Array.from({ length: BUCKETS }, (_, i) => {
      const here = attempts.filter(inBucket(i));
      const sentHere = here.filter(({ outcome }) => SENT.has(outcome));
      const delivered = count(here, 'delivered');
      return {
        start: new Date(sinceMs + i * width),
        delivered,
        failed: sentHere.length - delivered,
        retries: sentHere.filter(({ attempt }) => attempt > 1).length,
        held: count(here, 'held'),
        ...percentiles(sentHere),
      };
    }),
  };
}

function count(attempts: readonly Attempt[], outcome: Attempt['outcome']): number {
  return attempts.filter((attempt) => attempt.outcome === outcome).length;
}

/** Nearest-rank percentiles of the whole duration, milliseconds. */
function percentiles(attempts: readonly Attempt[]): { p50?: number; p95?: number; p99?: number } {
  const sorted = attempts.flatMap(({ timings_ms }) => timings_ms?.total ?? []).sort((a, b) => a - b);
  if (sorted.length === 0) return {};
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
