import type { Rendered } from '../../domain/formats/index.ts';
import { decodeDeliveryMessage } from '../../domain/messages/codec.ts';
import { eventIdMs } from '../../domain/ulid-time.ts';
import type { HeldDelivery, HeldStore } from '../../stores/held.ts';
import type { TargetKey } from '../../stores/delivery-targets.ts';
import type { RenderRequest } from './ports.ts';

/**
 * Events younger than this are not given out yet, milliseconds: fan-out and senders work side by side, so the next one may come
 * before this one. Mostly they are done within a second.
 */
const SETTLE_MS = 2000;
/** Pages of the table that are read for one of the feed when those before held nothing to give out. */
const PAGES = 4;

/** A delivery of a feed. */
export interface FeedItem {
  held: HeldDelivery;
  rendered: Rendered;
}

export interface FeedPage {
  items: FeedItem[];
  /** The last event looked at, when more follow. */
  next: string | undefined;
}

/** Where a page of a feed begins, and how long it may be. */
export interface FeedRequest {
  /** Only events behind this one. */
  after?: string | undefined;
  limit: number;
}

/**
 * The oldest deliveries that are kept for a subscription, in event order. One page of the table, of 1 MB at most, makes one of
 * the feed: each of its bytes takes four at worst in the answer (as JSON inside JSON), of which Lambda takes 6 MB.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export async function readFeed(
  { organization, subscription }: TargetKey,
  { after, limit }: FeedRequest,
  { held, renderRequest, now }: { held: Pick<HeldStore, 'page'>; renderRequest: RenderRequest; now(): number },
): Promise<FeedPage> {
  const settledMs = now() - SETTLE_MS;
  let next = after;
  for (let n = 0; n < PAGES; n++) {
    const page = await held.page(subscription, limit, next);
    const young = page.items.findIndex(({ event_id }) => (eventIdMs(event_id) ?? 0) > settledMs);
    const settled = young < 0 ? page.items : page.items.slice(0, young);
    // A row typed by hand may have the id of another organization's subscription; a message may be of a later version.
    const items = settled.flatMap((row) => {
      const read = row.organization === organization ? decodeDeliveryMessage(row.message) : undefined;
      if (!read?.ok) return [];
      const rendered = renderRequest(read.message.event, read.message.format);
      return rendered.sent ? [{ held: row, rendered }] : [];
    });
    next = young < 0 ? page.next : undefined;
    if (items.length > 0 || next === undefined) return { items, next };
  }
  return { items: [], next };
}
