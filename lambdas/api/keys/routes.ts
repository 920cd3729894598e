import { z } from 'zod';
import { keyFaults, MAX_KEY_DESCRIPTION, SCOPES, type KeyRights } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiKey, ApiKeyStore } from '../../stores/api-keys.ts';
import { notFound } from '../http/access.ts';
import type { Auditor } from '../audit/audit.ts';
import type { RefuseClosed } from '../purges/routes.ts';
import { route, type Route } from '../http/route.ts';
import { organizationFilter, owner, page } from '../http/query-schema.ts';
import { listOf } from '../subscriptions/schema.ts';

const keyView = z.object({
  id: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  organization: z.string().optional(),
  account: z.string().optional(),
  read_only: z.boolean().optional(),
  payloads: z.boolean().optional(),
  description: z.string().optional(),
  created_at: z.string(),
  expires_at: z.string().optional(),
  revoked_at: z.string().optional(),
});

export interface ApiKeyRouteDeps {
  apiKeys: ApiKeyStore;
  refuseClosed: RefuseClosed;
  record: Auditor;
  newKey(): { id: string; key: string; hash: string };
  now(): number;
}

/** `/v1/api-keys`: made, listed and revoked by admins. The key itself is in one answer only, when it is made. */
export function apiKeyRoutes({ apiKeys, refuseClosed, record, newKey, now }: ApiKeyRouteDeps): Route[] {
  return [
    route({
      operation: 'createApiKey',
      method: 'POST',
      path: '/v1/api-keys',
      summary: 'Create an API key; the key is shown only in this answer',
      access: ['admin'],
      body: z.strictObject({
        scopes: z.array(z.enum(SCOPES)).min(1, 'expected at least one scope'),
        organization: organizationFilter.describe('Binds the key to one organization; the scope organization needs it'),
        account: owner.optional().describe('With the scope organization: the key sees only this account of it'),
        read_only: z.boolean().optional().describe('With the scope organization: the key may read but change nothing'),
        payloads: z
          .boolean()
          .optional()
          .describe('With the scope organization; false: the key may not see bodies of events and attempts'),
        expires_at: z
          .string()
          .optional()
          .describe('When the key expires, within a year: ISO 8601 in UTC, such as 2026-12-31T23:59:59.000Z'),
        description: z.string().max(MAX_KEY_DESCRIPTION).optional(),
      }),
      success: {
        status: 201,
        description: 'The key',
        schema: keyView.extend({ key: z.string().describe('Shown only in this answer') }),
      },
      handle: async ({ principal, body }) => {
        refuseFaults(body, now());
        await refuseClosed(body.organization);
        const { id, key, hash } = newKey();
        const made: ApiKey = {
          id,
          hash,
          scopes: [...new Set(body.scopes)],
          organization: body.organization,
          account: body.account,
          read_only: body.read_only,
          payloads: body.payloads,
          description: body.description,
          created_at: new Date(now()).toISOString(),
          expires_at: body.expires_at && new Date(body.expires_at).toISOString(),
        };
        const { hash: _hash, ...shown } = made;
        await record(principal, { action: 'api_key.created', ...about(made), after: shown });
        await apiKeys.create(made);
        return { status: 201, body: { ...view(made), key } };
      },
    }),
    route({
      operation: 'listApiKeys',
      method: 'GET',
      path: '/v1/api-keys',
      summary: 'API keys without the keys themselves',
      access: ['admin'],
      query: z.strictObject({ limit: page.limit, cursor: page.cursor }),
      success: { status: 200, description: 'A page of keys', schema: listOf(keyView) },
      handle: async ({ query, cursors }) => {
        const cursor = cursors.read();
        const found = await apiKeys.list({ limit: query.limit, cursor });
        return { status: 200, body: { data: found.items.map(view), next_cursor: cursors.write(found.next) } };
      },
    }),
    route({
      operation: 'revokeApiKey',
      method: 'DELETE',
      path: '/v1/api-keys/{id}',
      summary: 'Revoke an API key; it stops working within 60 s',
      access: ['admin'],
      success: { status: 204, description: 'Revoked' },
      handle: async ({ principal, params }) => {
        // The other way round than elsewhere: a leaked key must die even while no record can be written. The caller
        // then gets a 503, asks again, and that leaves the record.
        if (!(await apiKeys.revoke(params.id!, new Date(now()).toISOString()))) throw notFound();
        await record(principal, { action: 'api_key.revoked', ...about({ id: params.id! }), changed: ['revoked_at'] });
        return { status: 204 };
      },
    }),
  ];
}

/** @throws Problem for rights that do not go together, and for an end that is none. */
function refuseFaults(rights: KeyRights, nowMs: number): void {
  const errors = keyFaults(rights, nowMs).map(({ field, detail }) => ({ pointer: `/${field}`, detail }));
  if (errors.length > 0) throw new Problem('invalid-request', 'The body is not valid. See errors.', errors);
}

function about({ id, organization }: Pick<ApiKey, 'id' | 'organization'>) {
  return { type: 'api_key', id, organization } as const;
}

function view({ hash: _hash, ...shown }: ApiKey): z.output<typeof keyView> {
  return shown;
}
