import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Logger } from './logger.ts';
import type { StageMetrics } from './metrics.ts';
import { redactErrors } from './redact-errors.ts';

/**
 * The function of a stage behind a queue, a stream or a schedule: errors leave it without their message, and its numbers
 * are written however it ends.
 */
export function stageHandler<Event, Result = void>(
  { logger, metrics }: { logger: Logger; metrics: StageMetrics },
  handle: (event: Event, context: Context) => Promise<Result>,
): MiddyfiedHandler<Event, Result, Error, Context> {
  return middy<Event, Result, Error, Context>()
    .use(redactErrors(logger))
    .handler(async (event: Event, context: Context): Promise<Result> => {
      try {
        return await handle(event, context);
      } finally {
        metrics.flush();
      }
    });
}

/** The answer that leaves these messages or records where they are: Lambda's ReportBatchItemFailures. */
export function leave(ids: readonly string[]): { batchItemFailures: { itemIdentifier: string }[] } {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}
