import type { PosthornEvent } from '../domain/event.ts';
import type { FormatName } from '../domain/formats/names.ts';
import type { Replay, ReplayQuery } from '../domain/delivery/replay.ts';

/** A delivery that can be sent again with the same bytes. */
export interface ReplayableDelivery {
  event: PosthornEvent;
  /** Of its newest attempt, or as it was matched. */
  format: FormatName;
  /** The subscription has missed it: the match has to be recorded before it is queued. */
  missed?: true;
  /** How many automatic replays it has taken part in. Absent: none. */
  automatic?: number | undefined;
  /** Where the replay is of many subscriptions: to which, and the place to go on behind it. */
  subscription?: string;
  place?: string;
}

/** One of a replay of many subscriptions' deliveries. */
export interface ChosenDelivery extends ReplayableDelivery {
  organization: string;
  subscription: string;
  /** To go on behind it. */
  place: string;
}

/** Some of them. */
export interface ChosenPage {
  deliveries: ChosenDelivery[];
  /** How many more were asked for that cannot be sent: not kept, or nothing is sent to their subscription. */
  leftOut: number;
  next?: string;
}

/** Whether anything is sent to a subscription. */
export type IsSendable = (organization: string, subscription: string) => Promise<boolean>;

/** Deliveries of many subscriptions, as replays read them. */
export interface ReplayableManyStore {
  /**
   * Some deliveries, of each organization oldest event first. What one page reads is bounded, so it may be short, even empty,
   * although more follow.
   * @param chosen `<organization>/<event>/<subscription>` each, instead of what the query says.
   */
  page(
    query: ReplayQuery & { chosen?: readonly string[] },
    after: string | undefined,
    isSendable: IsSendable,
  ): Promise<ChosenPage>;
}

/** Deliveries, oldest event first. `next`: the event to go on behind; absent at the end. */
export interface ReplayablePage {
  deliveries: ReplayableDelivery[];
  next?: string;
}

/** Undefined: it does not match. */
export type Wants = (event: PosthornEvent) => FormatName | undefined;

/** `id`: the replay's own, whose marks it knows again. */
export type ReplayableQuery = ReplayQuery & Partial<Pick<Replay, 'id'>>;

/** The tables `Events` and `Attempts`, as replays read them. */
export interface ReplayableStore {
  /**
   * Some deliveries that a replay is about, oldest event first. What one page reads is bounded, so it may be short, even
   * empty, although more follow.
   * @param after only events behind this one.
   * @param wants for what was missed: the format in which the subscription, as it is now, wants an event.
   */
  page(query: ReplayableQuery, after: string | undefined, wants?: Wants): Promise<ReplayablePage>;
  /** One delivery; undefined when the event never matched the subscription, or is not kept any more. */
  one(organization: string, subscription: string, eventId: string): Promise<ReplayableDelivery | undefined>;
}
