import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type { Context } from 'aws-lambda';
import { ID_PATTERN } from '../../domain/event.ts';
import { parseAttemptId } from '../../domain/delivery/attempt.ts';
import { hasScope } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import { authenticate, CONSOLE_HEADER, credentialOf } from '../../runtime/http/authenticate.ts';
import { readBody } from '../../runtime/http/body.ts';
import { onlyThroughEdge } from '../../runtime/http/edge.ts';
import {
  baseUrlOf,
  header,
  ownCookies,
  withoutBase,
  type HttpAnswer,
  type HttpContext,
  type HttpEvent,
} from '../../runtime/http/event.ts';
import { limitRate } from '../../runtime/http/rate-limit.ts';
import { problemJson } from '../../runtime/http/problem-json.ts';
import { requestLog } from '../../runtime/http/request-log.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ApiKeyStore } from '../../stores/api-keys.ts';
import type { QuotaStore } from '../../stores/quotas.ts';
import type { SessionStore } from '../../stores/sessions.ts';
import { notFound } from './access.ts';
import { serveConsole, type ConsoleFiles } from '../console/console.ts';
import { filesBelow } from '../console/files-below.ts';
import { createCursors } from './cursors.ts';
import { csvAnswer, csvColumns, prefersCsv } from './list-as-csv.ts';
import { changesNothing, type ApiAnswer, type Route } from './route.ts';
import { noQuery } from './query-schema.ts';
import { check, parseBody } from './validate.ts';

/** Largest body of a management request, bytes: 20 headers of 4 KiB and a description fit. */
const MAX_BODY_BYTES = 128 * 1024;
/** What the dispatcher needs besides the routes. */
export interface DispatchOptions {
  apiKeys: Pick<ApiKeyStore, 'byHash'>;
  sessions: Pick<SessionStore, 'find' | 'touch'>;
  quotas: Pick<QuotaStore, 'count'>;
  /** Requests a second that one key may make. */
  requestsPerKey: number;
  /** Requests a day that one key of an organization may make. */
  requestsPerKeyADay: number;
  /** Served at `/` and below `/console/`. */
  console: ConsoleFiles;
  /** Origins of pages that may show the console in a frame, separated by blanks; empty: none. */
  frameAncestors: string;
  /** Domain name by which callers reach the API where API Gateway does not know it; empty: it does. */
  publicDomain: string;
  /** Path below which callers reach it, with its first slash; empty: none. */
  basePath: string;
  /** Secrets of the distribution before the API, separated by commas; empty: there is none. */
  edgeSecrets: string;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The Lambda handler that serves routes: finds the route, then the caller, checks query and body, then calls it. */
export function createHandler(routes: readonly Route[], options: DispatchOptions) {
  const identify = authenticate(options.apiKeys, { now: options.now, sessions: options.sessions });
  const { quotas, requestsPerKey: perSecond, requestsPerKeyADay: perDay, now } = options;
  const limit = limitRate({ quotas, perSecond, perDay, now });
  const files = filesBelow(options.console, options.basePath);
  const page = (event: HttpEvent): Promise<HttpAnswer> =>
    serveConsole(files, event.rawPath ?? '/', header(event, 'accept-encoding'), options.frameAncestors);
  const pages = ['/', '/console', '/console/{proxy+}', '/docs', '/docs/{proxy+}'].map((path) => ({
    method: 'GET',
    path,
    handler: page,
  }));
  const router = httpRouter({
    routes: routes
      .map((route) => {
        const serve = middy<HttpEvent, HttpAnswer, Error, HttpContext>().handler((event: HttpEvent, context: Context) =>
          answer(route, event, context as HttpContext, baseUrlOf(event, options.publicDomain) + options.basePath),
        );
        return {
          method: route.method,
          path: route.path,
          handler: route.access === 'public' ? serve : serve.use(identify).use(limit),
        };
      })
      .concat(pages as never) as never,
    notFoundResponse: () => {
      throw new Problem('not-found', 'No route of the API has this method and path. /openapi.json lists them all.');
    },
  });
  return middy()
    .use(requestLog(options.logger, { now: options.now }))
    .use(problemJson(options.logger))
    .use(onlyThroughEdge(options.edgeSecrets))
    .handler((event: HttpEvent | null, context: Context) => {
      // A direct call can leave anything out; the router needs method, path and the payload's version.
      const { method, path } = event?.requestContext?.http ?? {};
      if (!method || !path) throw new Problem('not-found', 'Expected an HTTP request.');
      return (router as unknown as (event: unknown, context: Context) => Promise<HttpAnswer>)(
        { ...withoutBase(event!, options.basePath), version: '2.0' },
        context,
      );
    });
}

async function answer(route: Route, event: HttpEvent, context: HttpContext, baseUrl: string): Promise<HttpAnswer> {
  context.logFields = { ...context.logFields, operation: route.operation };
  if (typeof route.access === 'object' && !route.access.some((scope) => hasScope(context.principal, scope))) {
    throw new Problem('forbidden', `Expected an API key with one of the scopes: ${route.access.join(', ')}.`);
  }
  if (context.principal?.readOnly && !changesNothing(route)) {
    throw new Problem('forbidden', 'This API key is read_only. Use one that may change things.');
  }
  if (context.principal?.account !== undefined && route.access !== 'any-key' && !route.forAccounts) {
    throw new Problem('forbidden', 'This API key belongs to one account. Use one of the whole organization.');
  }
  const params = pathParameters(route, event);
  const query = check(route.query ?? noQuery, event.queryStringParameters ?? {}, '?') as Record<string, unknown>;
  const bodyText = readText(route, event);
  const request = {
    principal: context.principal,
    params,
    query,
    body: readJson(route, bodyText),
    bodyText,
    cursors: createCursors(credentialOf(event), listName(route, params, query), query.cursor as string),
    baseUrl,
    cookies: ownCookies(event),
    fromConsole: header(event, CONSOLE_HEADER) === 'console',
  };
  const given = await route.handle(request as never);
  const columns = csvColumns(route);
  if (!columns || !prefersCsv(header(event, 'accept'))) return toHttp(given);
  const path = event.requestContext?.http?.path ?? route.path;
  return csvAnswer({ baseUrl: request.baseUrl, path, query: event.queryStringParameters ?? {} }, columns, given);
}

/** Ids as the caller wrote them. What cannot be an id is answered like an id that does not exist. */
function pathParameters(route: Route, event: HttpEvent): Record<string, string> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  const entries = names.map((name) => [name, event.pathParameters?.[name] ?? ''] as const);
  const areIds = entries.every(([, value]) => ID_PATTERN.test(value) || parseAttemptId(value) !== undefined);
  if (!areIds) throw notFound();
  return Object.fromEntries(entries);
}

function readText(route: Route, event: HttpEvent): string {
  if (!route.body || (route.bodyOptional && !event.body)) return '';
  return readBody(event, { maxBytes: MAX_BODY_BYTES }).text;
}

function readJson(route: Route, text: string): unknown {
  if (!route.body) return undefined;
  const schema = route.body;
  const checkBody = route.bodyCheck ?? ((value: unknown) => check(schema, value, ''));
  return checkBody(route.bodyOptional && text === '' ? {} : parseBody(text));
}

/** A list and its filters: a cursor belongs to exactly these. */
function listName(route: Route, params: Record<string, string>, query: Record<string, unknown>): string {
  const filters = Object.entries(query).filter(([name]) => name !== 'cursor' && name !== 'limit');
  return JSON.stringify([route.path, params, filters.sort()]);
}

function toHttp({ status, body, verbatim = {}, cacheSeconds, location, cookies }: ApiAnswer): HttpAnswer {
  const headers = {
    'content-type': 'application/json',
    'cache-control': cacheSeconds === undefined ? 'no-store' : `public, max-age=${cacheSeconds}`,
  };
  const more = { ...(location !== undefined && { headers: { ...headers, location } }), ...(cookies && { cookies }) };
  if (body === undefined) return { statusCode: status, headers, body: '', ...more };
  const members = Object.entries(verbatim)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `,${JSON.stringify(name)}:${text}`);
  return { statusCode: status, headers, body: `${JSON.stringify(body).slice(0, -1)}${members.join('')}}` };
}
