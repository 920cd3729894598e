import type { PosthornEvent } from '../event.ts';
import type { EventMessage } from './messages.ts';

/** An accepted event, or an operational event about an endpoint. @param traceparent of the producer's request. */
export function accepted(event: PosthornEvent, traceparent?: string): EventMessage {
  return { v: 1, event, ...(traceparent !== undefined && { traceparent }) };
}

/** A ping or sample: it goes to one subscription only, whatever its `events`. */
export function onlyFor(subscription: string, event: PosthornEvent): EventMessage {
  return { v: 1, event, only: subscription };
}
