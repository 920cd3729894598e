import { z } from 'zod';
import { maySee, type Principal } from '../../domain/api-key.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { Problem } from '../../domain/problem.ts';
import type { Replay, ReplayQuery } from '../../domain/delivery/replay.ts';
import type { ReplayStore } from '../../stores/replays.ts';
import { notFound, organizationOf, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import { counting } from '../http/waiting.ts';
import { countReplayable, tooMany, type CountDeps } from './count.ts';
import { startReplay, type StartDeps } from './start.ts';
import { viewReplay } from './view.ts';
import { replayFilters, replayInput, replayQuery, replayView } from './schema.ts';
import { listOf } from '../subscriptions/schema.ts';
import { refuseUnsendable } from '../subscriptions/sendable.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';

export interface ReplayRouteDeps extends CountDeps, StartDeps {
  subscriptions: Subscriptions;
  replays: Pick<ReplayStore, 'create' | 'get' | 'list' | 'end'>;
  /** Events accepted before are not kept any more, milliseconds since the epoch. */
  oldestKeptMs(): number;
}

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
          throw new Problem('invalid-request', 'The body is not valid. See errors.', [
            { pointer: '/until', detail: 'expected a time that is not before since' },
          ]);
        }
        if (asked.outcomes?.includes('missed')) requireKept(body.since, deps.oldestKeptMs());
        const found = await counting(principal, deps, () => countReplayable(asked, row, deps));
        if (query.dry_run) {
          if (!found.complete) throw tooMany(found.count);
          return { status: 200, body: { count: found.count } };
        }
        return {
          status: 202,
          body: viewReplay(
            await startReplay(asked, { estimate: found.count, rate: body.rate_per_second }, principal, deps),
          ),
        };
      },
    }),
    route({
      operation: 'listReplays',
      method: 'GET',
      path: '/v1/replays',
      summary: 'Replays of the last 30 days, in no particular order; a short page does not mean that it is the last',
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
        const found = await replays.list(filter, { limit: query.limit, cursor });
        const data = found.items.sort((a, b) => b.created_ms - a.created_ms).map(viewReplay);
        return { status: 200, body: { data, next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'getReplay',
      method: 'GET',
      path: '/v1/replays/{id}',
      summary: 'One replay and its progress',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      success: { status: 200, description: 'The replay', schema: replayView },
      handle: async ({ principal, params }) => ({ status: 200, body: viewReplay(await find(principal, params.id!)) }),
    }),
    route({
      operation: 'cancelReplay',
      method: 'POST',
      path: '/v1/replays/{id}/cancel',
      summary: 'Cancel a replay; deliveries that are queued already, at most ten seconds of them, still go out',
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
          body: viewReplay((await replays.end(replay.id, 'cancelled')) ?? (await find(principal, replay.id))),
        };
      },
    }),
  ];
}

/** @throws Problem when what was missed is asked for from a time of which events are not kept any more. */
function requireKept(sinceMs: number | undefined, oldestMs: number): void {
  if (sinceMs === undefined || sinceMs >= oldestMs) return;
  throw new Problem('invalid-request', 'The body is not valid. See errors.', [
    {
      pointer: '/since',
      detail: `expected ${new Date(oldestMs).toISOString()} or later: events accepted earlier are no longer kept`,
    },
  ]);
}
