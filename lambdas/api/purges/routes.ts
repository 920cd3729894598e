import { z } from 'zod';
import type { Principal } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import { newPurge, PURGED, type Purge } from '../../domain/purge.ts';
import {
  graveyardOf,
  resourceHash,
  TooManyPurges,
  type PurgeCountStore,
  type PurgeStore,
} from '../../stores/purges.ts';
import type { Auditor } from '../audit/audit.ts';
import { notFound } from '../http/access.ts';
import { logFilters, owner } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { dryRun, isoTime } from '../replays/schema.ts';

const purgeView = z.object({
  id: z.string(),
  organization: z.string(),
  of: z.enum(['organization', 'resource']),
  state: z.enum(['running', 'done']),
  deleted: z.int().describe('Rows and dead letters deleted so far'),
  by_kind: z.partialRecord(z.enum(PURGED), z.int()).describe('The same number, by kind'),
  pass: z.int().describe('Passes through all tables so far; the last one finds nothing more'),
  created_at: isoTime,
  ended_at: isoTime.optional(),
});

const countView = z.object({
  subscriptions: z.int().optional(),
  keys: z.int().optional(),
  events: z.int().describe('With all their deliveries'),
  complete: z.boolean().describe('False: there are more'),
});

/** Counting ends before API Gateway does, milliseconds. */
const COUNTING_MS = 15_000;

export interface PurgeRouteDeps {
  purges: PurgeStore;
  purgeCounts: PurgeCountStore;
  /** Asks recovery for a purge's first step. @returns false when SQS did not take it. */
  startPurge(id: string, organization: string): Promise<boolean>;
  record: Auditor;
  newPurgeId(): string;
  now(): number;
}

const answers = {
  success: { status: 202, description: 'The job; if one is already running, that one', schema: purgeView },
  otherwise: { status: 200, description: 'With `dry_run`: what it would delete', schema: countView },
} as const;

/** `DELETE /v1/organizations/{organization}`, `DELETE /v1/events` and `GET /v1/purges/{id}`. */
export function purgeRoutes(deps: PurgeRouteDeps): Route[] {
  return [
    route({
      operation: 'purgeOrganization',
      method: 'DELETE',
      path: '/v1/organizations/{organization}',
      summary: 'Delete everything of an organization except the audit trail, as a job with progress',
      access: ['admin'],
      query: z.strictObject({ dry_run: dryRun.describe('Only count what would be deleted') }),
      ...answers,
      handle: async ({ principal, params, query }) => {
        const organization = owner.safeParse(params.organization);
        if (!organization.success) throw notFound();
        return answer(principal, { organization: organization.data }, query.dry_run, deps);
      },
    }),
    route({
      operation: 'purgeResource',
      method: 'DELETE',
      path: '/v1/events',
      summary: 'Delete the events of one resource that were accepted so far, with all their deliveries, as a job',
      access: ['admin'],
      query: z.strictObject({
        organization: owner,
        resource_id: logFilters.resource_id.unwrap(),
        dry_run: dryRun.describe('Only count what would be deleted'),
      }),
      ...answers,
      handle: async ({ principal, query: { organization, resource_id, dry_run } }) =>
        answer(principal, { organization, resource_id }, dry_run, deps),
    }),
    route({
      operation: 'getPurge',
      method: 'GET',
      path: '/v1/purges/{id}',
      summary: 'A purge and its progress',
      access: ['admin'],
      success: { status: 200, description: 'The job', schema: purgeView },
      handle: async ({ params }) => {
        const purge = await deps.purges.get(params.id!);
        if (!purge) throw notFound();
        return { status: 200, body: view(purge) };
      },
    }),
  ];
}

async function answer(
  principal: Principal,
  of: { organization: string; resource_id?: string },
  isDry: boolean,
  deps: PurgeRouteDeps,
) {
  const { now } = deps;
  if (isDry) {
    const until = now() + COUNTING_MS;
    return { status: 200, body: await deps.purgeCounts.count(of, () => now() >= until) };
  }
  return { status: 202, body: view(await begin(principal, of, deps)) };
}

/** Recorded even when it joins one that runs: somebody asked for it. */
async function begin(
  principal: Principal,
  { organization, resource_id }: { organization: string; resource_id?: string },
  { purges, startPurge, record, newPurgeId, now }: PurgeRouteDeps,
): Promise<Purge> {
  const resource = resource_id === undefined ? undefined : resourceHash(organization, resource_id);
  await record(principal, {
    action: 'data.purged',
    type: 'organization',
    id: organization,
    organization,
    ...(resource === undefined ? { changed: [] } : { changed: ['resource'], changes: { resource: { old: resource } } }),
  });
  const asked = newPurge({ id: newPurgeId(), organization, resource, resource_id }, now());
  const purge = await purges.begin(asked).catch((error: unknown) => {
    if (error instanceof TooManyPurges)
      throw new Problem('rate-limited', 'There were too many purges in the last three weeks. Try again tomorrow.', {
        retryAfterSeconds: 86_400,
      });
    throw error;
  });
  if (await startPurge(purge.id, organization)) return purge;
  throw new Problem(
    'unavailable',
    'The purge is recorded and will start within minutes. Repeating the request joins it.',
  );
}

function view(purge: Purge): z.output<typeof purgeView> {
  const { id, organization, resource, state, deleted, pass, created_ms, ended_ms } = purge;
  return {
    id,
    organization,
    of: resource === undefined ? 'organization' : 'resource',
    state,
    deleted: Object.values(deleted).reduce((sum, count) => sum + count, 0),
    by_kind: deleted,
    pass,
    created_at: new Date(created_ms).toISOString(),
    ended_at: ended_ms === undefined ? undefined : new Date(ended_ms).toISOString(),
  };
}

/** Refuses what would begin anew for an organization while everything of it is being deleted. */
export type RefuseClosed = (organization: string | undefined) => Promise<void>;

export function createRefuseClosed(purges: Pick<PurgeStore, 'tombstones'>): RefuseClosed {
  return async (organization) => {
    if (organization === undefined || !graveyardOf(await purges.tombstones()).isClosed(organization)) return;
    throw new Problem('conflict', 'This organization is being deleted. Try again when that is done.', [
      { pointer: '/organization', detail: 'expected an organization that is not being deleted' },
    ]);
  };
}
