import { createHash } from 'node:crypto';
import { forEachEntry, readEntries, type BatchResult } from './batch.ts';
import type { Engine } from './engine.ts';
import { batchRequestTooLong, invalidParameter, missingParameter, SqsError } from './errors.ts';
import type { Input } from './input.ts';
import { assertFits, md5, md5OfAttributes, readContent, type Content } from './message.ts';
import { sequenceNumber } from './message-store.ts';
import type { Queue } from './queue-store.ts';

/** The limit for all bodies and attributes of a batch together, and for one message. */
const MOST_BYTES = 1_048_576;
const DEDUPLICATION_MS = 5 * 60_000;

export function sendMessage(engine: Engine, input: Input, caller: string): Input {
  const queue = engine.queues.ofRequest(input);
  const content = readContent(queue, input);
  assertFits(queue, content);
  const { MessageId, ...rest } = store(engine, queue, content, caller);
  return { ...rest, MessageId };
}

export function sendMessageBatch(engine: Engine, input: Input, caller: string): BatchResult {
  const queue = engine.queues.ofRequest(input);
  const entries = readEntries(input);
  const contents = new Map(entries.map((entry) => [entry, readOrError(queue, entry)]));
  let bytes = 0;
  for (const content of contents.values()) bytes += content instanceof SqsError ? 0 : content.bytes;
  if (bytes > MOST_BYTES) throw batchRequestTooLong(MOST_BYTES, bytes);
  return forEachEntry(entries, (entry) => {
    const content = contents.get(entry)!;
    if (content instanceof SqsError) throw content;
    assertFits(queue, content);
    return store(engine, queue, content, caller);
  });
}

/** The size of the whole batch is judged before single entries fail, so their errors have to wait. */
function readOrError(queue: Queue, entry: Input): Content | SqsError {
  try {
    return readContent(queue, entry);
  } catch (error) {
    if (error instanceof SqsError) return error;
    throw error;
  }
}

function store(engine: Engine, queue: Queue, content: Content, caller: string): Input {
  const now = engine.clock.now();
  const deduplicationId = deduplicationIdOf(queue, content);
  const answer = {
    MD5OfMessageBody: md5(content.body),
    MD5OfMessageAttributes: md5OfAttributes(content.attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(content.systemAttributes),
  };
  const earlier = queue.fifo ? findEarlier(engine, queue, deduplicationId!, now) : undefined;
  if (earlier !== undefined) return { ...answer, ...earlier };
  const hasAttributes = answer.MD5OfMessageAttributes !== undefined;
  const { messageId, seq } = engine.messages.insert(
    queue,
    {
      body: content.body,
      md5: answer.MD5OfMessageBody,
      attributes: hasAttributes ? JSON.stringify(content.attributes) : null,
      traceHeader: content.systemAttributes.AWSTraceHeader?.StringValue ?? null,
      groupId: content.groupId ?? null,
      deduplicationId: deduplicationId ?? null,
      senderId: caller,
      delayMs: content.delayMs,
    },
    now,
  );
  if (!queue.fifo) return { ...answer, MessageId: messageId };
  engine.database.run(
    'INSERT OR REPLACE INTO deduplications VALUES (?, ?, ?, ?, ?)',
    queue.id,
    deduplicationId!,
    messageId,
    sequenceNumber(seq),
    now + DEDUPLICATION_MS,
  );
  return { ...answer, MessageId: messageId, SequenceNumber: sequenceNumber(seq) };
}

function deduplicationIdOf(queue: Queue, content: Content): string | undefined {
  if (!queue.fifo) return content.deduplicationId;
  if (content.groupId === undefined) throw missingParameter('MessageGroupId');
  if (content.deduplicationId !== undefined) return content.deduplicationId;
  if (queue.settings.contentBasedDeduplication) return createHash('sha256').update(content.body).digest('hex');
  throw invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly.',
  );
}

function findEarlier(engine: Engine, queue: Queue, id: string, now: number): Input | undefined {
  engine.database.run('DELETE FROM deduplications WHERE queue_id = ? AND expires_at <= ?', queue.id, now);
  const row = engine.database.get(
    'SELECT message_id, sequence_number FROM deduplications WHERE queue_id = ? AND deduplication_id = ?',
    queue.id,
    id,
  );
  return row && { MessageId: row.message_id, SequenceNumber: row.sequence_number };
}
