import type { MiddlewareObj } from '@middy/core';
import { errorFields, type Logger } from './logger.ts';

/**
 * For functions behind queues, streams and schedules: what nobody caught is logged by name and place alone, and an error
 * without its message goes on to Lambda. Lambda's runtime writes the message, stack and members of whatever a handler
 * throws into the log, and libraries quote input in messages: a broken payload would stand in CloudWatch.
 */
export function redactErrors(logger: Logger): MiddlewareObj {
  return {
    onError: (request) => {
      logger.error('unexpected error', errorFields(request.error));
      // Not thrown: middy would attach the original to it.
      request.error = new Error('Unexpected error; the previous log line says where.');
    },
  };
}
