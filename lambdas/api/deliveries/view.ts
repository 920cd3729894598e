import type { z } from 'zod';
import type { Attempt } from '../../domain/delivery/attempt.ts';
import type { PosthornEvent } from '../../domain/event.ts';
import type { attemptView } from './schema.ts';

/** Renders the body of an event in a format: the same bytes as were sent. Undefined when the format cannot carry it. */
export type RenderBody = (event: PosthornEvent, format: Attempt['format']) => string | undefined;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An attempt as lists show it: without bodies, so that a page of the log shows no payload. */
export function viewAttempt(attempt: Attempt): z.output<typeof attemptView> {
  const { request_headers, response_headers, response_truncated } = attempt;
  return {
    id: attempt.id,
    event_id: attempt.event_id,
    subscription_id: attempt.subscription_id,
    organization: attempt.organization,
    type: attempt.type,
    resource_id: attempt.resource_id,
    attempt: attempt.attempt,
    attempted_at: iso(attempt.attempted_ms),
    outcome: attempt.outcome,
    fetched_at: attempt.fetched_ms === undefined ? undefined : iso(attempt.fetched_ms),
    reason: attempt.reason,
    fault: attempt.fault,
    url: attempt.url,
    format: attempt.format,
    status: attempt.status,
    request: request_headers && { headers: request_headers },
    response:
      attempt.status === undefined ? undefined : { headers: response_headers ?? {}, truncated: response_truncated },
    timings_ms: attempt.timings_ms,
    next_attempt_at: attempt.next_attempt_ms === undefined ? undefined : iso(attempt.next_attempt_ms),
    replay: attempt.replay,
    sample: attempt.sample,
    automatic: attempt.automatic === undefined ? undefined : true,
    final: attempt.final,
  };
}

/** For a key that may not see what was sent and answered. */
export function redacted(attempt: Attempt): z.output<typeof attemptView> {
  return { ...viewAttempt(attempt), redacted: true };
}

/** One call with its bodies. @param event absent: not kept any more, so the body that was sent is not shown. */
export function viewCall(
  attempt: Attempt,
  event: PosthornEvent | undefined,
  render: RenderBody,
): z.output<typeof attemptView> {
  const shown = viewAttempt(attempt);
  const body = event && shown.request && render(event, attempt.format);
  return {
    ...shown,
    request: shown.request && { ...shown.request, body },
    response: shown.response && { ...shown.response, body: attempt.response_body ?? '' },
  };
}
