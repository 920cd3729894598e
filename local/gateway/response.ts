import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { isThrottled } from '../lambda/account-concurrency.ts';
import type { InvocationResult } from '../lambda/result.ts';

/** An HTTP answer, ready to be written. */
export interface GatewayResponse {
  status: number;
  /** A list is written as several headers of one name. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const structured = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** An answer that the gateway gives by itself, in API Gateway's shape. */
export function gatewayMessage(status: number, message: string): GatewayResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ message })) };
}

/** The answer that a function's result becomes, payload format 2.0. */
export function toResponse(result: InvocationResult): GatewayResponse {
  const broken = gatewayMessage(500, 'Internal Server Error');
  if (isThrottled(result)) return gatewayMessage(503, 'Service Unavailable');
  if (!result.ok) return broken;
  const value: unknown = JSON.parse(result.payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) return plain(value, result.payload);
  const parsed = structured.safeParse(value);
  if (!parsed.success) return broken;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const named: GatewayResponse['headers'] = { 'content-type': 'text/plain; charset=utf-8' };
  for (const [name, header] of Object.entries(headers ?? {})) {
    if (!isValidHeader(name, String(header))) return broken;
    named[name.toLowerCase()] = String(header);
  }
  if (cookies?.length) named['set-cookie'] = cookies;
  return { status: statusCode, headers: named, body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8') };
}

/** A result without statusCode is the body of a 200. */
function plain(value: unknown, json: string): GatewayResponse {
  const body = Buffer.from(typeof value === 'string' ? value : json);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function isValidHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
