import { z } from 'zod';
import type { CatalogueType } from '../../domain/catalogue/catalogue.ts';
import { catalogue } from '../../domain/catalogue/index.ts';
import { FORMATS } from '../../domain/formats/index.ts';
import { FORMAT_NAMES, type FormatName } from '../../domain/formats/names.ts';
import { PING, type PosthornEvent } from '../../domain/event.ts';
import type { RenderBody } from '../deliveries/view.ts';
import { route, type Route } from '../http/route.ts';
import { listOf } from '../subscriptions/schema.ts';

const eventType = z.object({
  name: z.string(),
  description: z.string(),
  triggers: z.array(z.string()).describe('The actions that trigger the event'),
  resource: z.string().nullable(),
  schema: z.unknown().describe('JSON Schema of `data`'),
  sample: z.unknown(),
  samples: z
    .partialRecord(z.enum(FORMAT_NAMES), z.string())
    .describe('The body of a request with the sample, in each format that can carry it'),
  deprecated: z.boolean().optional(),
});

const answer = listOf(eventType).extend({
  formats: z.array(
    z.object({
      name: z.enum(FORMAT_NAMES),
      description: z.string(),
      content_type: z.string(),
      deprecated: z.boolean().optional(),
    }),
  ),
});

/** Of every sample: 2026-01-31T09:15:00.123Z, and an id that says the same time. */
const SAMPLE = { id: 'evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7', enqueued_ms: Date.UTC(2026, 0, 31, 9, 15, 0, 123) };

/** `GET /v1/event-types`: the catalogue, the same for every key. */
export function catalogueRoutes({ render }: { render: RenderBody }): Route[] {
  let types: (CatalogueType & { samples: Record<string, string> })[] | undefined;
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
          data: (types ??= catalogue.types.map((type) => ({ ...type, samples: samplesOf(type, render) }))),
          next_cursor: null,
          formats: FORMAT_NAMES.map((name) => ({
            name,
            description: FORMATS[name].description,
            content_type: contentTypeOf(name),
            ...(FORMATS[name].deprecated ? { deprecated: true } : {}),
          })),
        },
      }),
    }),
  ];
}

/** Rendered as a delivery would be, with the operator's own settings. */
function samplesOf({ name, sample }: CatalogueType, render: RenderBody): Record<string, string> {
  const event: PosthornEvent = {
    ...SAMPLE,
    organization: 'org_1',
    type: name,
    triggering_location: 'API',
    ...(sample === null || name === PING ? {} : { data: JSON.stringify(sample) }),
  };
  const bodies = FORMAT_NAMES.map((format) => [format, render(event, format)] as const);
  return Object.fromEntries(bodies.filter((entry): entry is [(typeof FORMAT_NAMES)[number], string] => !!entry[1]));
}

/** The same for every event that a format carries; each carries pings. */
function contentTypeOf(format: FormatName): string {
  const ping: PosthornEvent = { ...SAMPLE, organization: 'org_1', type: PING, triggering_location: 'API' };
  const rendered = FORMATS[format].render(ping, { resource: null, clinicV1StatusCodes: {} });
  if (!rendered.sent) throw new Error(`Expected format ${format} to carry a ping; it does not: ${rendered.reason}`);
  return rendered.contentType;
}
