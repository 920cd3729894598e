import { ID_PATTERN } from '../../domain/event.ts';
import type { HeldDelivery } from '../../stores/held.ts';

/** What one page of a feed gave out: which copies of which deliveries, and when. */
export interface GivenOut {
  /** Milliseconds. */
  atMs: number;
  /** In event order. */
  deliveries: Pick<HeldDelivery, 'event_id' | 'held_ms'>[];
}

/** Deliveries of one page at most. */
export const MOST_IN_PAGE = 100;
/** Characters of the text that names a page, at most: 100 ids and times, in base64. */
export const LONGEST_PAGE = 12_000;

/**
 * The text by which a reader says which page it acknowledges. It is not sealed: whoever makes one up acknowledges, with a key
 * that may do so, what it has not read.
 */
export function writePage({ atMs, deliveries }: GivenOut): string {
  const text = JSON.stringify([atMs, ...deliveries.map(({ event_id, held_ms }) => [event_id, held_ms])]);
  return Buffer.from(text).toString('base64url');
}

/** @returns undefined for what no page ever said. */
export function readPage(text: string): GivenOut | undefined {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(given) || given.length < 2 || given.length > MOST_IN_PAGE + 1) return undefined;
  const [atMs, ...pairs] = given as unknown[];
  const deliveries = pairs.flatMap((pair) => {
    const [event_id, held_ms] = Array.isArray(pair) ? (pair as unknown[]) : [];
    const isOne = typeof event_id === 'string' && ID_PATTERN.test(event_id) && isTime(held_ms);
    return isOne ? [{ event_id, held_ms }] : [];
  });
  return isTime(atMs) && deliveries.length === pairs.length ? { atMs, deliveries } : undefined;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 48;
}
