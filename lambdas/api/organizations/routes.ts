import { z } from 'zod';
import { foldForSearch } from '../../domain/search-text.ts';
import { COUNTED_EVENTS, type OrganizationCounts, type OrganizationStore } from '../../stores/organizations.ts';
import { STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { page, searchFilter } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { listOf } from '../subscriptions/schema.ts';

const organizationView = z.object({
  organization: z.string(),
  subscriptions: z.int().describe('How many it has'),
  events: z.int().describe(`Number of kept events; ${COUNTED_EVENTS} means as many or more`),
  last_event_at: z.string().optional().describe('When the newest of them was accepted; ISO 8601, UTC'),
});

const filters = z.strictObject({
  search: searchFilter.describe('Only those with this in their name; case, whitespace, `_` and `-` do not matter'),
  limit: page.limit,
  cursor: page.cursor,
});

/** `GET /v1/organizations`: who there is, to choose from. */
export function organizationRoutes({ organizations }: { organizations: OrganizationStore }): Route[] {
  return [
    route({
      operation: 'listOrganizations',
      method: 'GET',
      path: '/v1/organizations',
      summary:
        'Organizations that have subscriptions or events, in no particular order; a short page does not mean that it is the last',
      access: STAFF_AND_CUSTOMERS,
      query: filters,
      success: { status: 200, description: 'A page of organizations', schema: listOf(organizationView) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const text = foldForSearch(query.search ?? '');
        const wanted = (name: string): boolean => foldForSearch(name).includes(text);
        if (principal.organization !== undefined) {
          const own = wanted(principal.organization) ? await organizations.get(principal.organization) : undefined;
          return { status: 200, body: { data: own ? [view(own)] : [], next_cursor: null } };
        }
        const found = await organizations.list({ limit: query.limit, cursor }, wanted);
        return { status: 200, body: { data: found.items.map(view), next_cursor: cursors.write(found.next) } };
      },
    }),
  ];
}

function view({ last_event_ms, ...counts }: OrganizationCounts): z.output<typeof organizationView> {
  return { ...counts, last_event_at: last_event_ms === undefined ? undefined : new Date(last_event_ms).toISOString() };
}
