import type { DeliveryMessage } from '../messages/messages.ts';
import { ulidOf } from '../ulid-time.ts';
import { attemptId, type Attempt } from './attempt.ts';

/** How a delivery ended that was kept for its customer to fetch. */
export interface KeptEnd {
  outcome: 'delivered' | 'cancelled';
  reason?: string;
  /** When it ended, milliseconds. */
  atMs: number;
  /** When it was put aside, milliseconds: tells it from a copy that is kept later. */
  heldMs: number;
  /** When the page went out that was acknowledged, milliseconds. */
  fetchedMs?: number;
  /** Of the subscription. */
  account?: string | undefined;
  requestHeaders?: Record<string, string> | undefined;
  requestBytes?: number | undefined;
}

/**
 * The one line in the delivery log of a delivery that was kept for its customer. Its key is derived from the delivery:
 * an acknowledgement that is repeated, because its answer was lost or its function died, writes the same line again.
 */
export function keptLine(
  { event, subscription_id, format, replay, automatic }: DeliveryMessage,
  end: KeptEnd,
): Attempt {
  const { outcome, reason, atMs, heldMs, fetchedMs, account, requestHeaders, requestBytes } = end;
  return {
    id: attemptId(ulidOf(fetchedMs ?? atMs, BigInt(heldMs)), event.id, subscription_id),
    event_id: event.id,
    subscription_id,
    organization: event.organization,
    type: event.type,
    attempt: 1,
    attempted_ms: atMs,
    outcome,
    url: '',
    format,
    ...(account !== undefined && { account }),
    ...(event.resource_id && { resource_id: event.resource_id }),
    ...(reason !== undefined && { reason }),
    ...(fetchedMs !== undefined && { fetched_ms: fetchedMs }),
    ...(requestHeaders && { request_headers: requestHeaders }),
    ...(requestBytes !== undefined && { request_bytes: requestBytes }),
    ...(replay !== undefined && { replay }),
    ...(event.sample && { sample: true as const }),
    ...(automatic !== undefined && { automatic }),
  };
}
