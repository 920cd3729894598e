import { ID_PATTERN, OWNER_PATTERN } from '../domain/event.ts';
import { FORMAT_NAMES } from '../domain/formats/names.ts';
import { decodeDeliveryMessage, encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import type { DeliveryMessage } from '../domain/messages/messages.ts';
import type { TargetKey } from '../stores/delivery-targets.ts';
import type { ReceivedMessage } from './ports.ts';

/** A received message that can be read. */
export interface Delivery {
  received: ReceivedMessage;
  message: DeliveryMessage;
  key: TargetKey;
  /** How often SQS handed it out: the number of the attempt. */
  receiveCount: number;
  /** It comes from a dead-letter redrive: SQS took it later than the message says it was queued. */
  redriven: boolean;
}

/** Between the time in a message and SQS taking it; a redrive comes much later. */
const REDRIVE_GAP_MS = 1000;

/** Reads a message, or says why it can never be processed. */
export function readDelivery(received: ReceivedMessage): Delivery | { reason: string } {
  const decoded = decodeDeliveryMessage(received.body);
  if (!decoded.ok) return { reason: decoded.reason };
  const { message } = decoded;
  if (!FORMAT_NAMES.includes(message.format)) {
    return unreadable('expected a known format; a newer version wrote this');
  }
  // Keys that DynamoDB can never read, or that are nobody's.
  const { event, subscription_id } = message;
  if (!OWNER_PATTERN.test(event.organization)) return unreadable(`expected event.organization as ${OWNER_PATTERN}`);
  if (!ID_PATTERN.test(subscription_id)) return unreadable(`expected subscription_id as ${ID_PATTERN}`);
  if (!ID_PATTERN.test(event.id)) return unreadable(`expected event.id as ${ID_PATTERN}`);
  const { ApproximateReceiveCount, SentTimestamp } = received.attributes;
  return {
    received,
    message,
    key: { organization: event.organization, subscription: subscription_id },
    receiveCount: Number(ApproximateReceiveCount),
    redriven: Number(SentTimestamp) > message.queued_ms + REDRIVE_GAP_MS,
  };
}

function unreadable(reason: string): { reason: string } {
  return { reason: `message cannot be read: ${reason}` };
}

/** The log must be asked first: this delivery may have been sent before. */
export function mayBeDelivered({ message, redriven }: Delivery): boolean {
  return redriven || message.recheck === true;
}

/**
 * The message as it goes on to another queue. What the sender had to ask the log about stays to be asked; what was said
 * about its endpoint's circuit was said for this time only.
 */
export function passOn(delivery: Delivery, queuedMs: number): string {
  const { event, v: _, ...fields } = passedOn(delivery, queuedMs);
  return encodeDeliveryMessage(encodeEvent(event), fields);
}

/** The same as text for a table, which takes every character as it is: ASCII would be up to three times as long. */
export function keep(delivery: Delivery): string {
  return JSON.stringify(passedOn(delivery, delivery.message.queued_ms));
}

function passedOn(delivery: Delivery, queuedMs: number): DeliveryMessage {
  const { recheck: _, probe: __, released: ___, ...message } = delivery.message;
  return { ...message, queued_ms: queuedMs, ...(mayBeDelivered(delivery) && { recheck: true as const }) };
}
