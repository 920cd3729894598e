import { defaultsOf, readSubscription, type SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import { readMark, viewMark } from '../../domain/subscription/auth.ts';
import { maskHeaders } from '../../domain/subscription/custom-headers.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { TargetKey } from '../../stores/delivery-targets.ts';

/** Attributes of a row that answers show; others are somebody's notes in the table. */
const SHOWN = [
  'organization',
  'id',
  'url',
  'delivery',
  'active',
  'paused',
  'events',
  'format',
  'success',
  'timeout_seconds',
  'heal_hours',
  'rate_per_second',
  'description',
  'account',
  'filter',
  'signing',
  'signature_header',
  'headers',
  'auth',
  'created_at',
  'updated_at',
  'inactive_since',
  'missed_since',
  'missed_until',
  'problem',
] as const;

/** Which endpoint a row is about, whoever typed it. */
export function targetOf(row: SubscriptionRow): TargetKey {
  return { organization: String(row.organization), subscription: String(row.id) };
}

/**
 * A row as answers show it: as understood, with its defaults, or, when it cannot be understood, what it holds and why
 * not in `problem`.
 */
export function viewSubscription(row: SubscriptionRow, rules: SubscriptionRules): Record<string, unknown> {
  const read = readSubscription(row, rules);
  const source: Record<string, unknown> = read.ok
    ? { ...read.subscription, ...(typeof row.problem === 'string' ? { problem: row.problem } : {}) }
    : { ...row, problem: read.problem };
  const mark = readMark(row.auth);
  source.signing ??= 'v1';
  source.delivery ??= 'push';
  source.headers = maskHeaders(source.headers);
  source.auth = mark && 'mark' in mark ? viewMark(mark.mark) : undefined;
  const entries = SHOWN.map((name) => [name, plain(source[name])] as const);
  return { ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)), defaults: defaultsOf(row) };
}

/** String sets become lists; what JSON cannot say becomes text. */
function plain(value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return '(binary)';
  return value;
}
