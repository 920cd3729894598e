import { z } from 'zod';
import { maySee, maySeePayloads, type Principal } from '../../domain/api-key.ts';
import { TRIGGERING_LOCATIONS, type PosthornEvent } from '../../domain/event.ts';
import type { JsonMember } from '../../domain/json/json.ts';
import { MAX_JSON_DEPTH, scanJson } from '../../domain/json/scan.ts';
import { Problem } from '../../domain/problem.ts';
import { readSubscription, type SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { EventStore } from '../../stores/events.ts';
import type { ViewRecorder } from '../audit/audit.ts';
import { notFound, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { owner } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { because, filter } from './schema.ts';
import type { Subscriptions } from './subscriptions.ts';
import { whyNot } from './why-not.ts';

export interface FilterTestDeps {
  subscriptions: Pick<Subscriptions, 'find'>;
  events: Pick<EventStore, 'get'>;
  rules: SubscriptionRules;
  view: ViewRecorder;
  /** Milliseconds since the epoch. */
  now(): number;
}

const event = z
  .object({
    type: z.string().min(1).max(128),
    account: owner.optional(),
    triggering_location: z.enum(TRIGGERING_LOCATIONS).default('API'),
    resource_id: z.string().min(1).max(128).optional(),
    data: z.record(z.string(), z.unknown()).describe('As a producer would publish it'),
  })
  .describe('An event as a producer would publish it');

const input = z
  .strictObject({
    event_id: z.string().describe('An event of the last days'),
    event,
    filter: filter.describe('Instead of the filter of the subscription: to try one before it is saved'),
  })
  .partial()
  .refine((body) => (body.event_id === undefined) !== (body.event === undefined), {
    message: 'expected either event_id or event',
  });

const answer = z.object({
  matches: z.boolean().describe('Whether the subscription, while it is active, would receive the event'),
  because,
});

/** `POST /v1/subscriptions/{id}/filter-test`: whether an event would be sent, and if not, why. Stores nothing. */
export function filterTestRoutes({ subscriptions, events, rules, view, now }: FilterTestDeps): Route[] {
  return [
    route({
      operation: 'testFilter',
      method: 'POST',
      path: '/v1/subscriptions/{id}/filter-test',
      summary: 'Say whether an event would be sent to this subscription and, if not, which part of it is the reason',
      access: STAFF_AND_CUSTOMERS,
      onlyReads: true,
      forAccounts: true,
      body: input,
      success: { status: 200, description: 'Whether it matches', schema: answer },
      handle: async ({ principal, params, body, bodyText }) => {
        const row = await subscriptions.find(principal, params.id!);
        const read = readSubscription({ ...row, ...(body.filter && { filter: body.filter }) }, rules);
        if (!read.ok)
          throw new Problem('conflict', `Nothing is sent to this subscription: ${read.problem}`.slice(0, 500));
        const { organization } = read.subscription;
        const given =
          body.event === undefined
            ? await accepted({ events, view }, principal, { organization, id: body.event_id! })
            : asEvent(body.event, { organization, data: dataIn(bodyText), nowMs: now() });
        const reasons = whyNot(read.subscription, given);
        return { status: 200, body: { matches: reasons.length === 0, because: reasons } };
      },
    }),
  ];
}

/**
 * Filters one after the other would spell out what is in an event: whoever may not see bodies cannot ask.
 * @throws Problem not-found, forbidden
 */
async function accepted(
  { events, view }: Pick<FilterTestDeps, 'events' | 'view'>,
  principal: Principal,
  { organization, id }: { organization: string; id: string },
): Promise<PosthornEvent> {
  if (!maySeePayloads(principal)) {
    throw new Problem(
      'forbidden',
      'Expected an API key that may see bodies of events. Use `event` instead of `event_id`.',
    );
  }
  const recorded = await events.get(organization, id);
  if (!recorded || !maySee(principal, recorded.event)) throw notFound();
  await view(principal, { type: 'event', id, organization });
  return recorded.event;
}

function asEvent(
  { type, account, triggering_location, resource_id }: z.output<typeof event>,
  { organization, data, nowMs }: { organization: string; data: string | undefined; nowMs: number },
): PosthornEvent {
  const given: PosthornEvent = { id: 'evt_test', organization, type, triggering_location, enqueued_ms: nowMs };
  if (account !== undefined) given.account = account;
  if (resource_id !== undefined) given.resource_id = resource_id;
  if (data !== undefined) given.data = data;
  return given;
}

/** `event.data` as it was written: filters compare numbers by their digits. */
function dataIn(bodyText: string): string | undefined {
  return memberOf(memberOf({ kind: 'object', raw: bodyText }, 'event'), 'data')?.raw;
}

function memberOf(value: JsonMember | undefined, name: string): JsonMember | undefined {
  const scan = value && scanJson(value.raw, { maxDepth: MAX_JSON_DEPTH });
  return scan?.ok ? scan.members?.get(name) : undefined;
}
