import { encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import { again, first } from '../domain/messages/deliveries.ts';
import type { EventMessage } from '../domain/messages/messages.ts';
import { createPacker } from '../domain/messages/pack.ts';
import type { Match } from '../stores/events.ts';
import type { Lanes } from '../stores/lanes.ts';
import type { FanOutDeps, Lane } from './ports.ts';

/** An event of the batch whose deliveries are to be queued, and how that went. */
export interface Recorded {
  message: EventMessage;
  matches: readonly Match[];
  /** False: fan-out ran for this event before, so each of its deliveries may have been sent. */
  first: boolean;
  /** Deliveries that SQS has; of these, in the slow lane. */
  queued: number;
  slow: number;
  /** Set when a delivery could not be queued: the event has to be fanned out once more. */
  failed?: string;
}

/** What a delivery's message has beside the event, at most: two ids, a format, a time, flags, a trace context. */
const FIELDS_BYTES = 512;
/** Calls under way at once: enough to hide SQS's latency, few enough that 1 MiB each stays in memory. */
const CALLS = 16;
/** Milliseconds before what SQS did not take is sent again; the queue itself has tried twice by then. */
const PAUSES = [100, 400, 1_000];

interface Pack {
  lane: Lane;
  deliveries: DeliveryDraft[];
}

interface DeliveryDraft {
  from: Recorded;
  match: Match;
  /** The event as it stands in the message. */
  encoded: string;
}

/**
 * Queues the deliveries of all events of a batch. Calls are as full as count and size allow, with deliveries of any
 * event, because a call costs the same for one message as for ten. Never throws; what went wrong is in `failed`.
 * @param outOfTime true when the function is about to be stopped: what is not sent by then fails and is done again.
 */
export async function enqueue(
  all: readonly Recorded[],
  lanes: Lanes,
  deps: Pick<FanOutDeps, 'queues' | 'now' | 'sleep' | 'logger' | 'errorFields'>,
  outOfTime: () => boolean,
): Promise<void> {
  const packs = packsOf(all, lanes);
  const sendPacks = async (): Promise<void> => {
    // The workers share one generator: each takes the next pack when it is free, so few bodies exist at a time.
    for (let next = packs.next(); !next.done; next = packs.next()) {
      if (outOfTime()) fail(next.value.deliveries, 'out of time');
      else await sendPack(next.value, deps);
    }
  };
  await Promise.all(Array.from({ length: CALLS }, sendPacks));
}

/** Deliveries in packs of one call each, by lane. An event that has failed meanwhile is not gone on with. */
function* packsOf(all: readonly Recorded[], lanes: Lanes): Generator<Pack, void, undefined> {
  const packers = { fast: createPacker<DeliveryDraft>(), slow: createPacker<DeliveryDraft>() };
  for (const from of all) {
    const encoded = from.matches.length > 0 ? encodeEvent(from.message.event) : '';
    const { organization } = from.message.event;
    for (const match of from.matches) {
      if (from.failed !== undefined) break;
      const lane: Lane = lanes.isSlow({ organization, subscription: match.subscription }) ? 'slow' : 'fast';
      const deliveries = packers[lane].add({ from, match, encoded }, encoded.length + FIELDS_BYTES);
      if (deliveries) yield { lane, deliveries };
    }
  }
  for (const lane of ['fast', 'slow'] as const) {
    const deliveries = packers[lane].rest();
    if (deliveries) yield { lane, deliveries };
  }
}

async function sendPack(
  { lane, deliveries }: Pack,
  { queues, now, sleep, logger, errorFields }: Parameters<typeof enqueue>[2],
): Promise<void> {
  let left = deliveries;
  try {
    for (const pause of [0, ...PAUSES]) {
      if (pause > 0) await sleep(pause);
      const sent = left;
      // Written anew for each try: `queued_ms` is compared with the time at which SQS got the message.
      const refused = await queues[lane].send(sent.map((delivery) => toEntry(delivery, now())));
      left = sent.filter(({ from }, index) => {
        if (refused.has(index)) return true;
        from.queued++;
        if (lane === 'slow') from.slow++;
        return false;
      });
      if (left.length === 0) return;
    }
    fail(left, 'SQS did not take all deliveries');
  } catch (error) {
    logger.error('deliveries could not be queued', { count: left.length, lane, ...errorFields(error) });
    fail(left, 'a call to SQS failed');
  }
}

function toEntry({ from, match, encoded }: DeliveryDraft, nowMs: number): { body: string; group: string } {
  const { only, traceparent } = from.message;
  const of = { subscription_id: match.subscription, format: match.format };
  const about = { nowMs, isTest: only !== undefined, traceparent };
  const fields = from.first ? first(of, about) : again(of, about);
  return { body: encodeDeliveryMessage(encoded, fields), group: match.subscription };
}

function fail(deliveries: readonly DeliveryDraft[], reason: string): void {
  for (const { from } of deliveries) from.failed ??= reason;
}
