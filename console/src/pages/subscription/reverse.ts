import type { Subscription, SubscriptionChange } from '../../api/types.ts';

/** Members that PATCH can remove again with null; the others always have a value. */
const REMOVABLE = new Set(['success', 'description', 'account', 'signature_header', 'headers', 'timeout_seconds']);

/** The change that brings back what was there before. */
export function reverse(before: Subscription, change: SubscriptionChange): SubscriptionChange {
  const entries = Object.keys(change).map((name) => {
    const value = before[name as keyof Subscription];
    return [name, value === undefined && REMOVABLE.has(name) ? null : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
