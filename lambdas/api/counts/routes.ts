import { z } from 'zod';
import type { Principal } from '../../domain/api-key.ts';
import { sumOf, type Counted } from '../../domain/counts/counts.ts';
import { beginOf, DAY_MS, HOUR_MS, hourOf, stepOf, STEPS, type Step } from '../../domain/counts/hours.ts';
import { summarize } from '../../domain/counts/summary.ts';
import { Problem } from '../../domain/problem.ts';
import type { SecretStore } from '../../stores/secrets.ts';
import { STATISTICS_DAYS, type CountScope, type StatisticsStore } from '../../stores/statistics.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { maySeeRow, organizationOf, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { from, inOrder, organizationFilter, subscriptionFilter, upTo } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { statisticsView } from './schema.ts';

export interface StatisticsRouteDeps {
  statistics: Pick<StatisticsStore, 'hours'>;
  secrets: Pick<SecretStore, 'get'>;
  subscriptions: Pick<SubscriptionStore, 'get'>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Of each step: its length, and the longest and the usual time that an answer spans. */
const SPANS: Record<Step, { ms: number; mostDays: number; usualMs: number }> = {
  hour: { ms: HOUR_MS, mostDays: 92, usualMs: DAY_MS },
  day: { ms: DAY_MS, mostDays: STATISTICS_DAYS, usualMs: 30 * DAY_MS },
};

const query = inOrder(
  z.strictObject({
    organization: organizationFilter,
    subscription: subscriptionFilter,
    since: from
      .optional()
      .describe('Time in the first step. Default: one day before `until`; 30 days with `step` `day`'),
    until: upTo.optional().describe('Time in the last step. Default: now'),
    step: z.enum(STEPS).default('hour').describe('UTC. At most 92 days by hour, 400 by day'),
  }),
);

/** `GET /v1/statistics`: what the delivery log says, counted. */
export function statisticsRoutes(deps: StatisticsRouteDeps): Route[] {
  return [
    route({
      operation: 'getStatistics',
      method: 'GET',
      path: '/v1/statistics',
      summary:
        'Counts of deliveries and tries, and lateness, of a subscription, an organization or all; at most 2 minutes old',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query,
      success: { status: 200, description: 'The counts', schema: statisticsView },
      handle: async ({ principal, query: { organization, subscription, step, since, until } }) => {
        const span = spanOf(step, since, until, deps.now());
        const scope = await scopeOf(principal, { organization, subscription }, deps);
        // A time that has not come yet: DynamoDB refuses a range that ends before it begins.
        const isAhead = span.since >= span.until;
        const hours =
          scope && !isAhead
            ? await deps.statistics.hours(scope, hourOf(span.since), hourOf(span.until - 1))
            : new Map<string, Counted>();
        return { status: 200, body: { ...view(hours, step), ...toText(span), step } };
      },
    }),
  ];
}

interface Span {
  /** Milliseconds. */
  since: number;
  /** The first millisecond after it. */
  until: number;
}

/** Whole steps. @throws Problem when there are too many. */
function spanOf(step: Step, since: number | undefined, until: number | undefined, nowMs: number): Span {
  const { ms, mostDays, usualMs } = SPANS[step];
  const last = Math.min(until ?? nowMs, nowMs);
  const span = { since: beginOf(since ?? last - usualMs + ms, step), until: beginOf(last, step) + ms };
  if (span.until - span.since <= mostDays * DAY_MS + ms) return span;
  throw new Problem('invalid-request', 'The query is not valid. See errors.', [
    { pointer: '?since', detail: `expected at most ${mostDays} days before until, with step=${step}` },
  ]);
}

/**
 * @returns undefined when the caller may not see it, or nobody knows whose it is: then there is nothing to tell.
 * @throws Problem when a key of one account asks for more than a subscription: accounts are not counted by themselves.
 */
async function scopeOf(
  principal: Principal,
  asked: CountScope,
  { secrets, subscriptions }: StatisticsRouteDeps,
): Promise<CountScope | undefined> {
  const access = organizationOf(principal, asked.organization);
  if (access.none) return undefined;
  const { subscription } = asked;
  if (principal.account !== undefined && subscription === undefined) {
    throw new Problem('invalid-request', 'The query is not valid. See errors.', [
      { pointer: '?subscription', detail: 'is required with a key that is bound to an account' },
    ]);
  }
  if (subscription === undefined) return { organization: access.organization };
  const organization = access.organization ?? (await secrets.get(subscription))?.organization;
  if (organization === undefined) return undefined;
  if (principal.account !== undefined) {
    const row = await subscriptions.get(organization, subscription);
    if (!row || !maySeeRow(principal, row)) return undefined;
  }
  return { organization, subscription };
}

function view(hours: ReadonlyMap<string, Counted>, step: Step) {
  const steps = new Map<string, Counted[]>();
  for (const [hour, counted] of hours) {
    const begin = stepOf(hour, step);
    const there = steps.get(begin);
    if (there) there.push(counted);
    else steps.set(begin, [counted]);
  }
  return {
    total: summarize(sumOf(hours.values())),
    data: [...steps].map(([begin, counted]) => ({ from: begin, ...summarize(sumOf(counted)) })),
  };
}

function toText({ since, until }: Span): { since: string; until: string } {
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}
