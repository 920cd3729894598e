import type { Delivery } from '../../api/types.ts';

const COLUMNS = [
  'accepted_at',
  'organization',
  'account',
  'type',
  'resource_id',
  'event_id',
  'subscription_id',
  'url',
  'outcome',
  'attempt',
  'status',
  'reason',
  'last_attempted_at',
  'next_attempt_at',
] as const satisfies readonly (keyof Delivery)[];

/** What a spreadsheet would take for the beginning of a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Deliveries as CSV (RFC 4180) with a line of headings. A text that a spreadsheet would compute begins with an apostrophe. */
export function toCsv(deliveries: readonly Delivery[]): string {
  const lines = deliveries.map((delivery) => COLUMNS.map((name) => cellOf(delivery[name])).join(','));
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function cellOf(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
