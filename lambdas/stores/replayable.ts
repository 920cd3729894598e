import type { PosthornEvent } from '../domain/event.ts';
import type { FormatName } from '../domain/formats/names.ts';
import type { ReplayQuery } from '../domain/delivery/replay.ts';

/** A delivery that can be sent again with the same bytes. */
export interface ReplayableDelivery {
  event: PosthornEvent;
  /** Of its newest attempt, or as it was matched. */
  format: FormatName;
}

/** Deliveries, oldest event first. `next`: the event to go on behind; absent at the end. */
export interface ReplayablePage {
  deliveries: ReplayableDelivery[];
  next?: string;
}

/** The tables `Events` and `Attempts`, as replays read them. */
export interface ReplayableStore {
  /**
   * Some deliveries that a replay is about, oldest event first. What one page reads is bounded, so it may be short, even
   * empty, although more follow.
   * @param after only events behind this one.
   */
  page(query: ReplayQuery, after: string | undefined): Promise<ReplayablePage>;
  /** One delivery; undefined when the event never matched the subscription, or is not kept any more. */
  one(organization: string, subscription: string, eventId: string): Promise<ReplayableDelivery | undefined>;
}
