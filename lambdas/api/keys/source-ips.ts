import { z } from 'zod';
import { route, type Route } from '../http/route.ts';

/** `GET /v1/source-ips`: which addresses requests come from, for customers' allow-lists. */
export function sourceIpRoutes({ sourceIps }: { sourceIps: readonly string[] }): Route[] {
  return [
    route({
      operation: 'getSourceIps',
      method: 'GET',
      path: '/v1/source-ips',
      summary: 'The addresses that deliveries are sent from, for allow-lists',
      access: 'any-key',
      success: {
        status: 200,
        description: 'The addresses; if they are not fixed, requests come from any AWS address of the region',
        schema: z.object({
          fixed: z.boolean().describe('Whether there are fixed addresses'),
          addresses: z.array(z.string()).describe('IPv4 addresses; all of them are in use'),
        }),
      },
      handle: async () => ({ status: 200, body: { fixed: sourceIps.length > 0, addresses: [...sourceIps] } }),
    }),
  ];
}
