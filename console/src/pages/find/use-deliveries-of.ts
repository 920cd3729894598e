import { useQueries } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { organizationsQuery } from '../../ui/organization-filter.tsx';
import type { Wanted } from './wanted.ts';

/** Organizations that are looked into, when nothing says whose a resource is: one small read each. */
const LOOKED_INTO = 100;
/** Organizations whose names hold what was typed, that are looked into. */
const NAMED = 20;
const LIMIT = '25';

/**
 * Deliveries of what may be a resource's id. A resource belongs to an organization: without its name, each that had an event
 * lately is asked.
 */
export function useDeliveriesOf(resources: Wanted['resources']) {
  const { client, isStaff, me } = useSession();
  const owners = useQueries({
    // Of one that nothing is said of, all are asked for.
    queries: resources.map(({ of = '' }) => ({
      ...organizationsQuery(client, of, of === '' ? LOOKED_INTO : NAMED),
      enabled: isStaff,
    })),
  });
  const asked = resources.flatMap(({ id }, at) => {
    if (!isStaff) return [{ id, organization: me.organization }];
    const found = (owners[at]?.data?.data ?? []).filter(({ events }) => events > 0);
    return found.map(({ organization }) => ({ id, organization }));
  });
  const isMany = resources.length === 1 && Boolean(owners[0]?.data?.next_cursor);
  const answers = useQueries({
    queries: asked.map(({ id, organization }) => ({
      queryKey: ['/v1/deliveries', 'of', organization, id],
      queryFn: () =>
        bodyOf(client.GET('/v1/deliveries', { params: { query: { organization, resource_id: id, limit: LIMIT } } })),
    })),
  });
  const rows = answers.flatMap(({ data }) => data?.data ?? []);
  rows.sort((a, b) => b.accepted_at.localeCompare(a.accepted_at));
  return {
    rows,
    isMore: answers.some(({ data }) => data?.next_cursor),
    isLoading: [...owners, ...answers].some(({ isLoading }) => isLoading),
    error: [...owners, ...answers].find(({ error }) => error)?.error,
    note: isMany
      ? `A resource was looked for in ${LOOKED_INTO} organizations, and there are more. Type a part of the organization’s name before it, as in “south clinic 28540”.`
      : undefined,
  };
}
