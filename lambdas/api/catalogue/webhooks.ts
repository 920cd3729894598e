import type { CatalogueType } from '../../domain/catalogue/catalogue.ts';
import { catalogue } from '../../domain/catalogue/index.ts';
import { PING, type PosthornEvent } from '../../domain/event.ts';
import { FORMATS } from '../../domain/formats/index.ts';
import { FORMAT_NAMES, type FormatName } from '../../domain/formats/names.ts';

type JsonSchema = Record<string, unknown>;

const TEXT = { type: 'string' };

/** What `/openapi.json` says of the requests that customers receive. */
export interface Webhooks {
  /** By `<type>/<format>`: each event type in each format that can carry it. */
  webhooks: Record<string, unknown>;
  /** What they refer to; `schemas` are those of `data`, by the type's name in one word: `VisitEnded`. */
  components: Record<'schemas' | 'parameters' | 'responses', Record<string, JsonSchema>>;
}

/** Any instant; an example has to have one. */
const TIME = { id: 'evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7', enqueued_ms: Date.UTC(2026, 0, 31, 9, 15, 0, 123) };
const NEEDED: PosthornEvent = { ...TIME, organization: 'org_1', type: '', triggering_location: 'API' };
const WHOLE: PosthornEvent = { ...NEEDED, account: 'north', resource_id: '28540' };

const HEADERS: readonly (readonly [name: string, description: string])[] = [
  ['webhook-id', 'Id of the event, the same on every retry'],
  ['webhook-timestamp', 'When this attempt was made, seconds since 1970'],
  [
    'webhook-signature',
    'v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated',
  ],
];
const RESPONSES: Record<string, [name: string, description: string]> = {
  '2XX': ['Delivered', 'Delivered; a subscription may require exactly 200'],
  410: ['NoMore', 'No more events: the subscription is deactivated'],
  429: ['TooMany', 'Too many: nothing is sent until Retry-After'],
  default: ['NotDelivered', 'Not delivered: up to three more tries'],
};

/** Describes every request that a customer can receive, made of the very formats that are sent. */
export function describeWebhooks(): Webhooks {
  const webhooks: Record<string, unknown> = {};
  const schemas: Record<string, JsonSchema> = {};
  for (const type of catalogue.types) {
    if (type.name !== PING) schemas[schemaName(type.name)] = withoutDialect(type.schema);
    for (const format of FORMAT_NAMES) {
      const request = describe(type, format);
      if (request) webhooks[`${type.name}/${format}`] = { post: request };
    }
  }
  const parameters = Object.fromEntries(
    HEADERS.map(([name, description]) => [name, { name, in: 'header', required: true, description, schema: TEXT }]),
  );
  const responses = Object.fromEntries(Object.values(RESPONSES).map(([name, description]) => [name, { description }]));
  return { webhooks, components: { schemas, parameters, responses } };
}

/** @returns undefined when the format cannot carry the type. */
function describe(type: CatalogueType, format: FormatName): Record<string, unknown> | undefined {
  const whole = renderedOf(type, format, WHOLE);
  const needed = renderedOf(type, format, NEEDED);
  if (!whole || !needed) return undefined;
  const { contentType, headers } = whole;
  return {
    operationId: `${type.name}/${format}`,
    summary: `${type.description} Format ${format}.`,
    ...((type.deprecated || FORMATS[format].deprecated) && { deprecated: true }),
    parameters: [
      ...HEADERS.map(([name]) => ({ $ref: `#/components/parameters/${name}` })),
      ...Object.keys(headers).map((name) => ({ name, in: 'header', required: false, schema: TEXT })),
    ],
    requestBody: {
      required: true,
      content: {
        [contentType]: {
          schema: {
            type: 'object',
            properties: Object.fromEntries(
              Object.entries(whole.body).map(([name, value]) => [name, schemaOf(value, type, name)]),
            ),
            required: Object.keys(needed.body),
          },
          example: whole.body,
        },
      },
    },
    responses: Object.fromEntries(
      Object.entries(RESPONSES).map(([status, [name]]) => [status, { $ref: `#/components/responses/${name}` }]),
    ),
  };
}

function renderedOf({ name, resource, sample }: CatalogueType, format: FormatName, event: PosthornEvent) {
  const data = sample === null || name === PING ? {} : { data: JSON.stringify(sample) };
  // A status word of a sample has a code in every deployment's table, or the format is left out here.
  // The last day of clinic-v1 is what its headers say, once there is one.
  const clinicV1Sunset = '2027-01-01';
  const context = {
    resource,
    clinicV1Sunset,
    clinicV1StatusCodes: Object.fromEntries(statusOf(sample).map((word) => [word, '1'])),
  };
  const rendered = FORMATS[format].render({ ...event, type: name, ...data }, context);
  if (!rendered.sent) return undefined;
  const { body, contentType, headers } = rendered;
  return { contentType, headers, body: JSON.parse(body) as Record<string, unknown> };
}

function statusOf(sample: unknown): string[] {
  const status = typeof sample === 'object' && sample !== null ? (sample as Record<string, unknown>).status : undefined;
  return typeof status === 'string' ? [status] : [];
}

/** The schema of one member of a body: the catalogue's, where it is the event's data as it came. */
function schemaOf(value: unknown, type: CatalogueType, name: string): JsonSchema {
  if (type.name !== PING && JSON.stringify(value) === JSON.stringify(type.sample)) {
    return { $ref: `#/components/schemas/${schemaName(type.name)}` };
  }
  if (name === 'type' || name === 'event') return { type: 'string', const: value };
  if (value === null) return { type: ['string', 'null'] };
  if (typeof value !== 'object') return { type: typeof value };
  if (Array.isArray(value)) return { type: 'array' };
  const members = Object.entries(value).map(([key, member]) => [key, schemaOf(member, type, '')] as const);
  return { type: 'object', properties: Object.fromEntries(members) };
}

/** The name of a type's schema: `VisitEnded`. */
export function schemaName(type: string): string {
  return type.replaceAll(/(?:^|[._-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
