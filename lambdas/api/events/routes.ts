import { z } from 'zod';
import { maySee, maySeePayloads, type Principal } from '../../domain/api-key.ts';
import { FAILURES, OUTCOMES } from '../../domain/delivery/attempt.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import type { EventStore, RecordedEvent } from '../../stores/events.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { listTried, type TriedEventStore } from '../../stores/events-by-attempt.ts';
import { notFound, organizationOf, STAFF_AND_CUSTOMERS, visibleSubscriptions } from '../http/access.ts';
import type { ViewRecorder } from '../audit/audit.ts';
import { route, type Route } from '../http/route.ts';
import { inOrder, logFilters, outcomeFilter, page, statusFilter } from '../http/query-schema.ts';
import { listOf } from '../subscriptions/schema.ts';

/** Deliveries that one answer looks up. */
const DELIVERIES_SHOWN = 100;

const eventView = z.object({
  id: z.string(),
  organization: z.string(),
  account: z.string().optional(),
  type: z.string(),
  triggering_location: z.string(),
  sample: z.literal(true).optional().describe('An example that somebody sent to test a subscription'),
  resource_id: z.string().optional(),
  enqueued_at: z.string(),
  matched: z.int().describe('Number of subscriptions that it matched'),
});

const deliveryView = z.object({
  subscription_id: z.string(),
  outcome: z.enum([...OUTCOMES, 'pending']).describe('The latest outcome; `pending`: nothing is logged yet'),
  attempts: z.int().describe('Number of attempts in the log'),
  last_attempt_id: z.string().optional(),
  last_attempted_at: z.string().optional(),
  url: z.string().optional().describe('URL of the latest attempt'),
  status: z.int().optional().describe('Status of the last answer; absent if there was none'),
  reason: z.string().optional(),
});

const eventDetail = eventView.extend({
  data: z.unknown().optional().describe("The producer's data"),
  redacted: z.literal(true).optional().describe('The key may not see payloads: `data` is left out'),
  deliveries: z.array(deliveryView).describe(`Its deliveries; at most the first ${DELIVERIES_SHOWN}`),
});

export interface EventRouteDeps {
  events: EventStore;
  subscriptions: Pick<SubscriptionStore, 'pages'>;
  attempts: Pick<AttemptStore, 'ofDelivery'>;
  triedEvents: TriedEventStore;
  view: ViewRecorder;
}

const eventFilters = {
  ...logFilters,
  subscription: logFilters.subscription.describe('Only events that were tried for this subscription'),
  outcome: outcomeFilter.outcome.describe(
    'Only events with a delivery whose latest outcome is one of these, comma-separated; fast with `subscription`, with ' +
      '`resource_id`, and with `organization` for ' +
      `${FAILURES.join(', ')} alone`,
  ),
  status: statusFilter.describe(
    'Only events with a delivery whose latest answer had one of these statuses, comma-separated: `404`, `5xx`',
  ),
};

/** `GET /v1/events` and `GET /v1/events/{id}`: what producers posted and where it went. */
export function eventRoutes({
  events,
  attempts,
  triedEvents,
  subscriptions,
  view: recordView,
}: EventRouteDeps): Route[] {
  return [
    route({
      operation: 'listEvents',
      method: 'GET',
      path: '/v1/events',
      summary: 'Events, newest first; a short page does not mean that it is the last',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: inOrder(z.strictObject({ ...page, ...eventFilters })),
      success: { status: 200, description: 'A page of events', schema: listOf(eventView) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const scope = organizationOf(principal, query.organization);
        if (scope.none) return { status: 200, body: { data: [], next_cursor: null } };
        const filter = {
          organization: scope.organization,
          account: principal.account,
          subscription: query.subscription,
          type: query.type,
          resource_id: query.resource_id,
          outcome: query.outcome,
          status: query.status,
          since_ms: query.since,
          until_ms: query.until,
        };
        const wanted = { limit: query.limit, cursor };
        const isTried = [query.subscription, query.outcome, query.status].some((one) => one !== undefined);
        const found = await (isTried
          ? listTried(filter, wanted, { events, triedEvents })
          : events.list(filter, wanted));
        const isVisible = await visibleSubscriptions(principal, subscriptions);
        const data = found.items
          .filter(({ event }) => maySee(principal, event))
          .map(({ event, matched }) => view({ event, matched: matched.filter(isVisible) }));
        return { status: 200, body: { data, next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'getEvent',
      method: 'GET',
      path: '/v1/events/{id}',
      summary: 'One event and the outcome of its deliveries',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The event', schema: eventDetail },
      handle: async ({ principal, params }) => {
        const { event, matched: all } = await findEvent(events, principal, params.id!);
        const matched = all.filter(await visibleSubscriptions(principal, subscriptions));
        const shown = matched.slice(0, DELIVERIES_SHOWN);
        const deliveries = await Promise.all(shown.map((id) => viewDelivery(attempts, id, params.id!)));
        const body = { ...view({ event, matched }), deliveries };
        if (!maySeePayloads(principal)) return { status: 200, body: { ...body, redacted: true } };
        await recordView(principal, { type: 'event', id: event.id, organization: event.organization });
        return { status: 200, body, verbatim: { data: event.data } };
      },
    }),
  ];
}

/** @throws Problem not-found for a missing and for a foreign event alike. */
async function findEvent(
  events: Pick<EventStore, 'get' | 'find'>,
  principal: Principal,
  id: string,
): Promise<RecordedEvent> {
  const recorded =
    principal.organization === undefined ? await events.find(id) : await events.get(principal.organization, id);
  if (!recorded || !maySee(principal, recorded.event)) throw notFound();
  return recorded;
}

function view({ event, matched }: RecordedEvent): z.output<typeof eventView> {
  return {
    id: event.id,
    organization: event.organization,
    account: event.account,
    type: event.type,
    triggering_location: event.triggering_location,
    sample: event.sample,
    resource_id: event.resource_id,
    enqueued_at: new Date(event.enqueued_ms).toISOString(),
    matched: matched.length,
  };
}

async function viewDelivery(
  attempts: Pick<AttemptStore, 'ofDelivery'>,
  subscription: string,
  eventId: string,
): Promise<z.output<typeof deliveryView>> {
  const all = await attempts.ofDelivery(subscription, eventId);
  const last = all.at(-1);
  return {
    subscription_id: subscription,
    outcome: last?.outcome ?? 'pending',
    attempts: all.length,
    last_attempt_id: last?.id,
    last_attempted_at: last && new Date(last.attempted_ms).toISOString(),
    url: last?.url,
    status: last?.status,
    reason: last?.reason,
  };
}
