import type { DeactivationReason } from './subscription/deactivation.ts';
import { readMark } from './subscription/auth.ts';
import { ATTRIBUTE_NAMES, OWN_NOTES, type SubscriptionRow } from './subscription/subscription.ts';
import { ulidMs } from './ulid-time.ts';

/** What the audit trail tells of: who may receive what, who may ask, who saw a secret or a payload. */
export const AUDIT_ACTIONS = [
  'subscription.created',
  'subscription.changed',
  'subscription.deleted',
  'subscription.paused',
  'subscription.resumed',
  'secret.viewed',
  'secret.rotated',
  'api_key.created',
  'api_key.revoked',
  'payload.viewed',
  'ping.sent',
  'sample.sent',
  'delivery.redelivered',
  'replay.started',
  'replay.cancelled',
  'portal_link.created',
  'portal_link.opened',
  'user.signed_in',
  'user.signed_out',
  'data.purged',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What something was done to. `event`, `attempt`: whose body was seen. */
export const AUDIT_OBJECTS = [
  'subscription',
  'api_key',
  'delivery',
  'replay',
  'event',
  'attempt',
  'portal_link',
  'user',
  'organization',
] as const;
export type AuditObject = (typeof AUDIT_OBJECTS)[number];

/** A value before and after, as text; absent: there was, or is, none. What may be a secret is there as its hash. */
export interface ValueChange {
  old?: string | undefined;
  new?: string | undefined;
}

/** One line of the audit trail. */
export interface AuditRecord {
  /** `aud_` + ULID, which carries the time. */
  id: string;
  /** Id of the API key; `table`: a person in the DynamoDB table; `command`: a person at an operator's command; `posthorn`: the platform itself. */
  actor: string;
  /** Name of the actor at that time: the description of its key. */
  actor_name?: string | undefined;
  action: AuditAction;
  object_type: AuditObject;
  object_id: string;
  /** Absent: of no single organization, as an admin key. */
  organization?: string;
  /** SHA-256 of {@link canonicalRow} before and after, hex; absent where there was or is none. */
  before_sha256?: string;
  after_sha256?: string;
  /** Why, where the platform itself made the change. */
  reason?: DeactivationReason;
  /** By the name of the attribute, for each in {@link changed}. */
  changes?: Record<string, ValueChange> | undefined;
  /** Names of the attributes that differ; cut to {@link MAX_NAMES} of {@link MAX_NAME} characters. */
  changed: string[];
}

/** Names of one record at most; a subscription has 15. */
const MAX_NAMES = 50;
const MAX_NAME = 64;
const AUDIT_ID = /^aud_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** When a record was made, milliseconds; undefined when the id is none of a record. */
export function auditIdMs(id: string): number | undefined {
  return AUDIT_ID.test(id) ? ulidMs(id.slice('aud_'.length)) : undefined;
}

/** The audit record that a row's `changed_by` names, see {@link changedBy}. */
export function recordNamedBy(changedBy: unknown): string | undefined {
  const id = typeof changedBy === 'string' ? changedBy.split(' ')[1] : undefined;
  return id !== undefined && AUDIT_ID.test(id) ? id : undefined;
}

/** The text of a row's `changed_by` after a change that was recorded first. @param actor of the record. */
export function changedBy(actor: string, recordId: string): string {
  return `${actor} ${recordId}`;
}

/**
 * A row as one text that does not depend on the order of attributes or set members: what the hashes in the audit trail
 * are made of. Without the platform's own notes, so that the same subscription always has the same hash. Equal numbers
 * are equal in whatever type they come; a set, a list and NULL are told apart.
 */
export function canonicalRow(row: SubscriptionRow): string {
  return JSON.stringify(canonical(withoutNotes(row)));
}

/** Names of the attributes in which two rows differ, sorted; the platform's own notes are left out. */
export function changedAttributes(before: SubscriptionRow = {}, after: SubscriptionRow = {}): string[] {
  const names = new Set([...Object.keys(withoutNotes(before)), ...Object.keys(withoutNotes(after))]);
  return [...names]
    .filter((name) => JSON.stringify(canonical(before[name])) !== JSON.stringify(canonical(after[name])))
    .map((name) => name.slice(0, MAX_NAME))
    .sort()
    .slice(0, MAX_NAMES);
}

function withoutNotes(row: SubscriptionRow): SubscriptionRow {
  const notes: readonly string[] = OWN_NOTES;
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== undefined && !notes.includes(name)),
  );
}

/** Lists, too, become `[type, …]`, so that nothing can pass for another type. */
function canonical(value: unknown): unknown {
  if (value === undefined) return ['absent'];
  if (typeof value === 'bigint' || typeof value === 'number') return ['number', String(value)];
  if (value instanceof Set)
    return ['set', [...(value as Set<unknown>)].map((one) => JSON.stringify(canonical(one))).sort()];
  if (value instanceof Uint8Array) return ['binary', [...value]];
  if (Array.isArray(value)) return ['list', value.map(canonical)];
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]),
  );
}

/** Values of these are shown; of everything else, above all of what a person made up, only a hash. */
const SHOWN_VALUES = new Set<string>([
  ...ATTRIBUTE_NAMES.filter((name) => name !== 'headers' && name !== 'auth'),
  ...['scopes', 'read_only', 'payloads', 'expires_at', 'revoked_at'],
]);
/** Longest value in a record, characters; of a longer one the hash is there. */
const MAX_VALUE = 512;

/**
 * A value as the trail shows it. Headers are told by name, with hashes of their values; so are the parts of a URL's query, where
 * customers put tokens.
 * @param hash of what must not be shown: the same text has the same one, and nobody can read it back.
 */
export function shownValue(name: string, value: unknown, hash: (text: string) => string): string | undefined {
  if (value === undefined) return undefined;
  // A mark says what credentials there are. Whatever else was typed there may be the credentials themselves.
  const mark = name === 'auth' ? readMark(value) : undefined;
  if (mark && 'mark' in mark) {
    const { token_url, ...rest } = mark.mark;
    return JSON.stringify({ ...rest, token_url: token_url && withoutSecrets(token_url, hash) });
  }
  const text = typeof value === 'string' ? value : JSON.stringify(canonicalPlain(value));
  if (name === 'headers' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).map(([key, one]) => [key, hash(JSON.stringify(canonical(one)))]);
    return cut(JSON.stringify(Object.fromEntries(entries)), hash);
  }
  if (!SHOWN_VALUES.has(name)) return hash(text);
  return cut(name === 'url' ? withoutSecrets(text, hash) : text, hash);
}

function cut(text: string, hash: (text: string) => string): string {
  return text.length > MAX_VALUE ? hash(text) : text;
}

/** Everything behind the first `?` or `#` by its hash; and what stands before an `@`, should a person have typed that. */
function withoutSecrets(url: string, hash: (text: string) => string): string {
  const end = url.search(/[?#]/);
  const place = end < 0 ? url : url.slice(0, end);
  const tail = end < 0 ? '' : `${url[end]}${hash(url.slice(end))}`;
  const at = place.indexOf('@');
  const scheme = place.indexOf('//');
  const start = scheme < 0 ? 0 : scheme + 2;
  const isUser = at > 0 && !place.slice(start, at).includes('/');
  return `${isUser ? `${place.slice(0, start)}${hash(place.slice(start, at))}${place.slice(at)}` : place}${tail}`;
}

/** Sets as lists, what JSON cannot say as text. */
function canonicalPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Set) return [...(value as Set<unknown>)].map(canonicalPlain).sort();
  if (value instanceof Uint8Array) return '(binary)';
  if (Array.isArray(value)) return value.map(canonicalPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, canonicalPlain(member)]));
}
