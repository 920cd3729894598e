import { isUtf8 } from 'node:buffer';

/** The parts of an HTTP request that an event is made of. */
export interface GatewayRequest {
  method: string;
  /** Decoded path, as routes see it. */
  decodedPath: string;
  /** Query string as it came, without question mark. */
  query: string;
  /** Names and values alternating, as they came. */
  rawHeaders: string[];
  body: Buffer;
  sourceIp: string;
  protocol: string;
}

/** What API Gateway knows about itself and the route. */
export interface GatewayContext {
  accountId: string;
  apiId: string;
  host: string;
  requestId: string;
  timeMs: number;
  routeKey: string;
  parameters: Record<string, string>;
}

/**
 * The event of a Lambda proxy integration, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: GatewayRequest, context: GatewayContext): Record<string, unknown> {
  const { headers, cookies } = readHeaders(request.rawHeaders);
  const query = readQuery(request.query);
  const asText = isText(headers['content-type']) && isUtf8(request.body);
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: request.decodedPath,
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: requestContext(request, context, headers['user-agent'] ?? ''),
    ...(Object.keys(context.parameters).length > 0 ? { pathParameters: context.parameters } : {}),
    ...(request.body.length > 0 ? { body: request.body.toString(asText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: request.body.length > 0 && !asText,
  };
}

function requestContext(request: GatewayRequest, context: GatewayContext, userAgent: string): Record<string, unknown> {
  return {
    accountId: context.accountId,
    apiId: context.apiId,
    domainName: context.host,
    domainPrefix: context.host.split(/[.:]/)[0],
    http: {
      method: request.method,
      path: request.decodedPath,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent,
    },
    requestId: context.requestId,
    routeKey: context.routeKey,
    stage: '$default',
    time: commonLogTime(context.timeMs),
    timeEpoch: context.timeMs,
  };
}

/** Names in lower case, values of the same name joined by comma; cookies apart. */
function readHeaders(raw: string[]): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const cookies: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    const value = raw[i + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter(Boolean));
    else headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
  }
  return { headers: { ...headers }, cookies };
}

/** Decoded values; those of the same name joined by comma. */
function readQuery(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

/** API Gateway hands these types over as text and every other type as base64. */
function isText(contentType = 'text/plain'): boolean {
  return /^(text\/.*|application\/(.*\+)?(json|xml)|application\/javascript)\s*(;|$)/i.test(contentType.trim());
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** E.g. `12/Mar/2026:19:03:58 +0000`. */
function commonLogTime(ms: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
