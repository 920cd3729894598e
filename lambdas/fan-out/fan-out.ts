import type { EventMessage } from '../domain/messages.ts';
import type { Lanes } from '../stores/lanes.ts';
import { enqueue, type Recorded } from './enqueue.ts';
import { createFindMatches } from './find-matches.ts';
import type { FanOutDeps, ReceivedMessage } from './ports.ts';
import { readMessage } from './read-message.ts';

/** One message of the batch and how far it has come. */
interface Work {
  messageId: string;
  message: EventMessage;
  recorded?: Recorded;
}

/**
 * Fans out a batch of events: reads each message, finds the subscriptions that match, records the event with them, and
 * queues one delivery for each. Safe to run twice: a second run queues what the first one recorded, marked to be
 * rechecked against the log.
 * @param outOfTime true when the function is about to be stopped.
 * @returns ids of the messages that must come again. Never throws: one event's fate never touches another's.
 */
export function createFanOut(
  deps: FanOutDeps,
): (messages: readonly ReceivedMessage[], outOfTime: () => boolean) => Promise<string[]> {
  return async (messages, outOfTime) => {
    const started = deps.now();
    const { works, failed } = await readAll(messages, deps);
    const findMatches = createFindMatches(deps);
    const [lanes] = await Promise.all([loadLanes(deps), ...works.map((work) => record(work, findMatches, deps))]);
    await enqueue(
      works.flatMap(({ recorded }) => recorded ?? []),
      lanes,
      deps,
      outOfTime,
    );
    for (const work of works) report(work, started, deps);
    return [
      ...failed,
      ...works.filter(({ recorded }) => !recorded || recorded.failed !== undefined).map((w) => w.messageId),
    ];
  };
}

/** Reads the messages; those that never will be readable go to the dead-letter queue at once. */
async function readAll(
  messages: readonly ReceivedMessage[],
  { toDeadLetters, log, meter }: FanOutDeps,
): Promise<{ works: Work[]; failed: string[] }> {
  const works: Work[] = [];
  const poison: { messageId: string; body: string; reason: string }[] = [];
  for (const { messageId, body } of messages) {
    const read = readMessage(body);
    if (read.ok) works.push({ messageId, message: read.message });
    else poison.push({ messageId, body, reason: read.reason });
  }
  if (poison.length === 0) return { works, failed: [] };
  const missing = await toDeadLetters(poison.map(({ body, reason }) => ({ body, reason })));
  meter.count('EventsDeadLettered', poison.length - missing.size);
  for (const [index, { messageId, reason }] of poison.entries()) {
    const moved = !missing.has(index);
    log.error('event cannot be processed', {
      message_id: messageId,
      reason,
      decision: moved ? 'dead-lettered' : 'retry',
    });
  }
  return { works, failed: poison.filter((_, index) => missing.has(index)).map(({ messageId }) => messageId) };
}

/** Matches an event and records it; without `recorded` afterwards, it has failed. */
async function record(
  work: Work,
  findMatches: ReturnType<typeof createFindMatches>,
  { events, log, errorFields }: FanOutDeps,
): Promise<void> {
  const { message } = work;
  try {
    const { matches, first } = await events.record(message.event, await findMatches(message));
    work.recorded = { message, matches, first, queued: 0, slow: 0 };
  } catch (error) {
    log.error('event could not be matched and recorded', { event: message.event.id, ...errorFields(error) });
  }
}

/** Not knowing who is slow delays nobody's delivery: a sender that meets a slow endpoint hands over by itself. */
async function loadLanes({ lanes, log, errorFields }: FanOutDeps): Promise<Lanes> {
  try {
    return await lanes.load();
  } catch (error) {
    log.warn('slow endpoints are unknown, all deliveries take the fast lane', errorFields(error));
    return { isSlow: () => false };
  }
}

/** The one line of an event's outcome. */
function report({ message, recorded }: Work, started: number, { log, meter, now }: FanOutDeps): void {
  const failed = recorded ? recorded.failed : 'not recorded';
  const { id, organization, type, enqueued_ms } = message.event;
  log[failed === undefined ? 'info' : 'error']('event fanned out', {
    event: id,
    organization,
    type,
    only: message.only,
    matched: recorded?.matches.length,
    queued: recorded?.queued,
    ...(recorded?.slow ? { slow: recorded.slow } : {}),
    ...(recorded && !recorded.first ? { run: 'second' } : {}),
    duration_ms: now() - started,
    reason: failed,
    ...(failed === undefined ? {} : { decision: 'retry' }),
    traceparent: message.traceparent,
  });
  meter.count('DeliveriesQueued', recorded?.queued ?? 0);
  if (failed === undefined) {
    meter.count('EventsFannedOut', 1);
    meter.milliseconds('FanOutAge', Math.max(now() - enqueued_ms, 0));
  } else meter.count('EventsRetried', 1);
}
