import type { ProblemDetail } from '../problem.ts';
import type { SubscriptionRow } from './subscription.ts';

/**
 * Bytes of a row, at most. fan-out reads all rows of an organization for each batch of its events, so what makes one fat slows
 * everybody who is in the same batch. Headers, URL, filter and description at their own limits fit together.
 */
export const ROW_BYTES_LIMIT = 16_384;

/** What the platform adds by itself is not its customer's to shorten. */
const OWN = new Set(['problem', 'changed_by']);
/** Attributes that somebody may make long. The others are words, times and numbers. */
const LONG = new Set(['url', 'account', 'events', 'filter', 'description', 'headers', 'signature_header', 'auth']);

/**
 * @param before as it was: one that a person has typed too large may be changed, but not grow.
 * @returns what is wrong with a row that is too large, at its largest attribute; undefined: nothing is.
 */
export function tooLargeRow(row: SubscriptionRow, before: SubscriptionRow = {}): ProblemDetail | undefined {
  const bytes = bytesOf(row, (name) => !OWN.has(name));
  if (bytes <= ROW_BYTES_LIMIT || longOf(row) <= longOf(before)) return undefined;
  const [largest = ''] = Object.keys(row).toSorted((a, b) => bytesOf(row, is(b)) - bytesOf(row, is(a)));
  return {
    pointer: `/${largest}`,
    detail: `expected a subscription of at most ${ROW_BYTES_LIMIT} bytes in all, got ${bytes}; shorten this, its largest part`,
  };
}

function longOf(row: SubscriptionRow): number {
  return bytesOf(row, (name) => LONG.has(name));
}

/** About as DynamoDB counts them. */
function bytesOf(row: SubscriptionRow, counts: (name: string) => boolean): number {
  return Object.entries(row)
    .filter(([name, value]) => value !== undefined && counts(name))
    .reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(JSON.stringify(value) ?? ''), 0);
}

function is(wanted: string): (name: string) => boolean {
  return (name) => name === wanted && LONG.has(name);
}
