import { queryOptions } from '@tanstack/react-query';
import { bodyOf, type Client } from '../../api/client.ts';

/**
 * How signing secrets are asked for. Each read stands in the audit trail as a look of this person, so nothing but a person
 * causes one: no focus of the window, and no change of something else. A rotation asks for them anew.
 */
export function secretQuery(client: Client, id: string) {
  return queryOptions({
    // Not below '/v1/subscriptions', which many a change has read again.
    queryKey: ['secret', id],
    queryFn: () => bodyOf(client.GET('/v1/subscriptions/{id}/secret', { params: { path: { id } } })),
    staleTime: Infinity,
    // A secret stays in memory only while it is on the screen.
    gcTime: 0,
  });
}
