import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session.tsx';
import { bodyOf } from './client.ts';

/** The event types and formats; they change with a deployment only. */
export function useCatalogue() {
  const { client } = useSession();
  return useQuery({
    queryKey: ['/v1/event-types'],
    queryFn: () => bodyOf(client.GET('/v1/event-types')),
    staleTime: Infinity,
  });
}
