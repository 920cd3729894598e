import type { HeldDelivery } from '../held.ts';

/**
 * Bytes of a message that an item holds as it is. DynamoDB's limit of an item is 409,600 bytes of names and values; the rest
 * is room for what is beside it.
 */
const MESSAGE_BYTES = 400_000;

/** A row of the table `HeldDeliveries`. */
export type HeldItem = Omit<HeldDelivery, 'message'> & {
  /** Seconds since the epoch: the table's TTL. */
  expires_at: number;
  /** The message as JSON. Absent: see `parts`. */
  message?: string;
  /**
   * The message without the event's `data`, and that. As JSON inside JSON each quotation mark and backslash of `data` takes
   * two bytes, so an event of little else, at most 262,144 bytes when it was accepted, would not fit otherwise.
   */
  parts?: { message: string; data: string };
};

type Message = { event: { data: string } };

export function toItem({ message, ...held }: HeldDelivery, expires_at: number): HeldItem {
  if (Buffer.byteLength(message) <= MESSAGE_BYTES) return { ...held, message, expires_at };
  const { event, ...fields } = JSON.parse(message) as Message;
  const { data, ...others } = event;
  return { ...held, parts: { message: JSON.stringify({ ...fields, event: others }), data }, expires_at };
}

export function fromItem({ message = '', parts, expires_at: _, ...held }: HeldItem): HeldDelivery {
  if (!parts) return { ...held, message };
  const { event, ...fields } = JSON.parse(parts.message) as Message;
  return { ...held, message: JSON.stringify({ ...fields, event: { ...event, data: parts.data } }) };
}
