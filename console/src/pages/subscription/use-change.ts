import { useQueryClient } from '@tanstack/react-query';
import type { Subscription, SubscriptionChange } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { reverse } from './reverse.ts';

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
