import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSession } from '../session.tsx';
import { bodyOf, type Client } from './client.ts';

/** How one subscription is asked for; every page that shows it shares the answer. */
export function subscriptionQuery(client: Client, id: string) {
  return queryOptions({
    queryKey: ['/v1/subscriptions', id],
    queryFn: () => bodyOf(client.GET('/v1/subscriptions/{id}', { params: { path: { id } } })),
  });
}

/** One subscription. @param refreshMs how often it is read again. */
export function useSubscription(id: string, refreshMs?: number) {
  const { client } = useSession();
  return useQuery({ ...subscriptionQuery(client, id), refetchInterval: refreshMs ?? false });
}
