import type { PosthornEvent } from '../event.ts';
import type { EventMessage } from './messages.ts';

/** An event that was accepted, or that tells of an endpoint. @param traceparent of the producer's request. */
export function accepted(event: PosthornEvent, traceparent?: string): EventMessage {
  return { v: 1, event, ...(traceparent !== undefined && { traceparent }) };
}

/** An event that tries one subscription out: it goes there alone, whatever its `events`. */
export function onlyFor(subscription: string, event: PosthornEvent): EventMessage {
  return { v: 1, event, only: subscription };
}
