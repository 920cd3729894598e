import { queryOptions } from '@tanstack/react-query';
import { bodyOf, type Client } from './client.ts';

/** How one call is asked for; every page that shows it shares the answer. */
export function attemptQuery(client: Client, id: string) {
  return queryOptions({
    queryKey: ['/v1/attempts', id],
    queryFn: () => bodyOf(client.GET('/v1/attempts/{id}', { params: { path: { id } } })),
    // What happened does not change.
    staleTime: Infinity,
  });
}
