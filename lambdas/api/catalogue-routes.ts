import { z } from 'zod';
import { catalogue } from '../domain/catalogue/index.ts';
import { FORMATS } from '../domain/formats/index.ts';
import { FORMAT_NAMES } from '../domain/formats/names.ts';
import { route, type Route } from './route.ts';
import { listOf } from './schemas/subscription.ts';

const eventType = z.object({
  name: z.string(),
  description: z.string(),
  triggers: z.array(z.string()).describe('What people and machines do that leads to the event'),
  resource: z.string().nullable(),
  schema: z.unknown().describe('JSON Schema of `data`'),
  sample: z.unknown(),
  deprecated: z.boolean().optional(),
});

const answer = listOf(eventType).extend({
  formats: z.array(
    z.object({ name: z.enum(FORMAT_NAMES), description: z.string(), deprecated: z.boolean().optional() }),
  ),
});

/** `GET /v1/event-types`: the catalogue, the same for every key. */
export function catalogueRoutes(): Route[] {
  return [
    route({
      operation: 'listEventTypes',
      method: 'GET',
      path: '/v1/event-types',
      summary: 'The catalogue: every event type with its triggers and schema, and the formats',
      access: 'any-key',
      success: { status: 200, description: 'All of them, on one page', schema: answer },
      handle: async () => ({
        status: 200,
        body: {
          data: catalogue.types,
          next_cursor: null,
          formats: FORMAT_NAMES.map((name) => ({
            name,
            description: FORMATS[name].description,
            ...(FORMATS[name].deprecated ? { deprecated: true } : {}),
          })),
        },
      }),
    }),
  ];
}
