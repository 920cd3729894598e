import type { Row } from './database.ts';
import type { Engine } from './engine.ts';
import { overLimit, queueDoesNotExist } from './errors.ts';
import { optionalInteger, optionalStrings, type Input } from './input.ts';
import { md5OfAttributes, type MessageAttribute } from './message.ts';
import { MOST_IN_FLIGHT, type Candidate } from './message-store.ts';
import type { Queue } from './queue-store.ts';
import { writeReceiptHandle } from './receipt-handle.ts';

interface Receive {
  queueId: number;
  max: number;
  visibilityMs: number | undefined;
  /** System attributes and message attributes to show; `All` shows all. */
  systemNames: Set<string>;
  names: string[];
}

/** Answers at once with what is there, or waits as long as the request or the queue says. */
export async function receiveMessage(engine: Engine, input: Input, signal: () => AbortSignal): Promise<Input> {
  const queue = engine.queues.ofRequest(input);
  const request = readRequest(queue, input);
  const wait = optionalInteger(input, 'WaitTimeSeconds', 0, 20);
  const waitMs = wait === undefined ? queue.settings.waitMs : wait * 1000;
  const attempt = (): Input[] => engine.run(() => receiveNow(engine, request, waitMs === 0));
  const until = engine.clock.now() + waitMs;
  let messages = attempt();
  if (messages.length === 0 && waitMs > 0) messages = await engine.polls.wait(queue.id, until, signal(), attempt);
  return messages.length === 0 ? {} : { Messages: messages };
}

function readRequest(queue: Queue, input: Input): Receive {
  const visibility = optionalInteger(input, 'VisibilityTimeout', 0, 43_200);
  return {
    queueId: queue.id,
    max: optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibilityMs: visibility === undefined ? undefined : visibility * 1000,
    systemNames: new Set([
      ...optionalStrings(input, 'AttributeNames'),
      ...optionalStrings(input, 'MessageSystemAttributeNames'),
    ]),
    names: optionalStrings(input, 'MessageAttributeNames'),
  };
}

function receiveNow(engine: Engine, request: Receive, short: boolean): Input[] {
  // The queue may have been changed or deleted while the receive waited.
  const queue = engine.queues.byId(request.queueId);
  if (queue === undefined) throw queueDoesNotExist('deleted while a receive waited');
  const now = engine.clock.now();
  const { messages } = engine;
  messages.refresh(queue, now);
  const room = MOST_IN_FLIGHT - messages.fair.inFlight(queue.id);
  // Only a short poll is told; a long poll and a FIFO queue just get nothing.
  if (room <= 0 && short && !queue.fifo) throw overLimit(MOST_IN_FLIGHT);
  const visibilityMs = request.visibilityMs ?? queue.settings.visibilityMs;
  const received: Input[] = [];
  for (const candidate of candidates(engine, queue)) {
    if (received.length >= Math.min(request.max, room)) break;
    // A short poll asks some of SQS's servers, a long one all of them.
    if (short && !engine.isSampled()) continue;
    if (movedToDeadLetterQueue(engine, queue, candidate, now)) continue;
    received.push(show(queue, messages.take(queue, candidate, visibilityMs, now), request));
  }
  return received;
}

/** The ready messages of a queue, each once: in a standard queue those of quiet groups first, in a FIFO queue none of a group in flight. */
function* candidates(engine: Engine, queue: Queue): Generator<Candidate> {
  const { fair } = engine.messages;
  if (queue.fifo) {
    const locked = new Set(fair.groupsInFlight(queue.id).keys());
    yield* inOrder(engine, queue, 0, (group) => !locked.has(group!));
    return;
  }
  const noisy = fair.noisyGroups(queue.id);
  if (noisy.size === 0) {
    yield* inOrder(engine, queue, 0, () => true);
    return;
  }
  const isNoisy = (group: string | null): boolean => group !== null && noisy.has(group);
  let found = false;
  for (const candidate of inOrder(engine, queue, fair.quietFrom(queue.id, noisy), (group) => !isNoisy(group))) {
    // Only the first: it may stay ready, when its visibility timeout is 0, and must be found again.
    if (!found) fair.scanned(queue.id, noisy, candidate.seq);
    found = true;
    yield candidate;
  }
  if (!found) fair.scanned(queue.id, noisy, engine.messages.endOfScan());
  yield* inOrder(engine, queue, 0, isNoisy);
}

/** Reads ahead in pieces, because nothing may be written while a scan is open. */
function* inOrder(
  engine: Engine,
  queue: Queue,
  from: number,
  accept: (group: string | null) => boolean,
): Generator<Candidate> {
  const PIECE = 10;
  for (let next = from; ;) {
    const piece = engine.messages.scan(queue.id, next, PIECE, accept);
    yield* piece;
    if (piece.length < PIECE) return;
    next = piece[PIECE - 1]!.seq + 1;
  }
}

/** A message that was received as often as its queue allows goes to the dead-letter queue instead of to the receiver. */
function movedToDeadLetterQueue(engine: Engine, queue: Queue, candidate: Candidate, now: number): boolean {
  const { redrive } = queue.settings;
  if (redrive === undefined || engine.messages.receiveCount(candidate.seq) < redrive.maxReceiveCount) return false;
  const target = engine.queues.byArn(redrive.targetArn);
  if (target === undefined) return false;
  engine.messages.moveToDeadLetterQueue(queue, target, candidate, now);
  return true;
}

function show(queue: Queue, row: Row, request: Receive): Input {
  const system = systemAttributes(row);
  const asked = Object.entries(system).filter(
    ([name, value]) => value !== null && (request.systemNames.has('All') || request.systemNames.has(name)),
  );
  const attributes = chosen(row, request.names);
  return {
    MessageId: row.message_id,
    ReceiptHandle: writeReceiptHandle(queue, { seq: Number(row.seq), receiveCount: Number(row.receive_count) }),
    MD5OfBody: row.md5,
    Body: row.body,
    Attributes: asked.length > 0 ? Object.fromEntries(asked.map(([name, value]) => [name, String(value)])) : undefined,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  };
}

const systemAttributes = (row: Row): Row => ({
  SenderId: row.sender_id!,
  SentTimestamp: row.sent_at!,
  ApproximateReceiveCount: row.receive_count!,
  ApproximateFirstReceiveTimestamp: row.first_received_at!,
  MessageGroupId: row.group_id!,
  MessageDeduplicationId: row.deduplication_id!,
  SequenceNumber: row.sequence_number!,
  AWSTraceHeader: row.trace_header!,
  DeadLetterQueueSourceArn: row.source_arn!,
});

function chosen(row: Row, names: string[]): Record<string, MessageAttribute> {
  if (row.attributes === null || names.length === 0) return {};
  const all = Object.entries(JSON.parse(String(row.attributes)) as Record<string, MessageAttribute>);
  const matches = (name: string): boolean =>
    names.some(
      (asked) => asked === 'All' || asked === name || (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
    );
  return Object.fromEntries(all.filter(([name]) => matches(name)));
}
