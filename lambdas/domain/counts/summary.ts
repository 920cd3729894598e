import { DELIVERY_OUTCOMES, NAMES, STATUS_CLASSES, TRY_OUTCOMES, type Counted, type Counts } from './counts.ts';
import { percentile } from './histogram.ts';

/** Counts as people and programs read them. */
export interface Summary {
  /** Deliveries by how they ended, and how often one was put aside (`held`). */
  deliveries: Record<(typeof DELIVERY_OUTCOMES)[number], number>;
  /** Requests to customers, and what used up a try without one. */
  tries: {
    total: number;
    outcomes: Record<(typeof TRY_OUTCOMES)[number], number>;
    statuses: Record<(typeof STATUS_CLASSES)[number], number>;
  };
  /** Lines of the log that say that nothing was tried, for a reason of the platform's own. */
  not_tried: number;
  /** Of tries; null: there were none. */
  duration_ms: { p50: number; p95: number; p99: number } | null;
  /** From acceptance to delivery; null: nothing was delivered. */
  lateness_ms: { p50: number; p95: number; max: number } | null;
  /** Of request bodies. */
  bytes: number;
}

/** Says what counts mean. */
export function summarize({ counts, longestMs }: Counted): Summary {
  const numbers = <K extends string>(names: readonly K[], nameOf: (name: K) => string): Record<K, number> =>
    Object.fromEntries(names.map((name) => [name, counts[nameOf(name)] ?? 0])) as Record<K, number>;
  const outcomes = numbers(TRY_OUTCOMES, NAMES.try);
  const durations = bucketsOf(counts, 'm');
  const lateness = bucketsOf(counts, 'l');
  const p = (buckets: Map<number, number>, part: number): number => percentile(buckets, part)!;
  // The middle of the last bucket may lie beyond the longest of all.
  const late = (part: number): number => Math.min(p(lateness, part), longestMs!);
  return {
    deliveries: numbers(DELIVERY_OUTCOMES, NAMES.delivery),
    tries: {
      total: Object.values(outcomes).reduce((sum, n) => sum + n, 0),
      outcomes,
      statuses: numbers(STATUS_CLASSES, NAMES.status),
    },
    not_tried: counts[NAMES.notTried] ?? 0,
    duration_ms:
      durations.size === 0 ? null : { p50: p(durations, 0.5), p95: p(durations, 0.95), p99: p(durations, 0.99) },
    lateness_ms: lateness.size === 0 ? null : { p50: late(0.5), p95: late(0.95), max: longestMs! },
    bytes: counts[NAMES.bytes] ?? 0,
  };
}

function bucketsOf(counts: Counts, letter: 'm' | 'l'): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const [name, n] of Object.entries(counts)) {
    if (name.startsWith(letter) && /^\d+$/.test(name.slice(1))) buckets.set(Number(name.slice(1)), n);
  }
  return buckets;
}
