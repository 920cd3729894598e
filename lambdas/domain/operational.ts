import { createHash } from 'node:crypto';
import { hostOf } from './endpoint/endpoint-url.ts';
import type { PosthornEvent } from './event.ts';
import { ulidOf } from './ulid-time.ts';

// Operational events tell a customer of its own endpoints. They are events like any other, so log, lists, redelivery and
// replay know them, but for three things: only the platform makes them, `*` does not ask for them, and none goes to the
// endpoint that it is about.

/** What the names of their types begin with. Producers cannot publish any. */
export const OPERATIONAL_SERVICE = 'posthorn';

/** How the platform tells of an endpoint. */
export type OperationalType =
  | 'posthorn.endpoint.failing'
  | 'posthorn.endpoint.throttled'
  | 'posthorn.endpoint.down'
  | 'posthorn.endpoint.recovered'
  | 'posthorn.subscription.deactivated'
  | 'posthorn.delivery.exhausted';

/** Whether a type is reserved for what the platform itself tells. */
export function isOperational(type: string): boolean {
  return type.startsWith(`${OPERATIONAL_SERVICE}.`);
}

/** Whether an event is about this very subscription: its endpoint cannot be told that it fails. */
export function isAbout(
  subscription: string | undefined,
  { type, resource_id }: Pick<PosthornEvent, 'type' | 'resource_id'>,
): boolean {
  return isOperational(type) && resource_id === subscription;
}

/** What there is to tell of a subscription. */
export interface Telling {
  type: OperationalType;
  /** When it was found out, milliseconds: the event's time. */
  atMs: number;
  organization: string;
  subscription: string;
  /** The subscription's: whoever sees one account alone is told of that account's endpoints alone. */
  account?: string | undefined;
  /** The type's own members of `data`. */
  facts: Readonly<Record<string, string | number>>;
}

/**
 * The event that tells of it. The same subscription, type and time always give the same id: one that was queued twice is
 * fanned out once.
 * @param url as it stands in the row; only its host is told.
 */
export function operationalEvent(
  { type, atMs, organization, subscription, account, facts }: Telling,
  url: unknown,
): PosthornEvent {
  const hash = createHash('sha256').update(`${organization}/${subscription}/${type}`).digest('hex');
  return {
    id: `evt_${ulidOf(atMs, BigInt(`0x${hash.slice(0, 20)}`))}`,
    organization,
    ...(account !== undefined && { account }),
    type,
    triggering_location: 'API',
    resource_id: subscription,
    enqueued_ms: atMs,
    data: JSON.stringify({ subscription, host: hostOf(url) ?? null, ...facts }),
  };
}
