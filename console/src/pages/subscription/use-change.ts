import { useQueryClient } from '@tanstack/react-query';
import type { Subscription, SubscriptionChange } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useNotify } from '../../ui/notices.tsx';

/** Members that PATCH can remove again with null; the others always have a value. */
const REMOVABLE = new Set(['success', 'description', 'account', 'signature_header', 'headers', 'timeout_seconds']);

/**
 * Changes a subscription and offers to take it back.
 * @returns a function that throws what the API says against it.
 */
export function useChange(): (before: Subscription, change: SubscriptionChange, told: string) => Promise<void> {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  return async (before, change, told) => {
    const patch = async (body: SubscriptionChange): Promise<void> => {
      await client.send('PATCH', `/v1/subscriptions/${before.id}`, body);
      await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
    };
    await patch(change);
    notify({ type: 'success', text: told, undo: () => patch(reverse(before, change)) });
  };
}

/** The change that brings back what was there before. */
export function reverse(before: Subscription, change: SubscriptionChange): SubscriptionChange {
  const entries = Object.keys(change).map((name) => {
    const value = before[name as keyof Subscription];
    return [name, value === undefined && REMOVABLE.has(name) ? null : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
