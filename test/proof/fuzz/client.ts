import { createHash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { HttpAnswer, HttpContext, HttpEvent } from '../../../lambdas/runtime/http/event.ts';

/** A request that anybody may send. */
export interface Input {
  method: string;
  /** May hold a query. */
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** What a request brought about. */
export interface Outcome {
  status: number;
  body: string;
  /** Wall-clock time, and CPU time of this process, milliseconds. */
  wallMs: number;
  cpuMs: number;
}

/** Sends a request to Posthorn. */
export type Send = (input: Input) => Promise<Outcome>;

const INGEST = ['POST /v1/events', 'POST /v1/events/batch'];

/** The handlers in this process. The environment must have been set by `startTenants`. */
export async function directly(): Promise<Send> {
  const ingest = await import('../../../lambdas/ingest/handler.ts');
  const api = await import('../../../lambdas/api/handler.ts');
  return async (input) => {
    const event = toEvent(input);
    const handler = INGEST.includes(event.routeKey ?? '') ? ingest.handler : api.handler;
    const context = { awsRequestId: 'request-1' } as Context as HttpContext;
    return timed(async () => {
      const { statusCode, body } = (await handler(event, context)) as HttpAnswer;
      return { status: statusCode, body };
    });
  };
}

async function timed(send: () => Promise<{ status: number; body: string }>): Promise<Outcome> {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const answer = await send();
  const { user, system } = process.cpuUsage(cpu);
  return { ...answer, wallMs: performance.now() - startedMs, cpuMs: (user + system) / 1000 };
}

/** As API Gateway hands bytes over: text when they are UTF-8, else base64. */
function toEvent({ method, path, headers, body }: Input): HttpEvent & { version: '2.0' } {
  const { pathname, search, searchParams } = new URL(path, 'http://api');
  const routeKey = `${method} ${pathname}`;
  const text = body?.toString();
  const isText = text !== undefined && Buffer.from(text).equals(body!);
  return {
    version: '2.0',
    routeKey: INGEST.includes(routeKey) ? routeKey : 'ANY /v1/{proxy+}',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(search === '' ? {} : { queryStringParameters: Object.fromEntries(searchParams) }),
    requestContext: {
      requestId: createHash('sha1').update(path).digest('hex').slice(0, 16),
      http: { method, path: pathname },
    },
    ...(body === undefined ? {} : { body: isText ? text : body.toString('base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}
