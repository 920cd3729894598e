/** Where a change was made, as the producer says. `API` when it says nothing. */
export const TRIGGERING_LOCATIONS = ['PATIENT_PORTAL', 'CLINICIAN_APP', 'DASHBOARD', 'API', 'AXLE_SYSTEM'] as const;

export type TriggeringLocation = (typeof TRIGGERING_LOCATIONS)[number];

/** One fact from a producer, accepted and immutable. Field names are those of the HTTP interface. */
export interface PosthornEvent {
  /** `evt_` + ULID; is also the `webhook-id` of every request made for this event. */
  id: string;
  organization: string;
  /** A narrower owner inside the organization. */
  account?: string;
  /** A catalogue type, or `ping`. */
  type: string;
  triggering_location: TriggeringLocation;
  resource_id?: string;
  /** When ingest accepted it: milliseconds since the epoch, UTC. The only time any format shows. */
  enqueued_ms: number;
  /** The producer's `data`, character for character, never parsed and written again. Absent in a ping. */
  data?: string;
  /** A customer asked for it, to try out a subscription: its data is the catalogue's example. Absent: it is a real one. */
  sample?: true;
}

/** Organizations, accounts: letters, digits, `_`, `-`, 1 to 64 of them. */
export const OWNER_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** Ids in paths: what {@link OWNER_PATTERN} allows; no dot, because attempt ids join their parts by dots. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** The event type that a customer asks for to try out a subscription. Producers cannot publish it. */
export const PING = 'ping';

/**
 * Whether an event only tries out a subscription: a ping or a sample. It goes to the subscription that it was asked for,
 * whatever that one's state, and is tried once: a person waits for what the endpoint says.
 */
export function isTest({ type, sample }: Pick<PosthornEvent, 'type' | 'sample'>): boolean {
  return type === PING || sample === true;
}
