import type { Subscription, SubscriptionChange } from '../../api/types.ts';
import { isDefault } from './form-fields.ts';

/** Members that PATCH can remove again with null; of the others the value itself is given back. */
const REMOVABLE = new Set([
  'success',
  'description',
  'account',
  'filter',
  'signature_header',
  'headers',
  'timeout_seconds',
  'heal_hours',
  'rate_per_second',
  'signing',
  'auth',
]);

/** A change that is to be taken back. */
export interface Done {
  before: Subscription;
  change: SubscriptionChange;
  /** The subscription as the change left it. */
  after: Subscription;
}

/** Whether a change can be taken back: credentials that were there before are shown to nobody, so nobody can send them again. */
export function mayReverse({ before, change }: Pick<Done, 'before' | 'change'>): boolean {
  return change.auth === undefined || before.auth === undefined;
}

/**
 * The change that brings back what was there before.
 * @param now the subscription as it is: what somebody has changed since stays as it is, and stands in `kept`.
 */
export function reverse(
  { before, change, after }: Done,
  now: Subscription,
): { back: SubscriptionChange; kept: string[] } {
  const names = Object.keys(change) as (keyof SubscriptionChange)[];
  const kept = names.filter((name) => textOf(now[name]) !== textOf(after[name]));
  const wasNotGiven = (name: keyof SubscriptionChange): boolean =>
    before[name] === undefined || isDefault(before, name);
  const entries = names
    .filter((name) => !kept.includes(name))
    .map((name) => [name, wasNotGiven(name) && REMOVABLE.has(name) ? null : before[name]] as const);
  return { back: Object.fromEntries(entries.filter(([, value]) => value !== undefined)), kept };
}

/** The order of headers means nothing, and the table does not keep it. */
function textOf(value: unknown): string {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return JSON.stringify(isMap ? Object.entries(value).sort() : value) ?? '';
}
