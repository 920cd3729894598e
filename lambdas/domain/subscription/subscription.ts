import type { FormatName } from '../formats/names.ts';
import type { Filter } from './filter/read-filter.ts';
import type { AuthMark } from './auth.ts';

/** `2xx`: any status from 200 to 299 counts as delivered. `200`: that one alone. */
export type SuccessRule = '2xx' | '200';

/** How requests are signed: with HMAC, with Ed25519, or both (Standard Webhooks). */
export const SIGNINGS = ['v1', 'v1a', 'both'] as const;
export type Signing = (typeof SIGNINGS)[number];

/** How deliveries reach the customer: sent to its URL, or kept in a feed until it fetches and acknowledges them. */
export const DELIVERY_WAYS = ['push', 'pull'] as const;
export type DeliveryWay = (typeof DELIVERY_WAYS)[number];

/** A customer's URL and what it wants, as the platform understands it. Field names are those of the table and the API. */
export interface Subscription {
  organization: string;
  /** `sub_…` */
  id: string;
  /** Where deliveries are sent. Empty: none was given, which goes with `delivery` pull alone. */
  url: string;
  /** Absent: `push`. */
  delivery?: DeliveryWay;
  active: boolean;
  /** Nothing is sent for now: what comes is held, in event order. Absent: it is not. */
  paused?: boolean;
  /** Patterns, see matching.ts. Never empty. */
  events: string[];
  format: FormatName;
  success: SuccessRule;
  description?: string;
  /** Only events of this account. Absent: all of the organization. */
  account?: string;
  /** Only events that pass it. Absent: all that type and account let through. */
  filter?: Filter;
  /** Absent: `v1`. */
  signing?: Signing;
  /** Name of a further header that carries `t=<unix>,v1=<hex>`, e.g. `Axle-Signature`. */
  signature_header?: string;
  /** Further headers on every request. */
  headers?: Record<string, string>;
  /** Which credentials its requests carry; they themselves lie with the signing secrets. */
  auth?: AuthMark;
  /** Total time for one attempt, 1 to 30. */
  timeout_seconds: number;
  /** For so many hours exhausted deliveries are tried again, 0 to 120. Absent: as deployed, and 0 with format `resource`. */
  heal_hours?: number;
  /** So many requests a second at most, 1 to 1000. Absent: no ceiling. */
  rate_per_second?: number;
  created_at?: string;
  updated_at?: string;
  /** Since when it is inactive, ISO 8601: what was accepted since then it has missed. Noted by whoever deactivates it. */
  inactive_since?: string;
  /** It was off from this time until `missed_until`, ISO 8601, and what it missed was not sent. Noted by whoever activates it. */
  missed_since?: string;
  missed_until?: string;
  /** Why nothing is sent, in words for the person who edits the row. */
  problem?: string;
  /**
   * Who wrote the row last: `<key id> <audit record id>` for the API, `posthorn <audit record id>` for the platform
   * itself, `table` for a person in the table. A note for people and for the audit trail; nothing is decided by it alone.
   */
  changed_by?: string;
}

/** Attributes that have a value though nobody gave one, and so are not stored then: what it derives from may change. */
export const DEFAULTED = ['active', 'events', 'format', 'success', 'timeout_seconds'] as const;

/** A subscription with what somebody gave, as it is stored. */
export type GivenSubscription = Omit<Subscription, (typeof DEFAULTED)[number]> & Partial<Subscription>;

const ATTRIBUTES: Record<keyof Subscription, true> = {
  organization: true,
  id: true,
  url: true,
  delivery: true,
  active: true,
  paused: true,
  events: true,
  format: true,
  success: true,
  description: true,
  account: true,
  filter: true,
  signing: true,
  signature_header: true,
  headers: true,
  auth: true,
  timeout_seconds: true,
  heal_hours: true,
  rate_per_second: true,
  created_at: true,
  updated_at: true,
  inactive_since: true,
  missed_since: true,
  missed_until: true,
  problem: true,
  changed_by: true,
};

/** Names of all attributes of ours. */
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as readonly (keyof Subscription)[];

/** Whether a row's attribute is one of ours. A name that somebody made up may be anything, a secret pasted wrongly too. */
export function isAttribute(name: string): name is keyof Subscription {
  return Object.hasOwn(ATTRIBUTES, name);
}

/** Attributes that the platform notes on a row about itself: changing them changes nothing about deliveries. */
export const OWN_NOTES: readonly (keyof Subscription)[] = [
  'created_at',
  'updated_at',
  'inactive_since',
  'missed_since',
  'missed_until',
  'problem',
  'changed_by',
];

/** Actor of a change by the platform itself, e.g. after a 410. */
export const BY_PLATFORM = 'posthorn';
/** `changed_by` of a write by a person in the table. */
export const BY_TABLE = 'table';

/** A row as it lies in the table: people edit it by hand, so anything may be in it. */
export type SubscriptionRow = Record<string, unknown>;

/** Whether requests need an Ed25519 key. */
export function needsPrivateKey({ signing }: { signing?: unknown }): boolean {
  return signing === 'v1a' || signing === 'both';
}
