import { MAX_ATTEMPTS, SENDER_SECONDS } from '../domain/limits.ts';
import { ID_PATTERN, OWNER_PATTERN } from '../domain/event.ts';
import { FORMAT_NAMES } from '../domain/formats/names.ts';
import { decodeDeliveryMessage, encodeDeliveryMessage, encodeEvent, type Decoded } from '../domain/messages/codec.ts';
import { inPlaceOf, kept, onward, type InPlace } from '../domain/messages/deliveries.ts';
import type { DeliveryMessage } from '../domain/messages/messages.ts';
import type { LatestAttempt } from '../stores/attempts.ts';
import type { TargetKey } from '../stores/delivery-targets.ts';
import type { ReceivedMessage } from './ports.ts';

/** A received message that can be read. */
export interface ReceivedDelivery {
  received: ReceivedMessage;
  message: DeliveryMessage;
  key: TargetKey;
  /** How often SQS handed this message out; at the fourth time it is the last. */
  receiveCount: number;
  /** Tries made before this message was queued. */
  tries: number;
  /** Number of the try that is due, from 1. */
  attempt: number;
  /** When SQS handed this message out first, milliseconds. */
  firstMs: number;
  /** When the first of all its tries began, also of those before this message, milliseconds. */
  triedMs: number;
  /** When its message took the place of another, milliseconds. Absent: it did not. */
  resumedMs?: number | undefined;
  /** The log was asked whether it is delivered: it is not. */
  checked?: true;
  /** Since when a fault of ours keeps it from being sent, milliseconds. Absent: nothing of ours is in its way. */
  troubleMs?: number | undefined;
  /** It comes from a dead-letter redrive: SQS took it later than the message says it was queued. */
  redriven: boolean;
}

/** Between the time in a message and SQS taking it; a redrive comes much later. */
const REDRIVE_GAP_MS = 1000;
/**
 * The same for what the message says about tries and trouble: calls to SQS may take long just when AWS is in trouble, but
 * no longer than a sender runs.
 */
const RESUME_GAP_MS = (SENDER_SECONDS + 15) * 1000;

/** Reads a message, or says why it can never be processed. */
export function readDelivery(received: ReceivedMessage): Decoded<ReceivedDelivery> {
  const decoded = decodeDeliveryMessage(received.body);
  if (!decoded.ok) return decoded;
  const { message } = decoded;
  if (!FORMAT_NAMES.includes(message.format)) {
    return unreadable('expected a known format; a newer version wrote this');
  }
  // Keys that DynamoDB can never read, or that are nobody's.
  const { event, subscription_id } = message;
  if (!OWNER_PATTERN.test(event.organization)) return unreadable(`expected event.organization as ${OWNER_PATTERN}`);
  if (!ID_PATTERN.test(subscription_id)) return unreadable(`expected subscription_id as ${ID_PATTERN}`);
  if (!ID_PATTERN.test(event.id)) return unreadable(`expected event.id as ${ID_PATTERN}`);
  const { ApproximateReceiveCount, ApproximateFirstReceiveTimestamp, SentTimestamp } = received.attributes;
  const receiveCount = Number(ApproximateReceiveCount);
  const { resumed_ms = -Infinity, trouble_ms } = message;
  // Whoever redrives a dead letter gives it four new tries and another day.
  const goesOn = Number(SentTimestamp) <= resumed_ms + RESUME_GAP_MS;
  const tries = goesOn ? (message.tries ?? 0) : 0;
  const delivery: ReceivedDelivery = {
    received,
    message,
    key: { organization: event.organization, subscription: subscription_id },
    receiveCount,
    tries,
    attempt: Math.min(tries + receiveCount, MAX_ATTEMPTS),
    firstMs: Number(ApproximateFirstReceiveTimestamp),
    triedMs: (tries > 0 ? message.first_ms : undefined) ?? Number(ApproximateFirstReceiveTimestamp),
    resumedMs: goesOn ? resumed_ms : undefined,
    // A second receive follows a try, which nothing of ours was in the way of.
    troubleMs: goesOn && receiveCount === 1 ? trouble_ms : undefined,
    redriven: Number(SentTimestamp) > message.queued_ms + REDRIVE_GAP_MS,
  };
  return { ok: true, message: delivery };
}

function unreadable(reason: string): Decoded<ReceivedDelivery> {
  return { ok: false, reason: `message cannot be read: ${reason}` };
}

/** The log must be asked first: this delivery may have been sent before. */
export function mayAlreadyBeDelivered({ message, redriven }: ReceivedDelivery): boolean {
  return redriven || message.recheck === true;
}

/**
 * Whether a delivery counts as delivered when this is the log's newest word on it. For one that a person asked for again,
 * successes from before that wish do not count; the platform itself asks for nothing that is delivered.
 */
export function isDelivered({ message }: ReceivedDelivery, latest: LatestAttempt | undefined): boolean {
  if (latest?.outcome !== 'delivered') return false;
  return message.replay === undefined || message.automatic !== undefined || latest.attempted_ms >= message.queued_ms;
}

/** The body of the message as it goes on to another queue, see {@link onward}. */
export function passOn(delivery: ReceivedDelivery, queuedMs: number): string {
  const { message } = delivery;
  const fields = onward(message, { queuedMs, mayBeSent: mayAlreadyBeDelivered(delivery) });
  return encodeDeliveryMessage(encodeEvent(message.event), fields);
}

/**
 * The same as text for a table, which takes every character as it is: ASCII would be up to three times as long.
 * @param tries made so far that are kept: it only waits for its turn.
 */
export function keep(delivery: ReceivedDelivery, tries = 0): string {
  return JSON.stringify(kept(delivery.message, { mayBeSent: mayAlreadyBeDelivered(delivery), tries }));
}

/**
 * The message that takes the place of this one for its next try. What was released stays so: held again at each retry, one
 * that is refused for good would begin its tries anew for ever. Not where the endpoint asked to wait: then it waits for its turn.
 * @param tries made so far.
 * @param troubleMs since when it is in trouble; undefined behind a try.
 */
export function retried(
  delivery: ReceivedDelivery,
  { isAsked = false, ...about }: { nowMs: number; tries: number; troubleMs?: number | undefined; isAsked?: boolean },
): string {
  return resume(delivery, { ...about, released: isAsked ? undefined : delivery.message.released });
}

/** The body of the message that takes the place of this one, see {@link inPlaceOf}. */
export function resume({ message, triedMs }: ReceivedDelivery, about: Omit<InPlace, 'firstMs'>): string {
  return encodeDeliveryMessage(encodeEvent(message.event), inPlaceOf(message, { ...about, firstMs: triedMs }));
}
