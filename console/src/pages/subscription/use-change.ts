import { useQueryClient } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import type { Changed, Subscription, SubscriptionChange } from '../../api/types.ts';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { mayReverse, reverse, type Done } from './reverse.ts';

/**
 * Changes a subscription and offers to take it back, where that is possible.
 * @returns a function that gives the subscription afterwards, and throws what the API says against it.
 */
export function useChange(): (before: Subscription, change: SubscriptionChange, told: string) => Promise<Changed> {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  const patch = async (id: string, body: SubscriptionChange): Promise<Changed> => {
    const after = await bodyOf(client.PATCH('/v1/subscriptions/{id}', { params: { path: { id } }, body }));
    await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
    return after;
  };
  const takeBack = async (id: string, done: Done): Promise<void> => {
    const now = await queries.fetchQuery({ ...subscriptionQuery(client, id), staleTime: 0 });
    const { back, kept } = reverse(done, now);
    if (Object.keys(back).length > 0) await patch(id, back);
    if (kept.length > 0) {
      notify({ type: 'info', text: `Somebody has changed ${kept.join(', ')} since; that was not undone.` });
    }
  };
  return async (before, change, told) => {
    const done = { before, change, after: await patch(before.id, change) };
    notify({
      type: 'success',
      text: told,
      ...(mayReverse(done) && { undo: () => takeBack(before.id, done) }),
    });
    return done.after;
  };
}
