import type { z } from 'zod';
import type { Attempt } from '../../domain/delivery/attempt.ts';
import type { PosthornEvent } from '../../domain/event.ts';
import type { attemptView } from './schema.ts';

/** Renders the body of an event in a format: the same bytes as were sent. Undefined when the format cannot carry it. */
export type RenderBody = (event: PosthornEvent, format: Attempt['format']) => string | undefined;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/**
 * An attempt as answers show it.
 * @param event given together with `render` for a detail, so that it shows the body.
 */
export function viewAttempt(
  attempt: Attempt,
  event?: PosthornEvent,
  render?: RenderBody,
): z.output<typeof attemptView> {
  const body = event && render && attempt.request_headers ? render(event, attempt.format) : undefined;
  const { request_headers, response_headers, response_body, response_truncated } = attempt;
  return {
    id: attempt.id,
    event_id: attempt.event_id,
    subscription_id: attempt.subscription_id,
    organization: attempt.organization,
    type: attempt.type,
    attempt: attempt.attempt,
    attempted_at: iso(attempt.attempted_ms),
    outcome: attempt.outcome,
    reason: attempt.reason,
    fault: attempt.fault,
    url: attempt.url,
    format: attempt.format,
    status: attempt.status,
    ...(request_headers ? { request: { headers: request_headers, body } } : {}),
    ...(attempt.status === undefined
      ? {}
      : {
          response: {
            headers: response_headers ?? {},
            body: response_body ?? '',
            ...(response_truncated ? { truncated: true } : {}),
          },
        }),
    ...(attempt.timings_ms ? { timings_ms: attempt.timings_ms } : {}),
    ...(attempt.next_attempt_ms === undefined ? {} : { next_attempt_at: iso(attempt.next_attempt_ms) }),
    ...(attempt.replay === undefined ? {} : { replay: attempt.replay }),
  };
}
