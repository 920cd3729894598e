import { z } from 'zod';
import { maySee } from '../../domain/api-key.ts';
import { OUTCOMES } from '../../domain/delivery/attempt.ts';
import type { DeliveryStore, ListedDelivery } from '../../stores/deliveries.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { organizationOf, STAFF_AND_CUSTOMERS, visibleSubscriptions } from '../http/access.ts';
import { inOrder, listFilter, logFilters, page, statusFilter } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { listOf } from '../subscriptions/schema.ts';

/** How a delivery can stand. */
const STANDINGS = [...OUTCOMES, 'pending'] as const;

const deliveryRow = z.object({
  event_id: z.string(),
  subscription_id: z.string(),
  organization: z.string(),
  account: z.string().optional(),
  type: z.string(),
  resource_id: z.string().optional(),
  accepted_at: z.string().describe('When the event was accepted; ISO 8601, UTC'),
  outcome: z.enum(STANDINGS).describe('Outcome of the newest attempt; `pending`: no attempt yet'),
  attempt: z.int().optional().describe('Number of the newest attempt'),
  last_attempt_id: z.string().optional(),
  last_attempted_at: z.string().optional(),
  next_attempt_at: z.string().optional(),
  url: z.string().optional().describe('URL of the newest attempt'),
  status: z.int().optional().describe('Status of the last answer; absent if there was none'),
  reason: z.string().optional(),
});

const filters = {
  ...logFilters,
  outcome: listFilter(STANDINGS).describe(
    'Only deliveries whose newest attempt has one of these outcomes, comma-separated; `pending`: not tried yet',
  ),
  status: statusFilter.describe(
    'Only deliveries whose newest answer had one of these statuses, comma-separated: `404`, `5xx`',
  ),
};

/** `GET /v1/deliveries`: one row for each delivery, across all subscriptions. */
export function deliveryListRoutes({
  deliveries,
  subscriptions,
}: {
  deliveries: DeliveryStore;
  /** Say which of them a key of one account may see. */
  subscriptions: Pick<SubscriptionStore, 'pages'>;
}): Route[] {
  return [
    route({
      operation: 'listDeliveries',
      method: 'GET',
      path: '/v1/deliveries',
      summary:
        'Deliveries across all subscriptions with their current state, newest event first; a short page does not mean that it is the last',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: inOrder(z.strictObject({ ...page, ...filters })),
      success: { status: 200, description: 'A page of deliveries', schema: listOf(deliveryRow) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const scope = organizationOf(principal, query.organization);
        if (scope.none) return { status: 200, body: { data: [], next_cursor: null } };
        const { subscription, type, resource_id, outcome, status, since, until } = query;
        const found = await deliveries.list(
          {
            organization: scope.organization,
            account: principal.account,
            subscription,
            type,
            resource_id,
            outcome,
            status,
            since_ms: since,
            until_ms: until,
          },
          { limit: query.limit, cursor },
        );
        const isVisible = await visibleSubscriptions(principal, subscriptions);
        const visible = found.items.filter(({ event, subscription: to }) => maySee(principal, event) && isVisible(to));
        return { status: 200, body: { data: visible.map(view), next_cursor: cursors.write(found.next) } };
      },
    }),
  ];
}

function view({ event, subscription, latest }: ListedDelivery): z.output<typeof deliveryRow> {
  return {
    event_id: event.id,
    subscription_id: subscription,
    organization: event.organization,
    account: event.account,
    type: event.type,
    resource_id: event.resource_id,
    accepted_at: iso(event.enqueued_ms)!,
    outcome: latest?.outcome ?? 'pending',
    attempt: latest?.attempt,
    last_attempt_id: latest?.id,
    last_attempted_at: iso(latest?.attempted_ms),
    next_attempt_at: iso(latest?.next_attempt_ms),
    url: latest?.url,
    status: latest?.status,
    reason: latest?.reason,
  };
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
