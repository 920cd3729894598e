import type { MiddlewareObj } from '@middy/core';
import { Problem } from '../../domain/problem.ts';
import { errorFields, type Logger } from '../logger.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from './event.ts';

/**
 * Turns what was thrown into `application/problem+json` (RFC 9457). Anything but a {@link Problem} is a fault of ours or
 * of AWS: it is logged by name only, and the answer says nothing of it but 503.
 */
export function problemJson(logger: Logger): MiddlewareObj<HttpEvent, HttpAnswer, Error, HttpContext> {
  return {
    onError: (request) => {
      const problem = request.error instanceof Problem ? request.error : unexpected(request.error, logger);
      request.context.logFields = { ...request.context.logFields, problem: problem.problem };
      request.response = problemAnswer(problem);
    },
  };
}

function unexpected(error: unknown, logger: Logger): Problem {
  logger.error('unexpected error', errorFields(error));
  return new Problem('unavailable', 'The service could not finish this request. Send it again in a moment.');
}

function problemAnswer(problem: Problem): HttpAnswer {
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      // Caches on the way may keep a 404 or 410 unasked (RFC 9110 §15.1), and it holds for one caller alone.
      'cache-control': 'no-store',
      // RFC 9110 §11.6.1: a 401 names the scheme that would be accepted.
      ...(problem.problem === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      ...(problem.retryAfterSeconds === undefined ? {} : { 'retry-after': String(problem.retryAfterSeconds) }),
    },
    body: JSON.stringify(problem.toBody()),
  };
}
