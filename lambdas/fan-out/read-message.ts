import { ID_PATTERN, OWNER_PATTERN } from '../domain/event.ts';
import { decodeEventMessage, type Decoded } from '../domain/messages/codec.ts';
import type { EventMessage } from '../domain/messages/messages.ts';
import { eventIdMs } from '../domain/ulid-time.ts';

/**
 * Reads a message of the queue `events`. A message that DynamoDB would always refuse counts as unreadable too. An
 * unknown event type does not: the message may come from a newer ingest.
 */
export function readMessage(body: string): Decoded<EventMessage> {
  const decoded = decodeEventMessage(body);
  if (!decoded.ok) return decoded;
  const { event, only } = decoded.message;
  if (eventIdMs(event.id) === undefined) return unreadable('expected event.id to be evt_ and a ULID');
  if (!OWNER_PATTERN.test(event.organization)) return unreadable(`expected event.organization as ${OWNER_PATTERN}`);
  if (only !== undefined && !ID_PATTERN.test(only)) return unreadable(`expected only to be an id as ${ID_PATTERN}`);
  return decoded;
}

function unreadable(reason: string): Decoded<EventMessage> {
  return { ok: false, reason: `message cannot be read: ${reason}` };
}
