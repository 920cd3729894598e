import { z } from 'zod';
import { CSV_TYPE, csvColumns } from './list-as-csv.ts';
import { route, type Route } from './route.ts';
import { problemView } from './problem-schema.ts';
import { describeWebhooks } from '../catalogue/webhooks.ts';
import { publishBatchInput, publishedBatchView, publishedView, publishInput } from '../events/publish-schema.ts';

const PROBLEM_ANSWER = {
  description: 'What was wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

type Paths = Record<string, Record<string, unknown>>;

/**
 * Routes of the ingest function, described here so that one document names them all. Only when it is asked for: describing them
 * takes a tenth of what the api function takes to load.
 */
const publishPaths = (): Paths => ({
  '/v1/events': { post: publish('publishEvent', 'Publish one event', publishInput, publishedView) },
  '/v1/events/batch': {
    post: publish('publishEvents', 'Publish up to 100 events', publishBatchInput, publishedBatchView),
  },
});

/** The OpenAPI 3.1 description of the API, made of the very routes that are served. */
export function createOpenApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths = publishPaths();
  for (const described of routes) {
    const path = (paths[described.path] ??= {});
    path[described.method.toLowerCase()] = operation(described);
  }
  const { webhooks, components } = describeWebhooks();
  return {
    openapi: '3.1.0',
    info: { title: 'Posthorn', version, description: 'Webhook delivery' },
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      ...components,
      schemas: { Problem: toJsonSchema(problemView), ...components.schemas },
    },
    paths,
    webhooks,
  };
}

/** `GET /openapi.json`. @param version of Posthorn. */
export function openApiRoute(others: readonly Route[], version: string): Route {
  let document: Record<string, unknown> | undefined;
  const self: Route = route({
    operation: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    access: 'public',
    success: { status: 200, description: 'OpenAPI 3.1' },
    handle: async ({ baseUrl }) => {
      document ??= createOpenApi([...others, self], version);
      const path = URL.parse(baseUrl)?.pathname ?? '/';
      // Without a path it is where the description was fetched, which is what no servers mean.
      return { status: 200, body: path === '/' ? document : { ...document, servers: [{ url: path }] } };
    },
  });
  return self;
}

function operation(described: Route) {
  const { operation, path, summary, query, body, bodyOptional, success, otherwise } = described;
  const pathParameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const csv = describeCsv(described);
  return {
    operationId: operation,
    summary,
    ...security(described),
    parameters: [...pathParameters, ...(query ? queryParameters(query) : [])],
    ...(body
      ? { requestBody: { required: !bodyOptional, content: { 'application/json': { schema: toJsonSchema(body) } } } }
      : {}),
    responses: {
      [success.status]: {
        description: success.description,
        ...(success.schema
          ? { content: { 'application/json': { schema: toJsonSchema(success.schema) }, ...csv?.content } }
          : {}),
        ...(csv && { headers: csv.headers }),
      },
      ...(otherwise
        ? {
            [otherwise.status]: {
              description: otherwise.description,
              content: { 'application/json': { schema: toJsonSchema(otherwise.schema) } },
            },
          }
        : {}),
      default: PROBLEM_ANSWER,
    },
  };
}

/** The second media type of a list, and where its next page is. */
function describeCsv(described: Route) {
  const columns = csvColumns(described);
  if (!columns) return undefined;
  const description = `RFC 4180, with a line of headings: ${columns.join(', ')}. Lists and objects are JSON`;
  return {
    content: { [CSV_TYPE]: { schema: { type: 'string', description } } },
    headers: {
      link: {
        description: `With ${CSV_TYPE}, when more follows: the address of the next page, with rel="next" (RFC 8288)`,
        schema: { type: 'string' },
      },
    },
  };
}

/**
 * `x-scopes` names the scopes of which the key needs one; without it any valid key will do. `x-changes-nothing`: although
 * it is no GET, a key that is `read_only` may call it. `x-account-keys`: keys of one account may, too.
 */
function security({ access, onlyReads, forAccounts }: Route): Record<string, unknown> {
  if (access === 'public') return { security: [] };
  return {
    security: [{ apiKey: [] }],
    ...(access === 'any-key' ? {} : { 'x-scopes': access }),
    ...(onlyReads && { 'x-changes-nothing': true }),
    ...(forAccounts && { 'x-account-keys': true }),
  };
}

function queryParameters(query: z.ZodObject): unknown[] {
  const schema = toJsonSchema(query) as { properties?: Record<string, { description?: string }> };
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: 'query',
    required: false,
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

/** The schema of what callers send: before defaults and conversions. */
function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function publish(operationId: string, summary: string, body: z.ZodType, accepted: z.ZodType): Record<string, unknown> {
  return {
    operationId,
    summary,
    security: [{ apiKey: [] }],
    'x-scopes': ['events:write'],
    parameters: [
      { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(body) } } },
    responses: {
      202: { description: 'SQS has it', content: { 'application/json': { schema: toJsonSchema(accepted) } } },
      default: PROBLEM_ANSWER,
    },
  };
}
