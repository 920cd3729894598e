import { z } from 'zod';
import { maySee, maySeePayloads } from '../../domain/api-key.ts';
import { parseAttemptId } from '../../domain/delivery/attempt.ts';
import { Problem } from '../../domain/problem.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import type { EventStore } from '../../stores/events.ts';
import type { ViewRecorder } from '../audit/audit.ts';
import { notFound, organizationOf, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { type RenderBody, redacted, viewAttempt, viewCall } from './view.ts';
import { route, type Route } from '../http/route.ts';
import { attemptView } from './schema.ts';
import { eventId, inOrder, logFilters, outcomeFilter, page } from '../http/query-schema.ts';
import { listOf } from '../subscriptions/schema.ts';

export interface AttemptRouteDeps {
  attempts: AttemptStore;
  events: Pick<EventStore, 'get'>;
  render: RenderBody;
  view: ViewRecorder;
}

const eventFilter = eventId
  .optional()
  .describe('All attempts of one delivery, newest first; needs `subscription` and no other filter');

/** `/v1/attempts`: the log of all calls, and each call in detail. */
export function attemptRoutes({ attempts, events, render, view }: AttemptRouteDeps): Route[] {
  return [
    route({
      operation: 'listAttempts',
      method: 'GET',
      path: '/v1/attempts',
      summary: 'The log of all attempts, newest event first; a short page does not mean that it is the last',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: inOrder(z.strictObject({ ...page, ...logFilters, ...outcomeFilter, event: eventFilter })),
      success: { status: 200, description: 'A page of attempts', schema: listOf(attemptView) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const scope = organizationOf(principal, query.organization);
        if (scope.none) return { status: 200, body: { data: [], next_cursor: null } };
        const { subscription, type, resource_id, outcome, since, until, event } = query;
        if (event !== undefined) requireDeliveryAlone(query);
        const found = await attempts.list(
          {
            organization: scope.organization,
            account: principal.account,
            subscription,
            event,
            type,
            resource_id,
            outcome,
            since_ms: since,
            until_ms: until,
          },
          { limit: query.limit, cursor },
        );
        const data = found.items.filter((item) => maySee(principal, item)).map(viewAttempt);
        return { status: 200, body: { data, next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'getAttempt',
      method: 'GET',
      path: '/v1/attempts/{id}',
      summary: 'One attempt in detail: request and response with headers and bodies, timings',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The attempt', schema: attemptView },
      handle: async ({ principal, params }) => {
        const attempt = parseAttemptId(params.id!) && (await attempts.get(params.id!));
        if (!attempt || !maySee(principal, attempt)) throw notFound();
        if (!maySeePayloads(principal)) return { status: 200, body: redacted(attempt) };
        const { id, organization } = attempt;
        await view(principal, { type: 'attempt', id, organization });
        const recorded = await events.get(organization, attempt.event_id);
        return { status: 200, body: viewCall(attempt, recorded?.event, render) };
      },
    }),
  ];
}

/** @throws Problem when an event is asked for without its subscription, or with something else as well. */
function requireDeliveryAlone({
  subscription,
  type,
  resource_id,
  outcome,
  since,
  until,
}: Record<string, unknown>): void {
  const others = [type, resource_id, outcome, since, until];
  if (typeof subscription === 'string' && others.every((other) => other === undefined)) return;
  throw new Problem('invalid-request', 'The query is not valid. See errors.', [
    { pointer: '?event', detail: 'expected subscription as well, and no other filters' },
  ]);
}
