import { z } from 'zod';
import { maySeePayloads, SCOPES } from '../../domain/api-key.ts';
import { route, type Route } from '../http/route.ts';

/** `GET /v1/me`: what the caller's own key may do. The console shows only what the key may see. */
export function meRoutes(): Route[] {
  return [
    route({
      operation: 'getMe',
      method: 'GET',
      path: '/v1/me',
      summary: "The caller's own API key: its id and rights",
      access: 'any-key',
      success: {
        status: 200,
        description: 'The key, without the key itself',
        schema: z.object({
          id: z.string(),
          scopes: z.array(z.enum(SCOPES)),
          organization: z.string().optional(),
          account: z.string().optional(),
          read_only: z.literal(true).optional().describe('The key may change nothing'),
          payloads: z.boolean().describe('Whether the key may see bodies of events and attempts'),
          expires_at: z.string().optional().describe('ISO 8601 with milliseconds, UTC'),
        }),
      },
      handle: async ({ principal }) => ({
        status: 200,
        body: {
          id: principal.keyId,
          scopes: principal.scopes,
          organization: principal.organization,
          account: principal.account,
          read_only: principal.readOnly,
          payloads: maySeePayloads(principal),
          expires_at: principal.expiresMs === undefined ? undefined : new Date(principal.expiresMs).toISOString(),
        },
      }),
    }),
  ];
}
