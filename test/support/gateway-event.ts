import type { HttpEvent } from '../../lambdas/runtime/http/event.ts';
import type { InputRequest } from './api-inputs.ts';

/**
 * How API Gateway may hand the body over. `text` is what it does for JSON: bytes that are no UTF-8 are lost, replaced
 * by U+FFFD.
 */
export type BodyEncoding = 'text' | 'base64';

/** A request as API Gateway's HTTP API (payload 2.0) hands it to a function. */
export function toGatewayEvent(request: InputRequest, routeKey: string, encoding: BodyEncoding): HttpEvent {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const body = request.body?.subarray(0, request.contentLength ?? request.body.length);
  if (body && !request.chunked) headers['content-length'] = String(body.length);
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value.trim() : `${headers[key]},${value.trim()}`;
  }
  const event: HttpEvent = {
    routeKey,
    rawPath: request.path,
    headers,
    requestContext: { requestId: 'request-1', http: { method: request.method, path: request.path } },
    ...(body ? { body: body.toString(encoding === 'text' ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: encoding === 'base64',
  };
  if (!request.invoke) return event;
  // A direct call: what the case names is as it says; the caller is signed in unless the case leaves out the maps.
  const base =
    Object.keys(request.invoke).length === 0 ? {} : { routeKey, headers: { ...headers }, isBase64Encoded: false };
  return { ...base, ...request.invoke };
}
