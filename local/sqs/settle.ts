import { forEachEntry, readEntries, type BatchResult } from './batch.ts';
import type { Engine } from './engine.ts';
import { invalidParameter, invalidValue, messageNotInflight, missingParameter } from './errors.ts';
import { optionalInteger, requiredString, type Input } from './input.ts';
import type { Queue } from './queue-store.ts';
import { readReceiptHandle } from './receipt-handle.ts';

/** A message can stay in flight for 12 hours after its receive, whatever is asked. */
const LONGEST_MS = 43_200_000;

export function deleteMessage(engine: Engine, input: Input): Input {
  return deleteOne(engine, engine.queues.ofRequest(input), input);
}

export function deleteMessageBatch(engine: Engine, input: Input): BatchResult {
  const queue = engine.queues.ofRequest(input);
  return forEachEntry(readEntries(input), (entry) => deleteOne(engine, queue, entry));
}

export function changeMessageVisibility(engine: Engine, input: Input): Input {
  return changeOne(engine, refreshed(engine, input), input);
}

export function changeMessageVisibilityBatch(engine: Engine, input: Input): BatchResult {
  const queue = refreshed(engine, input);
  return forEachEntry(readEntries(input), (entry) => changeOne(engine, queue, entry));
}

function refreshed(engine: Engine, input: Input): Queue {
  const queue = engine.queues.ofRequest(input);
  engine.messages.refresh(queue, engine.clock.now());
  return queue;
}

/**
 * A handle stays good after its visibility timeout, until the message is received again; then the call succeeds and
 * deletes nothing, and so does deleting twice.
 */
function deleteOne(engine: Engine, queue: Queue, input: Input): Input {
  const receipt = readReceiptHandle(queue, requiredString(input, 'ReceiptHandle'));
  const message = engine.messages.find(queue, receipt.seq);
  if (message?.receive_count === receipt.receiveCount) engine.messages.delete(queue, message);
  return {};
}

function changeOne(engine: Engine, queue: Queue, input: Input): Input {
  const handle = requiredString(input, 'ReceiptHandle');
  const seconds = optionalInteger(input, 'VisibilityTimeout', 0, LONGEST_MS / 1000);
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  const receipt = readReceiptHandle(queue, handle);
  const message = engine.messages.find(queue, receipt.seq);
  if (message === undefined || message.receive_count !== receipt.receiveCount) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue('ReceiptHandle', handle, reason);
  }
  if (message.hidden !== 1) throw messageNotInflight();
  const now = engine.clock.now();
  if (now + seconds * 1000 > Number(message.received_at) + LONGEST_MS) {
    throw invalidParameter('Total VisibilityTimeout for the message is beyond the limit [43200 seconds].');
  }
  engine.messages.setVisibility(queue, message, seconds * 1000, now);
  return {};
}
