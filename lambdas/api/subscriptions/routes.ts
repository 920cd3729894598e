import { z } from 'zod';
import { hasScope } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import { targetName } from '../../stores/delivery-targets.ts';
import { isKept, isPaused, isPulled } from '../../domain/subscription/begins-anew.ts';
import type { EndpointHealthStore } from '../../stores/endpoint-health.ts';
import type { HeldStore } from '../../stores/held.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { maySeeRow, organizationOf, OWNERS, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import { listFilter, page, searchFilter as searchText } from '../http/query-schema.ts';
import { changedView, listOf, subscriptionChange, subscriptionInput, subscriptionView } from './schema.ts';
import { createCalled } from './called.ts';
import { checkBody } from './check-body.ts';
import { missedBy, type MissedDeps } from './missed.ts';
import { ASKED_STATES, searchRows } from './search.ts';
import { targetOf, viewSubscription } from './view.ts';
import { mayHold, viewHealth } from './endpoint-health-view.ts';
import type { Subscriptions } from './subscriptions.ts';

const searchFilter = searchText.describe(
  'Only those with this in URL, host, description, id, organization or account; case, whitespace, `_` and `-` do not matter',
);
const stateFilter = listFilter(ASKED_STATES).describe(
  'Only those in one of these states, comma-separated: `active`, `inactive`, `missed` (it was inactive, and the events that it missed were not sent), `problem`, or a state of the endpoint',
);

export interface SubscriptionRouteDeps extends MissedDeps {
  subscriptions: Subscriptions;
  store: SubscriptionStore;
  health: Pick<EndpointHealthStore, 'load'>;
  attempts: Pick<AttemptStore, 'isCalled'>;
  held: Pick<HeldStore, 'count'>;
  /** Milliseconds between two probes of an endpoint that is down. */
  probeMs(): number;
  /** Asks recovery to try an endpoint that may be down at once. Never throws: it is tried within a minute anyway. */
  lookAfter(target: { organization: string; id: string }): Promise<void>;
}

/** `/v1/subscriptions` and `/v1/subscriptions/{id}`. */
export function subscriptionRoutes(deps: SubscriptionRouteDeps): Route[] {
  const { subscriptions, store, rules, health, attempts, held, probeMs, lookAfter, now } = deps;
  const isCalled = createCalled(attempts);
  const view = async (rows: SubscriptionRow[]): Promise<Record<string, unknown>[]> => {
    const keys = rows.map(targetOf);
    const [found, called] = await Promise.all([health.load(keys), Promise.all(keys.map(isCalled))]);
    return rows.map((row, index) => ({
      ...viewSubscription(row, rules),
      health: viewHealth(
        found.get(targetName(keys[index]!)),
        { paused: isPaused(row), pulled: isPulled(row), called: called[index]!, probeMs: probeMs() },
        now(),
      ),
    }));
  };
  const viewOne = async (row: SubscriptionRow): Promise<Record<string, unknown>> => {
    const key = targetOf(row);
    const [found, called] = await Promise.all([health.load([key]), isCalled(key)]);
    const endpoint = found.get(targetName(key));
    // Of a page of subscriptions this would be a page of queries.
    const waiting = mayHold(endpoint, isKept(row)) ? await held.count(key.subscription, key.organization) : undefined;
    return {
      ...viewSubscription(row, rules),
      health: viewHealth(
        endpoint,
        { paused: isPaused(row), pulled: isPulled(row), called, held: waiting, probeMs: probeMs() },
        now(),
      ),
    };
  };
  /** An activation that missed nothing is nothing to come back to. */
  const forgetMissed = async (row: SubscriptionRow): Promise<SubscriptionRow> => {
    const change = { set: {}, remove: ['missed_since' as const, 'missed_until' as const] };
    return (await store.update(String(row.organization), String(row.id), change)) ?? row;
  };
  return [
    route({
      operation: 'createSubscription',
      method: 'POST',
      path: '/v1/subscriptions',
      summary: 'Subscribe a URL to events, or have them kept until they are fetched',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      body: subscriptionInput,
      bodyCheck: (value) => checkBody(subscriptionInput, value, deps),
      success: { status: 201, description: 'The subscription', schema: subscriptionView },
      handle: async ({ principal, body }) => {
        if (body.secret !== undefined && !OWNERS.some((scope) => hasScope(principal, scope)))
          throw new Problem('forbidden', 'This API key may not see signing secrets; leave out secret.');
        return { status: 201, body: await viewOne(await subscriptions.create(principal, body)) };
      },
    }),
    route({
      operation: 'listSubscriptions',
      method: 'GET',
      path: '/v1/subscriptions',
      summary:
        'Subscriptions of one organization, or of all; with a search, a short page does not mean that it is the last',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: z.strictObject({ ...page, search: searchFilter, state: stateFilter }),
      success: { status: 200, description: 'A page of subscriptions', schema: listOf(subscriptionView) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const scope = organizationOf(principal, query.organization);
        if (scope.none) return { status: 200, body: { data: [], next_cursor: null } };
        const wanted = searchRows(query, { rules, health, now, oldestKeptMs: deps.oldestKeptMs });
        const found = await store.list(scope.organization, { limit: query.limit, cursor }, wanted);
        const visible = found.items.filter((row) => maySeeRow(principal, row));
        return { status: 200, body: { data: await view(visible), next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'getSubscription',
      method: 'GET',
      path: '/v1/subscriptions/{id}',
      summary: 'One subscription',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The subscription', schema: subscriptionView },
      handle: async ({ principal, params }) => ({
        status: 200,
        body: await viewOne(await subscriptions.find(principal, params.id!)),
      }),
    }),
    route({
      operation: 'changeSubscription',
      method: 'PATCH',
      path: '/v1/subscriptions/{id}',
      summary: 'Change a subscription: given members are set, null removes one',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      body: subscriptionChange,
      bodyCheck: (value) => checkBody(subscriptionChange, value, deps),
      success: { status: 200, description: 'The subscription after the change', schema: changedView },
      handle: async ({ principal, params, body }) => {
        const changed = await subscriptions.change(principal, params.id!, body);
        const { after } = changed;
        if (body.url !== undefined || body.active === true) {
          await lookAfter({ organization: String(after.organization), id: params.id! });
        }
        const missed = await missedBy(principal, changed, deps);
        const isNothing = missed?.count === 0 && !missed.more;
        const row = isNothing ? await forgetMissed(after) : after;
        return { status: 200, body: { ...(await viewOne(row)), missed } };
      },
    }),
    route({
      operation: 'pauseSubscription',
      method: 'POST',
      path: '/v1/subscriptions/{id}/pause',
      summary: 'Pause a subscription: its deliveries are held until it is resumed',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: {
        status: 200,
        description: 'The subscription, paused; also if it was paused before',
        schema: subscriptionView,
      },
      handle: async ({ principal, params }) => ({
        status: 200,
        body: await viewOne(await subscriptions.setPaused(principal, params.id!, true)),
      }),
    }),
    route({
      operation: 'resumeSubscription',
      method: 'POST',
      path: '/v1/subscriptions/{id}/resume',
      summary: 'Resume a subscription: deliveries held during the pause are sent in event order, then new ones',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: {
        status: 200,
        description: 'The subscription; unchanged if it was not paused',
        schema: subscriptionView,
      },
      handle: async ({ principal, params }) => ({
        status: 200,
        body: await viewOne(await subscriptions.setPaused(principal, params.id!, false)),
      }),
    }),
    route({
      operation: 'deleteSubscription',
      method: 'DELETE',
      path: '/v1/subscriptions/{id}',
      summary: 'Delete a subscription with its secrets; its log stays until it expires',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 204, description: 'Deleted' },
      handle: async ({ principal, params }) => {
        await subscriptions.remove(principal, params.id!);
        return { status: 204 };
      },
    }),
  ];
}
