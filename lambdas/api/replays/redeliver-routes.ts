import type { z } from 'zod';
import type { Principal } from '../../domain/api-key.ts';
import { EVERY, type ReplayQuery } from '../../domain/delivery/replay.ts';
import { inParallel } from '../../domain/in-parallel.ts';
import { Problem } from '../../domain/problem.ts';
import { createIsSendable } from '../../stores/is-sendable.ts';
import type { EventStore } from '../../stores/events.ts';
import type { ReplayableManyStore } from '../../stores/replayable.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { notFound, organizationOf, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import { counting } from '../http/waiting.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import { COUNTING_MS, tooMany } from './count.ts';
import { redeliverCount, redeliverInput, replayQuery, replayView } from './schema.ts';
import { startReplay, type StartDeps } from './start.ts';
import { viewReplay } from './view.ts';

export interface RedeliverManyDeps extends StartDeps {
  subscriptions: Subscriptions;
  store: Pick<SubscriptionStore, 'get'>;
  rules: SubscriptionRules;
  events: Pick<EventStore, 'find'>;
  replayableMany: ReplayableManyStore;
}

type Input = z.output<typeof redeliverInput>;
interface Asked {
  query: ReplayQuery;
  chosen?: string[];
  /** Named, but not to be found. */
  unknown: number;
}

/** Events whose organization is asked for at the same time. */
const PARALLEL = 20;

/** `POST /v1/deliveries/redeliver`. */
export function redeliverManyRoutes(deps: RedeliverManyDeps): Route[] {
  return [
    route({
      operation: 'redeliverMany',
      method: 'POST',
      path: '/v1/deliveries/redeliver',
      summary:
        'Send many deliveries again, given one by one or by a filter, as a job like a replay; same ids, same bytes',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: replayQuery,
      body: redeliverInput,
      success: { status: 202, description: 'The job', schema: replayView },
      otherwise: { status: 200, description: 'With `dry_run`: how many it would send', schema: redeliverCount },
      handle: async ({ principal, query: { dry_run }, body }) => {
        const asked = body.filter
          ? await askedByFilter(principal, body.filter, deps)
          : await askedByName(principal, body.deliveries!, deps);
        const found = await counting(principal, deps, () => countMany(asked, deps));
        if (dry_run) {
          if (!found.complete) throw tooMany(found.count, '/filter/since');
          return { status: 200, body: { count: found.count, left_out: found.leftOut } };
        }
        if (found.count === 0 && found.complete) throw nothingToSend();
        const job = { estimate: found.count, rate: body.rate_per_second, chosen: asked.chosen };
        return { status: 202, body: viewReplay(await startReplay(asked.query, job, principal, deps)) };
      },
    }),
  ];
}

async function askedByFilter(
  principal: Principal,
  { since, until, outcome, organization: named, ...which }: NonNullable<Input['filter']>,
  { subscriptions, now }: RedeliverManyDeps,
): Promise<Asked> {
  const scope = organizationOf(principal, named);
  if (scope.none) throw nothingToSend();
  let { organization } = scope;
  if (which.subscription !== undefined) {
    const owner = String((await subscriptions.find(principal, which.subscription)).organization);
    if (organization !== undefined && organization !== owner) throw notFound();
    organization = owner;
  }
  if (which.resource_id !== undefined && organization === undefined) {
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      {
        pointer: '/filter/resource_id',
        detail: 'expected organization as well, with a key that is not bound to one',
      },
    ]);
  }
  const query: ReplayQuery = {
    organization: organization ?? EVERY,
    account: principal.account,
    subscription: EVERY,
    since_ms: since ?? 0,
    until_ms: until ?? now(),
    ...(outcome ? { outcomes: [...new Set(outcome)] } : {}),
    which: { ...which, ...(which.status ? { status: [...new Set(which.status)] } : {}) },
  };
  if (query.since_ms > query.until_ms) {
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      { pointer: '/filter/since', detail: 'expected a time that is not after now' },
    ]);
  }
  return { query, unknown: 0 };
}

/** A key of one organization looks for its own alone: what is another's is as unknown as what never was. */
async function askedByName(
  principal: Principal,
  deliveries: NonNullable<Input['deliveries']>,
  { events, now }: RedeliverManyDeps,
): Promise<Asked> {
  const names = [...new Set(deliveries.map(({ event, subscription }) => `${event}/${subscription}`))];
  const owners = new Map<string, string | undefined>();
  if (principal.organization === undefined) {
    const ids = [...new Set(deliveries.map(({ event }) => event))];
    await inParallel(ids, PARALLEL, async (id) => void owners.set(id, (await events.find(id))?.event.organization));
  }
  const chosen = names.flatMap((name) => {
    const owner = principal.organization ?? owners.get(name.slice(0, name.indexOf('/')));
    return owner === undefined ? [] : [`${owner}/${name}`];
  });
  const organizations = new Set(chosen.map((one) => one.slice(0, one.indexOf('/'))));
  const organization = organizations.size === 1 ? [...organizations][0]! : EVERY;
  const query = { organization, account: principal.account, subscription: EVERY, since_ms: 0, until_ms: now() };
  return { query, chosen, unknown: names.length - chosen.length };
}

/** Counts what would be sent, as long as there is time. */
async function countMany(
  { query, chosen, unknown }: Asked,
  { replayableMany, store, rules, now }: RedeliverManyDeps,
): Promise<{ count: number; leftOut: number; complete: boolean }> {
  const isSendable = createIsSendable({ subscriptions: store, rules }, query.account);
  const until = now() + COUNTING_MS;
  let count = 0;
  let leftOut = unknown;
  let after: string | undefined;
  do {
    const page = await replayableMany.page({ ...query, chosen }, after, isSendable);
    count += page.deliveries.length;
    leftOut += page.leftOut;
    after = page.next;
  } while (after !== undefined && now() < until);
  return { count, leftOut, complete: after === undefined };
}

function nothingToSend(): Problem {
  return new Problem(
    'conflict',
    'None of these deliveries can be sent: they are no longer kept, do not exist, or their subscriptions are inactive. A dry run counts them.',
  );
}
