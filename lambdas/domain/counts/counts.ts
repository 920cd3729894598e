import { isHealTry, withoutOwnLag, type Attempt, type Outcome } from '../delivery/attempt.ts';
import { eventIdMs } from '../ulid-time.ts';
import { bucketOf } from './histogram.ts';

/**
 * What is counted of some lines of the delivery log: numbers by name, which add up. The names are attributes of a row, so
 * they are short; {@link summarize} says what they mean.
 */
export type Counts = Record<string, number>;

/** Numbers of some lines, and the longest of their waits. */
export interface Counted {
  counts: Counts;
  /** From acceptance to delivery, milliseconds; undefined: none of them was delivered. */
  longestMs?: number | undefined;
}

/** What counting needs of a line of the delivery log. */
export type CountedLine = Pick<
  Attempt,
  | 'event_id'
  | 'attempted_ms'
  | 'outcome'
  | 'fault'
  | 'status'
  | 'timings_ms'
  | 'request_bytes'
  | 'fetched_ms'
  | 'replay'
  | 'automatic'
>;

/** How a delivery may have ended, or was put aside. */
export const DELIVERY_OUTCOMES = [
  'delivered',
  'exhausted',
  'gone',
  'cancelled',
  'skipped',
  'held',
] as const satisfies Outcome[];
/** How a try may have ended; `held`: a probe that failed. */
export const TRY_OUTCOMES = ['delivered', 'failed', 'exhausted', 'gone', 'held'] as const satisfies Outcome[];
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'other', 'none'] as const;

/** Names of the counters. */
export const NAMES = {
  delivery: (outcome: (typeof DELIVERY_OUTCOMES)[number]): string => `d_${outcome}`,
  try: (outcome: (typeof TRY_OUTCOMES)[number]): string => `t_${outcome}`,
  status: (of: (typeof STATUS_CLASSES)[number]): string => `s_${of}`,
  notTried: 'not_tried',
  bytes: 'bytes',
  /** Duration of a try. */
  duration: (bucket: number): string => `m${bucket}`,
  /** From acceptance to delivery. */
  lateness: (bucket: number): string => `l${bucket}`,
};

/**
 * Counts one line.
 * - A line with a `fault` is the platform's and no try of the customer's; it ends the delivery only when that is given up.
 * - A try is a line that used one up, or a probe. Its delivery is counted with the line that ends it, once, however many
 *   tries it took; and each time that it is put aside (`held`).
 * - What was fetched is no try: nobody was called. It is late by when it was acknowledged.
 * - What a person asked to have sent again says nothing about lateness. What the platform tries again by itself, because it
 *   was exhausted, is late; a failure of it ends nothing that had not ended.
 */
export function countLine(line: CountedLine): Counted {
  const { outcome, fault, timings_ms: timings } = line;
  const counts: Counts = {};
  const add = (name: string, n = 1): void => void (counts[name] = (counts[name] ?? 0) + n);
  if (fault !== undefined) {
    add(NAMES.notTried);
    if (outcome === 'exhausted') add(NAMES.delivery(outcome));
    return { counts };
  }
  const isProbe = outcome === 'held' && timings !== undefined;
  const endedBefore = isHealTry(line) && outcome === 'exhausted';
  if (outcome !== 'failed' && !isProbe && !endedBefore) add(NAMES.delivery(outcome));
  if (outcome === 'cancelled' || outcome === 'skipped' || (outcome === 'held' && !isProbe)) return { counts };
  if (line.fetched_ms === undefined) {
    add(NAMES.try(outcome));
    add(NAMES.status(statusClass(line.status)));
  }
  if (timings) add(NAMES.duration(bucketOf(withoutOwnLag(timings))));
  if (line.request_bytes) add(NAMES.bytes, line.request_bytes);
  const longestMs = outcome === 'delivered' && wasNotAskedFor(line) ? latenessOf(line) : undefined;
  if (longestMs !== undefined) add(NAMES.lateness(bucketOf(longestMs)));
  return { counts, longestMs };
}

function wasNotAskedFor({ replay, automatic }: CountedLine): boolean {
  return replay === undefined || automatic !== undefined;
}

function statusClass(status: number | undefined): (typeof STATUS_CLASSES)[number] {
  if (status === undefined) return 'none';
  return STATUS_CLASSES.find((one) => one === `${Math.floor(status / 100)}xx`) ?? 'other';
}

/** From the time inside the event's id to the end of the try, milliseconds; undefined when the id holds no time. */
function latenessOf({ event_id, attempted_ms, timings_ms }: CountedLine): number | undefined {
  const acceptedMs = eventIdMs(event_id);
  if (acceptedMs === undefined) return undefined;
  // Clocks of two machines may differ.
  return Math.max(0, Math.round(attempted_ms + (timings_ms?.total ?? 0) - acceptedMs));
}

/** Numbers of all of them together. */
export function sumOf(all: Iterable<Counted>): Counted {
  const sum: Counts = {};
  let longest: number | undefined;
  for (const { counts, longestMs } of all) {
    for (const [name, n] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + n;
    if (longestMs !== undefined) longest = Math.max(longest ?? 0, longestMs);
  }
  return { counts: sum, longestMs: longest };
}
