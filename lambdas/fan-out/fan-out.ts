import { giveBackTroubled, type Troubled } from '../domain/delivery/trouble.ts';
import { encodeEventMessage } from '../domain/messages/codec.ts';
import { troubledSince, type EventMessage } from '../domain/messages/messages.ts';
import { whileInHand, type HandedOut } from '../domain/messages/in-hand.ts';
import { isOperational } from '../domain/operational.ts';
import { readBatch, type ReceivedMessage } from '../domain/messages/received.ts';
import type { Lanes } from '../stores/lanes.ts';
import { enqueue, type Recorded } from './enqueue.ts';
import { createFindMatches } from './find-matches.ts';
import type { FanOutDeps } from './ports.ts';
import { readMessage } from './read-message.ts';

/** One message of the batch and how far it has come. */
interface Work {
  messageId: string;
  message: EventMessage;
  recorded?: Recorded;
  /** DynamoDB took no more of its organization for the moment. */
  isThrottled?: boolean;
}

/**
 * Milliseconds before what was throttled is recorded again, and up to as many on top; the SDK has tried for some 100 ms by then.
 * A moment's burst is over by then; what lasts comes back as a new message, so that it keeps no fan-out from others' events.
 */
const THROTTLED_PAUSES = [300, 700, 1500];

/**
 * Fans out a batch of events: reads each message, finds the subscriptions that match, records the event with them, and
 * queues one delivery for each. Safe to run twice: a second run queues what the first one recorded, marked to be
 * rechecked against the log.
 * @param outOfTime true when the function is about to be stopped.
 * @returns ids of the messages that must stay in the queue. Never throws: one event never affects another.
 */
export function createFanOut(
  deps: FanOutDeps,
): (messages: readonly HandedOut[], outOfTime: () => boolean) => Promise<string[]> {
  const fanOut = async (messages: readonly ReceivedMessage[], outOfTime: () => boolean): Promise<string[]> => {
    const started = deps.now();
    const { works, unsure, stay } = await readAll(messages, deps);
    const findMatches = createFindMatches(deps);
    const recordAll = (some: readonly Work[]) => Promise.all(some.map((work) => record(work, findMatches, deps)));
    const enqueueAll = (some: readonly Work[], lanes: Lanes) =>
      enqueue(
        some.flatMap(({ recorded }) => recorded ?? []),
        lanes,
        deps,
        outOfTime,
      );
    const [lanes] = await Promise.all([loadLanes(deps), recordAll(works)]);
    await enqueueAll(works, lanes);
    for (const pause of THROTTLED_PAUSES) {
      const again = works.filter(({ isThrottled }) => isThrottled);
      if (again.length === 0 || outOfTime()) break;
      await deps.sleep(pause * (1 + deps.random()));
      await recordAll(again);
      await enqueueAll(again, lanes);
    }
    const all = [...works, ...unsure];
    report(all, started, deps);
    return [...stay, ...(await giveBackTroubled(all.filter(isOpen).map(inTrouble), deps))];
  };
  return (messages, outOfTime) => whileInHand(deps.take, messages, () => fanOut(messages, outOfTime));
}

function isOpen({ recorded }: Work): boolean {
  return !recorded || recorded.failed !== undefined;
}

/**
 * Whatever keeps an event from being fanned out is ours: it comes back in a new message, because five receives of the old
 * one (an hour) would make a dead letter of it.
 */
function inTrouble({ messageId, message }: Work): { messageId: string; as: Troubled } {
  const { id, organization, type } = message.event;
  const as: Troubled = {
    encode: (trouble_ms) => encodeEventMessage(troubledSince(message, trouble_ms)),
    group: organization,
    troubleMs: message.trouble_ms,
    names: { event_id: id, organization, type },
  };
  return { messageId, as };
}

/**
 * Reads the messages; those that never will be readable go to the dead-letter queue at once. `unsure`: late ones that may be
 * of a purge that is over, where it cannot be told; nothing would take away again what is recorded for them.
 */
async function readAll(
  messages: readonly ReceivedMessage[],
  { toDeadLetters, graves, logger, metrics }: FanOutDeps,
): Promise<{ works: Work[]; unsure: Work[]; stay: string[] }> {
  const [batch, graveyard] = await Promise.all([
    readBatch(messages, ({ body }) => readMessage(body), { what: 'event', toDeadLetters, logger }),
    graves.load(),
  ]);
  if (batch.poison > 0) metrics.count('EventsDeadLettered', batch.poison - batch.stay.length);
  const all = batch.works.map(({ received, message }) => ({ messageId: received.messageId, message }));
  const alive = all.filter(({ message }) => !graveyard.isDead(message.event));
  if (alive.length < all.length)
    logger.info('events of purged organizations or resources dropped', { count: all.length - alive.length });
  const isUnsure = ({ message }: Work): boolean => graves.isUnsure(message.event.enqueued_ms);
  const unsure = alive.filter(isUnsure);
  if (unsure.length > 0) logger.warn('late events wait until it can be read what is purged', { count: unsure.length });
  return { works: alive.filter((one) => !isUnsure(one)), unsure, stay: batch.stay };
}

/** Matches an event and records it; without `recorded` afterwards, it has failed. */
async function record(
  work: Work,
  findMatches: ReturnType<typeof createFindMatches>,
  { events, logger, errorFields, isThrottled }: FanOutDeps,
): Promise<void> {
  const { message } = work;
  work.isThrottled = false;
  try {
    const found = await findMatches(message);
    // Whom nobody asked to be told leaves no trace: who sees events sees no more of them than before.
    const isUnasked = found.length === 0 && isOperational(message.event.type) && message.only === undefined;
    const { matches, first } = isUnasked ? { matches: [], first: true } : await events.record(message.event, found);
    work.recorded = { message, matches, first, queued: 0, slow: 0 };
  } catch (error) {
    work.isThrottled = isThrottled(error);
    logger[work.isThrottled ? 'warn' : 'error']('event could not be matched and recorded', {
      event_id: message.event.id,
      ...errorFields(error),
    });
  }
}

/** Not knowing who is slow delays nobody's delivery: a sender that meets a slow endpoint hands over by itself. */
async function loadLanes({ lanes, logger, errorFields }: FanOutDeps): Promise<Lanes> {
  try {
    return await lanes.load();
  } catch (error) {
    logger.warn('slow endpoints are unknown: all deliveries take the fast lane', errorFields(error));
    return { isSlow: () => false };
  }
}

/**
 * What became of the events. CloudWatch bills log lines by the byte, so those that went the usual way share one; an event
 * has a line of its own when something may have to be looked into, or when its producer traces it.
 */
function report(works: readonly Work[], started: number, deps: FanOutDeps): void {
  const { logger, metrics, now } = deps;
  const usual: { id: string; recorded: Recorded }[] = [];
  for (const work of works) {
    const { message, recorded } = work;
    if (isUsual(work)) usual.push({ id: message.event.id, recorded: recorded! });
    else reportOne(work, started, deps);
    metrics.count('DeliveriesQueued', recorded?.queued ?? 0);
    if (recorded && recorded.failed === undefined) {
      metrics.count('EventsFannedOut', 1);
      metrics.milliseconds('FanOutAge', Math.max(now() - message.event.enqueued_ms, 0));
    } else metrics.count('EventsRetried', 1);
  }
  if (usual.length === 0) return;
  logger.info('events fanned out', {
    events: usual.map(({ id }) => id),
    matched: usual.reduce((sum, { recorded }) => sum + recorded.matches.length, 0),
    queued: usual.reduce((sum, { recorded }) => sum + recorded.queued, 0),
    duration_ms: now() - started,
  });
}

function isUsual({ message, recorded }: Work): boolean {
  if (!recorded || recorded.failed !== undefined || !recorded.first || recorded.slow > 0) return false;
  return message.only === undefined && message.traceparent === undefined;
}

function reportOne({ message, recorded }: Work, started: number, { logger, now }: FanOutDeps): void {
  const failed = recorded ? recorded.failed : 'not recorded';
  const { id, organization, type } = message.event;
  logger[failed === undefined ? 'info' : 'error']('event fanned out', {
    event_id: id,
    organization,
    type,
    only: message.only,
    matched: recorded?.matches.length,
    queued: recorded?.queued,
    slow: recorded?.slow,
    run: recorded && (recorded.first ? 'first' : 'second'),
    duration_ms: now() - started,
    reason: failed,
    decision: failed === undefined ? 'done' : 'comes back',
    traceparent: message.traceparent,
  });
}
