import { createHash } from 'node:crypto';

/**
 * A partition takes 1,000 writes a second, and the whole API accepts as many requests (`POSTHORN_THROTTLE_RATE`), each of
 * which may leave a record. In one partition a month a loop of one caller, looking at a secret again and again, would
 * have everybody else's record refused, and with it what everybody else is about to do. Over eight, all requests of a
 * second together leave 125 writes in each.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const PARTITIONS = 8;
export const DAY_MS = 86_400_000;

/** The partition of a record: its month and a number which its id gives, so that who knows the id finds the record. */
export function partitionOf(id: string, ms: number): string {
  const hash = createHash('sha256').update(id).digest();
  return spread(monthOf(ms), hash[0]! % PARTITIONS);
}

/** Where the records of a month were kept before they were spread; they stay there for as long as they are kept. */
export function unspreadPartitionOf(ms: number): string {
  return monthOf(ms);
}

/** Everywhere that records of a month may be. */
export function partitionsOf(month: string): string[] {
  return [month, ...Array.from({ length: PARTITIONS }, (_, number) => spread(month, number))];
}

/** `YYYY-MM`, UTC. */
export function monthOf(ms: number): string {
  return new Date(Math.max(ms, 0)).toISOString().slice(0, 7);
}

export function monthBefore(month: string): string {
  return monthOf(Date.parse(`${month}-01T00:00:00Z`) - DAY_MS);
}

function spread(month: string, number: number): string {
  return `${month}#${number}`;
}
