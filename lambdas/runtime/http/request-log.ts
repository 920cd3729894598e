import type { MiddlewareObj } from '@middy/core';
import type { LogFields, Logger } from '../logger.ts';
import type { StageMetrics } from '../metrics.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from './event.ts';

/**
 * One line for each request: route, status, duration, who, what the handler put into `context.logFields`, and its metrics.
 * Use it first, so that it sees the answer that all others made of the request.
 */
export function requestLog(
  logger: Logger,
  options: { now: () => number; metrics?: StageMetrics },
): MiddlewareObj<HttpEvent, HttpAnswer, Error, HttpContext> {
  const started = new WeakMap<object, number>();
  const write = (request: { event: HttpEvent | null; context: HttpContext; response?: HttpAnswer | null }): void => {
    const { event, context, response } = request;
    logger.info('request', {
      request_id: event?.requestContext?.requestId,
      route: event?.routeKey ?? undefined,
      status: response?.statusCode,
      duration_ms: options.now() - (started.get(request) ?? options.now()),
      ...context.logFields,
      ...(options.metrics?.take() as LogFields | undefined),
    });
  };
  return {
    before: (request) => {
      started.set(request, options.now());
      request.context.logFields = {};
    },
    after: write,
    onError: write,
  };
}
