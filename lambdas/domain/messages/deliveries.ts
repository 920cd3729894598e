import type { FormatName } from '../formats/names.ts';
import type { DeliveryMessage } from './messages.ts';

// Every message that the sender gets is made here, so that one that makes no sense cannot be written: no probe that is
// released, no count of tries without the message that they were made in, and the log is asked wherever there may be a copy.

declare const MADE: unique symbol;

/** What a message for the sender says beside its event. Nothing but the functions of this file makes one. */
export type DeliveryFields = Readonly<Omit<DeliveryMessage, 'v' | 'event'>> & { readonly [MADE]: true };

type Fields = Omit<DeliveryMessage, 'v' | 'event'>;

/** A match of an event: whose delivery it is, and in which format. */
export interface DeliveryOf {
  subscription_id: string;
  format: FormatName;
}

/** A delivery that nobody has queued before. @param about.isTest a ping: sent although the subscription is inactive. */
export function first(
  { subscription_id, format }: DeliveryOf,
  { nowMs, isTest = false, traceparent }: { nowMs: number; isTest?: boolean; traceparent?: string | undefined },
): DeliveryFields {
  return made({
    subscription_id,
    format,
    queued_ms: nowMs,
    ...(isTest && { even_if_inactive: true as const }),
    ...(traceparent !== undefined && { traceparent }),
  });
}

/**
 * The same for a delivery that may have been queued before, or was queued and lost: the sender looks in the log first.
 */
export function again(of: DeliveryOf, about: Parameters<typeof first>[1]): DeliveryFields {
  return made({ ...first(of, about), recheck: true });
}

/**
 * A delivery that a person sends again. Its tries are separate from the delivery's own, and must not depend on their
 * success.
 */
export function redelivered(of: DeliveryOf, about: { nowMs: number; isTest: boolean }): DeliveryFields {
  return made({ ...again(of, about), replay: 'redeliver' });
}

/**
 * A replay sends it once more.
 * @param about.askedMs successes before were known to whoever asked for the replay, and do not count. Milliseconds.
 * @param about.automatic how many automatic replays it has taken part in, with this one. Absent: a person's.
 */
export function replayed(
  of: DeliveryOf,
  { replay, askedMs, automatic }: { replay: string; askedMs: number; automatic?: number | undefined },
): DeliveryFields {
  return made({ ...again(of, { nowMs: askedMs }), replay, ...(automatic !== undefined && { automatic }) });
}

/** One more try of a delivery that is exhausted. @param about.automatic how many automatic replays it has taken part in. */
export function healed(of: DeliveryOf, { nowMs, automatic }: { nowMs: number; automatic: number }): DeliveryFields {
  return made({ ...again(of, { nowMs }), heal: true, automatic });
}

/** A held delivery looks whether its endpoint answers again. */
export function probe(held: DeliveryMessage, nowMs: number): DeliveryFields {
  return made({ ...letGo(held, nowMs), probe: true });
}

/** A held delivery goes out. @param dueMs not before, milliseconds; absent: at once. */
export function released(held: DeliveryMessage, nowMs: number, dueMs?: number): DeliveryFields {
  return made({ ...letGo(held, nowMs), released: true, ...(dueMs !== undefined && { due_ms: dueMs }) });
}

/** Tries that were kept count on from here. */
function letGo(held: DeliveryMessage, nowMs: number): Fields {
  const fields = fieldsOf(held);
  return { ...fields, ...(fields.tries !== undefined && { resumed_ms: nowMs }), recheck: true };
}

/**
 * A message as it goes on to another queue, as if it had not been tried. What was said about its endpoint's circuit, and of
 * tries and trouble, was said for one time only.
 * @param mayBeSent the log must still be asked.
 */
export function onward(
  message: DeliveryMessage,
  { queuedMs, mayBeSent }: { queuedMs: number; mayBeSent: boolean },
): DeliveryFields {
  const { heal, ...fields } = withoutState(message);
  return made({ ...fields, queued_ms: queuedMs, ...(mayBeSent && { recheck: true as const }) });
}

/** A message as a table keeps it while its delivery is held. @param tries that are kept: it only waits for its turn. */
export function kept(
  message: DeliveryMessage,
  { mayBeSent, tries }: { mayBeSent: boolean; tries: number },
): DeliveryMessage {
  const { v, event } = message;
  const fields = { ...withoutState(message), ...(mayBeSent && { recheck: true as const }) };
  return { v, event, ...fields, ...(tries > 0 && { tries }) };
}

/** What a message in another's place says beyond that one. */
export interface InPlace {
  nowMs: number;
  /** Tries made so far, and when the first of them began, milliseconds. */
  tries: number;
  firstMs: number;
  troubleMs?: number | undefined;
  released?: true | undefined;
}

/**
 * The message that takes the place of another. The log must be asked before it is sent: should SQS have taken it and its
 * answer be lost, both will come.
 */
export function inPlaceOf(
  message: DeliveryMessage,
  { nowMs, tries, firstMs, troubleMs, released: isReleased }: InPlace,
): DeliveryFields {
  return made({
    ...withoutState(message),
    recheck: true,
    resumed_ms: nowMs,
    tries,
    ...(tries > 0 && { first_ms: firstMs }),
    ...(troubleMs !== undefined && { trouble_ms: troubleMs }),
    ...(isReleased && { released: isReleased }),
  });
}

function withoutState(message: DeliveryMessage): Fields {
  const {
    recheck,
    probe: _,
    released: __,
    due_ms,
    resumed_ms,
    tries,
    first_ms,
    trouble_ms,
    ...fields
  } = fieldsOf(message);
  return fields;
}

function fieldsOf({ v: _, event: __, ...fields }: DeliveryMessage): Fields {
  return fields;
}

function made(fields: Fields): DeliveryFields {
  return fields as DeliveryFields;
}
