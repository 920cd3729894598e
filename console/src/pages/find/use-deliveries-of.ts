import { useQueries } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { organizationsQuery } from '../../ui/organization-filter.tsx';
import type { Wanted } from './wanted.ts';

/** Organizations whose names hold what was typed, that are looked into. */
const NAMED = 20;
const LIMIT = '50';

/** Deliveries of what may be a resource's id: of every organization, or of those whose name was typed beside it. */
export function useDeliveriesOf(resources: Wanted['resources']) {
  const { client, isStaff } = useSession();
  const owners = useQueries({
    queries: resources.map(({ of = '' }) => ({
      ...organizationsQuery(client, of, NAMED),
      // A customer has one, and of a number alone nobody knows whose it is.
      enabled: isStaff && of !== '',
    })),
  });
  const asked = resources.flatMap(({ id, of }, at) => {
    if (!isStaff || of === undefined) return [{ id }];
    return (owners[at]?.data?.data ?? []).map(({ organization }) => ({ id, organization }));
  });
  const answers = useQueries({
    queries: asked.map((which: { id: string; organization?: string }) => ({
      queryKey: ['/v1/deliveries', 'of', which],
      queryFn: () => {
        const query = { organization: which.organization, resource_id: which.id, limit: LIMIT };
        return bodyOf(client.GET('/v1/deliveries', { params: { query } }));
      },
    })),
  });
  const rows = answers.flatMap(({ data }) => data?.data ?? []);
  rows.sort((a, b) => b.accepted_at.localeCompare(a.accepted_at));
  const isMore = answers.some(({ data }) => data?.next_cursor);
  return {
    rows,
    isMore,
    isLoading: [...owners, ...answers].some(({ isLoading }) => isLoading),
    error: [...owners, ...answers].find(({ error }) => error)?.error,
    note:
      isMore && isStaff
        ? 'There are more with this number. Type a part of the organization’s name before it, such as “south clinic 28540”.'
        : undefined,
  };
}
