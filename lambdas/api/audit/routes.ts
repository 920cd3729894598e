import { z } from 'zod';
import { AUDIT_ACTIONS, AUDIT_OBJECTS, auditIdMs, type AuditRecord } from '../../domain/audit.ts';
import type { AuditStore } from '../../stores/audit.ts';
import { route, type Route } from '../http/route.ts';
import { inOrder, listFilter, logFilters, page } from '../http/query-schema.ts';
import { listOf } from '../subscriptions/schema.ts';

/** Ids of callers, and of what something is done to: of a delivery two, of an attempt three. */
const id = z
  .string()
  .regex(/^[\w.:|@/-]{1,256}$/, 'expected an id as in the list')
  .optional();
const actions = listFilter(AUDIT_ACTIONS);

const filters = inOrder(
  z.strictObject({
    ...page,
    object: id.describe('Only records about this object, for example to see who has viewed an event'),
    actor: id.describe('Only actions of this key, person or `table`'),
    action: actions.describe('Only these actions, comma-separated'),
    since: logFilters.since,
    until: logFilters.until.describe('Before this time'),
  }),
);

const hash = z.string().optional();

const recordView = z.object({
  id: z.string(),
  recorded_at: z.string().describe('ISO 8601 with milliseconds, UTC'),
  actor: z
    .string()
    .describe(
      'Id of the API key; `table`: a person who edited the table; `command`: an operator’s command; `posthorn`: the platform itself',
    ),
  actor_name: z.string().optional().describe('Name of the actor at that time: the description of its key'),
  action: z.enum(AUDIT_ACTIONS),
  object_type: z.enum(AUDIT_OBJECTS),
  object_id: z.string(),
  organization: z.string().optional(),
  before_sha256: hash.describe('SHA-256 of the row before the change, in canonical form'),
  after_sha256: hash.describe('SHA-256 of the row after the change'),
  reason: z
    .enum(['gone', 'down'])
    .optional()
    .describe(
      'Why the platform deactivated a subscription: its endpoint answered 410 (`gone`), or was down for too long (`down`)',
    ),
  changes: z
    .record(z.string(), z.object({ old: z.string().optional(), new: z.string().optional() }))
    .optional()
    .describe('Old and new values; what may be a secret is given as a hash'),
  changed: z.array(z.string()).describe('Names of the attributes that changed'),
});

/** `GET /v1/audit`: who changed or saw what, when. */
export function auditRoutes({ audit }: { audit: Pick<AuditStore, 'list'> }): Route[] {
  return [
    route({
      operation: 'listAuditRecords',
      method: 'GET',
      path: '/v1/audit',
      summary: 'The audit trail, newest first; a short page does not mean that it is the last',
      access: ['admin'],
      query: filters,
      success: { status: 200, description: 'A page of records', schema: listOf(recordView) },
      handle: async ({ query, cursors }) => {
        const cursor = cursors.read();
        const found = await audit.list(
          {
            organization: query.organization,
            object: query.object,
            actor: query.actor,
            actions: query.action,
            since_ms: query.since,
            until_ms: query.until,
          },
          { limit: query.limit, cursor },
        );
        return { status: 200, body: { data: found.items.map(view), next_cursor: cursors.write(found.next) } };
      },
    }),
  ];
}

function view({ id, ...record }: AuditRecord): z.output<typeof recordView> {
  return { id, recorded_at: new Date(auditIdMs(id) ?? 0).toISOString(), ...record };
}
