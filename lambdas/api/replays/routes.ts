import { z } from 'zod';
import { maySee, type Principal } from '../../domain/api-key.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { Problem } from '../../domain/problem.ts';
import {
  DEFAULT_RATE,
  progressOf,
  REPLAYED_BY_DEFAULT,
  type Replay,
  type ReplayQuery,
} from '../../domain/delivery/replay.ts';
import type { QuotaStore } from '../../stores/quotas.ts';
import type { ReplayStore } from '../../stores/replays.ts';
import { notFound, organizationOf, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import type { Auditor } from '../audit/audit.ts';
import { route, type Route } from '../http/route.ts';
import { countReplayable, type CountDeps } from './count.ts';
import { replayFilters, replayInput, replayQuery, replayView } from './schema.ts';
import { listOf } from '../subscriptions/schema.ts';
import { refuseUnsendable } from '../subscriptions/sendable.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';

export interface ReplayRouteDeps extends CountDeps {
  subscriptions: Subscriptions;
  replays: Pick<ReplayStore, 'create' | 'get' | 'list' | 'end'>;
  /** Events accepted before are not kept any more, milliseconds since the epoch. */
  oldestKeptMs(): number;
  /** Asks recovery for a replay's first page. @returns false when SQS did not take it. */
  startReplay(id: string, organization: string): Promise<boolean>;
  /** Whose replays run. */
  quotas: Pick<QuotaStore, 'take' | 'free'>;
  /** Replays of one organization that run at the same time, at most. */
  most(): number;
  record: Auditor;
  newReplayId(): string;
}

/** A replay runs for a week at most. */
const LONGEST_JOB_SECONDS = 8 * 86_400;
/** After which one of the running replays may have ended. */
const BUSY_SECONDS = 60;
/** `/v1/subscriptions/{id}/replay` and `/v1/replays`. */
export function replayRoutes(deps: ReplayRouteDeps): Route[] {
  const { subscriptions, replays, now } = deps;

  /** @throws Problem not-found for a missing and for a foreign id alike. */
  const find = async (principal: Principal, id: string): Promise<Replay> => {
    const replay = await replays.get(id);
    if (!replay || !maySee(principal, replay)) throw notFound();
    return replay;
  };

  return [
    route({
      operation: 'replaySubscription',
      method: 'POST',
      path: '/v1/subscriptions/{id}/replay',
      summary: 'Send again what was not delivered, as a job with progress; same ids, same bytes',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: replayQuery,
      body: replayInput,
      success: { status: 202, description: 'The job', schema: replayView },
      otherwise: {
        status: 200,
        description: 'With `dry_run`: how many deliveries it would send',
        schema: z.object({ count: z.int() }),
      },
      handle: async ({ principal, params, query, body }) => {
        const row = await subscriptions.find(principal, params.id!);
        if (!query.dry_run) refuseUnsendable(row);
        const asked: ReplayQuery = {
          organization: String(row.organization),
          account: asText(row.account),
          subscription: params.id!,
          since_ms: body.since ?? 0,
          until_ms: body.until ?? now(),
          ...(body.outcomes ? { outcomes: [...new Set(body.outcomes)] } : {}),
        };
        if (asked.until_ms < asked.since_ms) {
          throw new Problem('invalid-request', 'The body breaks a rule.', [
            { pointer: '/until', detail: 'expected a time that is not before since' },
          ]);
        }
        if (asked.outcomes?.includes('missed')) requireKept(body.since, deps.oldestKeptMs());
        const found = await countReplayable(asked, row, deps);
        if (query.dry_run) {
          if (!found.complete) throw tooMany(found.count);
          return { status: 200, body: { count: found.count } };
        }
        return { status: 202, body: view(await start(asked, found.count, body.rate_per_second, principal, deps)) };
      },
    }),
    route({
      operation: 'listReplays',
      method: 'GET',
      path: '/v1/replays',
      summary: 'Replays of the last 30 days, in no particular order; a page may be short although more follow',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query: replayFilters,
      success: { status: 200, description: 'A page of replays', schema: listOf(replayView) },
      handle: async ({ principal, query, cursors }) => {
        const cursor = cursors.read();
        const scope = organizationOf(principal, query.organization);
        if (scope.none) return { status: 200, body: { data: [], next_cursor: null } };
        const filter = {
          organization: scope.organization,
          account: principal.account,
          subscription: query.subscription,
        };
        const found = await replays.list(filter, { limit: query.limit, ...(cursor ? { cursor } : {}) });
        const data = found.items.sort((a, b) => b.created_ms - a.created_ms).map(view);
        return { status: 200, body: { data, next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'getReplay',
      method: 'GET',
      path: '/v1/replays/{id}',
      summary: 'One replay and how far it is',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The replay', schema: replayView },
      handle: async ({ principal, params }) => ({ status: 200, body: view(await find(principal, params.id!)) }),
    }),
    route({
      operation: 'cancelReplay',
      method: 'POST',
      path: '/v1/replays/{id}/cancel',
      summary: 'Send no more of a replay; what is queued already, ten seconds of it at most, still goes out',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The replay', schema: replayView },
      handle: async ({ principal, params }) => {
        const replay = await find(principal, params.id!);
        const { id, organization } = replay;
        // What is over is not cancelled, and asking again changes nothing.
        if (replay.state === 'running') {
          await deps.record(principal, {
            action: 'replay.cancelled',
            type: 'replay',
            id,
            organization,
            changed: ['state'],
          });
        }
        return {
          status: 200,
          body: view((await replays.end(replay.id, 'cancelled')) ?? (await find(principal, replay.id))),
        };
      },
    }),
  ];
}

/** @throws Problem when what was missed is asked for from a time of which events are not kept any more. */
function requireKept(sinceMs: number | undefined, oldestMs: number): void {
  if (sinceMs === undefined || sinceMs >= oldestMs) return;
  throw new Problem('invalid-request', 'The body breaks a rule.', [
    { pointer: '/since', detail: `expected ${iso(oldestMs)} or later: events accepted before are not kept any more` },
  ]);
}

async function start(
  query: ReplayQuery,
  estimate: number,
  rate: number = DEFAULT_RATE,
  principal: Principal,
  { replays, startReplay, quotas, most, record, newReplayId, now }: ReplayRouteDeps,
): Promise<Replay> {
  const created_ms = now();
  const id = newReplayId();
  const replay: Replay = {
    ...query,
    id,
    state: 'running',
    created_ms,
    rate,
    estimate,
    queued: 0,
    done: 0,
    failed: 0,
    step: -1,
    stepped_ms: created_ms,
  };
  const isOver = async (other: string): Promise<boolean> => (await replays.get(other))?.state !== 'running';
  if (
    !(await quotas.take(`jobs#${query.organization}`, id, { places: most(), seconds: LONGEST_JOB_SECONDS, isOver }))
  ) {
    throw new Problem(
      'rate-limited',
      `Expected at most ${most()} replays of one organization at a time. Wait for one to end, or cancel one.`,
      { retryAfterSeconds: BUSY_SECONDS },
    );
  }
  await record(principal, { action: 'replay.started', type: 'replay', id, organization: query.organization });
  await replays.create(replay);
  if (await startReplay(id, query.organization)) return replay;
  await replays.end(id, 'cancelled');
  throw new Problem('unavailable', 'The replay could not be started. Ask for it again in a moment.');
}

function tooMany(found: number): Problem {
  return new Problem('invalid-request', `More than ${found} deliveries: too many to count at once. Narrow the time.`, [
    { pointer: '/since', detail: 'expected a shorter time for a dry run' },
  ]);
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

function view(replay: Replay): z.output<typeof replayView> {
  const { id, organization, subscription, state, since_ms, until_ms, outcomes, rate, created_ms } = replay;
  return {
    id,
    organization,
    subscription_id: subscription,
    state,
    since: iso(since_ms),
    until: iso(until_ms),
    outcomes: outcomes ?? [...REPLAYED_BY_DEFAULT],
    ...progressOf(replay),
    rate,
    automatic: replay.automatic,
    created_at: iso(created_ms),
  };
}
