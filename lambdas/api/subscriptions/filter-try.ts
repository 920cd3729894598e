import { z } from 'zod';
import { maySee, maySeePayloads } from '../../domain/api-key.ts';
import { isTest } from '../../domain/event.ts';
import { Problem } from '../../domain/problem.ts';
import type { EventStore } from '../../stores/events.ts';
import type { ViewRecorder } from '../audit/audit.ts';
import { accountOfNew, ownerOfNew, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { owner } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { because, filter, patterns } from './schema.ts';
import { whyNot } from './why-not.ts';

export interface FilterTryDeps {
  events: Pick<EventStore, 'list'>;
  view: ViewRecorder;
}

/** Events that one question looks at, at most: each is an audit record, once an hour. */
const MOST_EVENTS = 20;

const input = z
  .strictObject({
    organization: owner.describe('Required with a key that belongs to none; an organization key has its own'),
    events: patterns,
    account: owner,
    filter,
  })
  .partial()
  .extend({ limit: z.int().min(1).max(MOST_EVENTS).default(MOST_EVENTS).describe('How many events to look at') });

const answer = z.object({
  matching: z.int().describe('How many of them would be sent'),
  data: z
    .array(
      z.object({
        id: z.string(),
        type: z.string(),
        account: z.string().optional(),
        resource_id: z.string().optional(),
        enqueued_at: z.string(),
        matches: z.boolean(),
        because,
      }),
    )
    .describe('The newest events of the organization, newest first'),
});

/** `POST /v1/filter-test`: which of the newest events a subscription would receive, before there is one. Stores nothing. */
export function filterTryRoutes({ events, view }: FilterTryDeps): Route[] {
  return [
    route({
      operation: 'tryFilter',
      method: 'POST',
      path: '/v1/filter-test',
      summary:
        'Say which of the newest events would be sent with these values of events, account and filter, and why the others would not',
      access: STAFF_AND_CUSTOMERS,
      onlyReads: true,
      forAccounts: true,
      body: input,
      success: { status: 200, description: 'The newest events', schema: answer },
      handle: async ({ principal, body }) => {
        const organization = ownerOfNew(principal, body.organization);
        const account = accountOfNew(principal, body.account);
        // Filters one after the other would spell out what is in an event.
        if (body.filter !== undefined && !maySeePayloads(principal)) {
          throw new Problem('forbidden', 'Expected an API key that may see bodies of events, or no filter.');
        }
        const page = await events.list({ organization, account: principal.account }, { limit: body.limit });
        const found = page.items
          .map(({ event }) => event)
          .filter((event) => maySee(principal, event) && !isTest(event));
        if (body.filter !== undefined) {
          await Promise.all(found.map(({ id }) => view(principal, { type: 'event', id, organization })));
        }
        const wanted = { organization, account, events: [body.events ?? '*'].flat(), filter: body.filter };
        const data = found.map((event) => {
          const reasons = whyNot(wanted, event);
          return {
            id: event.id,
            type: event.type,
            account: event.account,
            resource_id: event.resource_id,
            enqueued_at: new Date(event.enqueued_ms).toISOString(),
            matches: reasons.length === 0,
            because: reasons,
          };
        });
        return { status: 200, body: { matching: data.filter((one) => one.matches).length, data } };
      },
    }),
  ];
}
