import type { Attempt } from '../../domain/delivery/attempt.ts';
import { keptLine } from '../../domain/delivery/kept-line.ts';
import { buildRequest } from '../../domain/delivery/request.ts';
import { decodeDeliveryMessage } from '../../domain/messages/codec.ts';
import type { DeliveryMessage } from '../../domain/messages/messages.ts';
import { Problem } from '../../domain/problem.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { readSubscription } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { HeldDelivery } from '../../stores/held.ts';
import { tellReplays, type TellReplaysDeps } from '../../stores/tell-replays.ts';
import { targetOf } from '../subscriptions/view.ts';
import { readPage, type GivenOut } from './place.ts';
import { keysOf } from './signing.ts';
import type { FeedDeps } from './ports.ts';

type Deps = Pick<FeedDeps, 'secrets' | 'held' | 'attempts' | 'renderRequest' | 'rules' | 'version' | 'now'> &
  TellReplaysDeps;

/** One that is kept still, just as it was given out. */
interface Ended {
  held: HeldDelivery;
  message: DeliveryMessage;
}

/**
 * Ends the deliveries of a page up to one of them. Only these: what came in between, behind that event or as a newer copy of
 * one, was not given out and stays. First the log, then the table: a crash in between gives them out once more.
 * @returns how many have ended by this; 0 when they had before.
 * @throws Problem unavailable when the log did not take its lines; nothing has ended then.
 */
export async function acknowledge(
  row: SubscriptionRow,
  asked: { through: string; page: string },
  deps: Deps,
): Promise<number> {
  const given = upTo(asked);
  const { organization, subscription } = targetOf(row);
  const copies = new Map(given.deliveries.map(({ event_id, held_ms }) => [event_id, held_ms]));
  const rows = await deps.held.read(subscription, [...copies.keys()]);
  const ended = rows.flatMap((held): Ended[] => {
    if (held.organization !== organization || held.held_ms !== copies.get(held.event_id)) return [];
    const read = decodeDeliveryMessage(held.message);
    return read.ok ? [{ held, message: read.message }] : [];
  });
  if (ended.length === 0) return 0;
  const missing = await deps.attempts.append(await linesOf(row, ended, given, deps));
  if (missing.length > 0)
    throw new Problem('unavailable', 'The delivery log could not be written. Acknowledge again in a moment.');
  await deps.held.removeRead(ended.map(({ held }) => held));
  await tellReplays(
    ended.map(({ message }) => ({ replay: message.replay, as: 'done' })),
    deps,
  );
  return ended.length;
}

/** @throws Problem invalid-request for a page that there never was, or an event that was not in it. */
function upTo({ through, page }: { through: string; page: string }): GivenOut {
  const given = readPage(page);
  if (!given) throw breach('/page', 'expected page from an answer of the feed, unchanged');
  const last = given.deliveries.findIndex(({ event_id }) => event_id === through);
  if (last < 0) throw breach('/through', 'expected the id of a delivery that this page of the feed gave out');
  return { ...given, deliveries: given.deliveries.slice(0, last + 1) };
}

async function linesOf(
  row: SubscriptionRow,
  ended: readonly Ended[],
  { atMs }: GivenOut,
  deps: Deps,
): Promise<Attempt[]> {
  const nowMs = deps.now();
  const read = readSubscription(row, deps.rules);
  const { keys, asymmetric } = read.ok ? await keysOf(read.subscription, atMs, deps) : { keys: [] };
  return ended.map(({ held, message }) => {
    const rendered = deps.renderRequest(message.event, message.format);
    const context = { nowMs: atMs, version: deps.version, ...(asymmetric && { asymmetric }) };
    const request =
      read.ok && rendered.sent ? buildRequest(message.event.id, read.subscription, rendered, keys, context) : undefined;
    return keptLine(message, {
      outcome: 'delivered',
      atMs: nowMs,
      heldMs: held.held_ms,
      // Said by the reader: nothing can have been fetched before it was there, or later than now.
      fetchedMs: Math.min(Math.max(atMs, held.held_ms), nowMs),
      account: asText(row.account),
      requestHeaders: request?.loggedHeaders,
      requestBytes: request?.body.byteLength,
    });
  });
}

function breach(pointer: string, detail: string): Problem {
  return new Problem('invalid-request', 'The body is not valid. See errors.', [{ pointer, detail }]);
}
