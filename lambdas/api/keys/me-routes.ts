import { z } from 'zod';
import { SCOPES } from '../../domain/api-key.ts';
import { route, type Route } from '../http/route.ts';

/** `GET /v1/me`: what the caller's own key may do. The console shows only what the key may see. */
export function meRoutes(): Route[] {
  return [
    route({
      operation: 'getMe',
      method: 'GET',
      path: '/v1/me',
      summary: "The caller's own API key: its id, scopes and organization",
      access: 'any-key',
      success: {
        status: 200,
        description: 'The key, without the key itself',
        schema: z.object({ id: z.string(), scopes: z.array(z.enum(SCOPES)), organization: z.string().optional() }),
      },
      handle: async ({ principal: { keyId, scopes, organization } }) => ({
        status: 200,
        body: { id: keyId, scopes, organization },
      }),
    }),
  ];
}
