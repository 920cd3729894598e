import type { Logger } from '../telemetry.ts';
import type { Decoded } from './codec.ts';
import type { DeadLetter } from './messages.ts';

/** A message of a queue as Lambda hands it over. */
export interface ReceivedMessage {
  messageId: string;
  body: string;
}

/** Moves messages to a dead-letter queue at once. @returns the indexes of those that were not taken. Never rejects. */
export type ToDeadLetters = (letters: readonly DeadLetter[]) => Promise<Set<number>>;

/** A batch after reading. */
export interface ReadBatch<Received, Message> {
  works: { received: Received; message: Message }[];
  /** Messages that can never be processed; those in `stay` among them. */
  poison: number;
  /** Ids of the messages that could not be moved to the dead letters and must stay in the queue. */
  stay: string[];
}

/**
 * Reads the messages of a batch. Those that can never be processed go to the dead letters at once, so that they never
 * delay good ones; the log has their ids and the reason, but nothing of their bodies.
 * @param what the messages are, for the log: `event`, `delivery`, `job`.
 */
export async function readBatch<Received extends ReceivedMessage, Message>(
  messages: readonly Received[],
  read: (received: Received) => Decoded<Message>,
  { what, toDeadLetters, logger }: { what: string; toDeadLetters: ToDeadLetters; logger: Logger },
): Promise<ReadBatch<Received, Message>> {
  const works: { received: Received; message: Message }[] = [];
  const poison: { messageId: string; letter: DeadLetter }[] = [];
  for (const received of messages) {
    const { messageId, body } = received;
    const decoded = read(received);
    if (decoded.ok) works.push({ received, message: decoded.message });
    else poison.push({ messageId, letter: { body, reason: decoded.reason, kind: 'poison' } });
  }
  if (poison.length === 0) return { works, poison: 0, stay: [] };
  const missing = await toDeadLetters(poison.map(({ letter }) => letter));
  for (const [index, { messageId, letter }] of poison.entries()) {
    logger.error(`${what} cannot be processed`, {
      message_id: messageId,
      reason: letter.reason,
      decision: missing.has(index) ? 'retry' : 'dead-lettered',
    });
  }
  const stay = poison.filter((_, index) => missing.has(index)).map(({ messageId }) => messageId);
  return { works, poison: poison.length, stay };
}
