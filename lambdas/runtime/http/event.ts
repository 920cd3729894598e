import type { Context } from 'aws-lambda';
import type { Principal } from '../../domain/api-key.ts';
import type { LogFields } from '../../domain/telemetry.ts';

/**
 * What API Gateway's HTTP API hands to a function (payload 2.0), as far as it is read here. Every member may be
 * missing or null: a direct call of the function can leave anything out, and must be answered, not crash.
 */
export interface HttpEvent {
  /** `POST /v1/events`: the route as configured, not the path as sent. */
  routeKey?: string | null;
  rawPath?: string | null;
  rawQueryString?: string | null;
  headers?: Record<string, string | undefined> | null;
  /** `name=value` each; payload 2.0 has no header `cookie`. */
  cookies?: string[] | null;
  /** Only in payload 1.0; then it holds all values where `headers` holds the last. */
  multiValueHeaders?: Record<string, string[] | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
  pathParameters?: Record<string, string | undefined> | null;
  requestContext?: {
    requestId?: string;
    domainName?: string;
    http?: { method?: string; path?: string; sourceIp?: string };
  } | null;
  body?: string | null;
  isBase64Encoded?: boolean | null;
}

/** The answer, as API Gateway takes it. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  /** Values of `set-cookie`. */
  cookies?: string[];
  /** True: `body` is base64. */
  isBase64Encoded?: boolean;
}

/** The Lambda context after the middlewares of this folder. */
export interface HttpContext extends Context {
  /** Set by {@link authenticate}. */
  principal: Principal;
  /** What the request's one log line says beyond the usual; the handler adds to it. Ids, counts, decisions. */
  logFields: LogFields;
}

/**
 * Where the API is, as the caller reached it, without a slash at its end; the local run has no TLS.
 * @param domain that callers reach it by where API Gateway does not know it; empty: API Gateway does.
 */
export function baseUrlOf(event: HttpEvent, domain = ''): string {
  const host = event.requestContext?.domainName ?? header(event, 'host') ?? '';
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
  return isLocal ? `http://${host}` : `https://${domain || host}`;
}

/** A request as it would be without the base path, which API Gateway leaves in the paths, but for its routes. */
export function withoutBase(event: HttpEvent, basePath: string): HttpEvent {
  const cut = (path: string): string =>
    path === basePath || path.startsWith(`${basePath}/`) ? path.slice(basePath.length) || '/' : path;
  const http = event.requestContext?.http;
  return {
    ...event,
    ...(event.rawPath && { rawPath: cut(event.rawPath) }),
    ...(http?.path && { requestContext: { ...event.requestContext, http: { ...http, path: cut(http.path) } } }),
  };
}

/**
 * Cookies of ours, by what follows `posthorn-` in their names. With TLS only those whose prefix says that this very host has
 * set them (RFC 6265bis §4.1.3.2): a neighbour under the same domain could set others.
 */
export function ownCookies(event: HttpEvent): Record<string, string> {
  const prefix = `${baseUrlOf(event).startsWith('https:') ? '__Host-' : ''}posthorn-`;
  const pairs = (event.cookies ?? []).flatMap((text) => {
    const at = typeof text === 'string' && text.startsWith(prefix) ? text.indexOf('=') : -1;
    return at < 0 ? [] : [[text.slice(prefix.length, at), text.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

/**
 * The value of a header; several values are joined by a comma, as RFC 9110 §5.3 has it.
 * @param name in small letters; the event may spell it in any case.
 */
export function header(event: HttpEvent | null, name: string): string | undefined {
  const all = valuesOf(event?.multiValueHeaders, name).flat();
  const values = all.length > 0 ? all : valuesOf(event?.headers, name);
  return values.length > 0 ? values.join(',') : undefined;
}

function valuesOf<T>(headers: Record<string, T | undefined> | null | undefined, name: string): T[] {
  const values: T[] = [];
  for (const key of Object.keys(headers ?? {})) {
    const value = headers?.[key];
    if (key.length === name.length && key.toLowerCase() === name && value !== undefined && value !== null) {
      values.push(value);
    }
  }
  return values;
}

/** An answer whose body is this value as JSON. */
export function jsonAnswer(statusCode: number, value: unknown): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
