import type { Subscription } from '../../api/types.ts';
import { authFieldsOf, authMeaning, authWords, NO_AUTH, type AuthFields } from './auth-text.ts';
import { filterMeaning, filterText } from './filter-text.ts';

/** What the form's fields hold: text as typed. Empty: not set. */
export interface Fields {
  organization: string;
  account: string;
  /** `push` or `pull`. */
  delivery: string;
  url: string;
  description: string;
  events: string;
  /** JSON. */
  filter: string;
  format: string;
  success: string;
  timeout: string;
  rate: string;
  /** Hours. */
  heal: string;
  /** `v1`, `v1a` or `both`. */
  signing: string;
  signatureHeader: string;
  headers: { key: string; value: string }[];
  auth: AuthFields;
  /** A signing secret that the customer has already; of a new subscription alone. */
  secret: string;
}

export type FieldName = keyof Fields;

/** What each field is called in the API. */
export const ATTRIBUTES = {
  organization: 'organization',
  account: 'account',
  delivery: 'delivery',
  url: 'url',
  description: 'description',
  events: 'events',
  filter: 'filter',
  format: 'format',
  success: 'success',
  timeout: 'timeout_seconds',
  rate: 'rate_per_second',
  heal: 'heal_hours',
  signing: 'signing',
  signatureHeader: 'signature_header',
  headers: 'headers',
  auth: 'auth',
  secret: 'secret',
} as const satisfies Record<FieldName, string>;

/** What each field is called in the form. */
export const LABELS: Record<FieldName, string> = {
  organization: 'Organization',
  account: 'Account',
  delivery: 'Delivery',
  url: 'URL',
  description: 'Description',
  events: 'Events',
  filter: 'Filter',
  format: 'Format',
  success: 'Counts as delivered',
  timeout: 'Timeout in seconds',
  rate: 'Requests a second at most',
  heal: 'Hours for which exhausted deliveries are tried again',
  signing: 'Signatures',
  signatureHeader: 'Signature header',
  headers: 'Further headers',
  auth: 'Credentials',
  secret: 'Signing secret of the customer',
};

export const NAMES = Object.keys(ATTRIBUTES) as FieldName[];
/** Fields that somebody may change later; the organization is a key of the row, and a secret is rotated. */
export const EDITABLE = NAMES.filter((name) => name !== 'organization' && name !== 'secret');

/** Whether a field holds a number. */
export function isNumber(name: FieldName): name is 'timeout' | 'rate' | 'heal' {
  return name === 'timeout' || name === 'rate' || name === 'heal';
}

export const EMPTY: Fields = {
  organization: '',
  account: '',
  delivery: 'push',
  url: '',
  description: '',
  events: '*',
  filter: '',
  format: 'standard',
  success: '',
  timeout: '10',
  rate: '',
  heal: '',
  signing: 'v1',
  signatureHeader: '',
  headers: [],
  auth: NO_AUTH,
  secret: '',
};

/** A subscription as the form shows it. What a row edited by hand lacks, or holds in another shape, is an empty field. */
export function fieldsOf(subscription: Subscription): Fields {
  const { events, headers } = subscription as { events: unknown; headers?: unknown };
  return {
    organization: textOf(subscription.organization),
    account: textOf(subscription.account),
    delivery: textOf(subscription.delivery),
    url: textOf(subscription.url),
    description: textOf(subscription.description),
    events: isTexts(events) ? events.join(', ') : textOf(events),
    filter: filterText(subscription.filter),
    format: textOf(subscription.format),
    // What the format asks for is no choice of anybody: another format brings its own.
    success: isDefault(subscription, 'success') ? '' : textOf(subscription.success),
    rate: isNumeral(subscription.rate_per_second) ? String(subscription.rate_per_second) : '',
    heal: isNumeral(subscription.heal_hours) ? String(subscription.heal_hours) : '',
    signing: textOf(subscription.signing),
    timeout: isNumeral(subscription.timeout_seconds) ? String(subscription.timeout_seconds) : '',
    signatureHeader: textOf(subscription.signature_header),
    headers: isTextMap(headers) ? Object.entries(headers).map(([key, value]) => ({ key, value })) : [],
    auth: authFieldsOf(subscription),
    secret: '',
  };
}

/** Whether an attribute has its default, because nobody gave one. */
export function isDefault({ defaults = [] }: Subscription, name: string): boolean {
  return defaults.some((one) => one === name);
}

/** Fields whose attribute holds what they cannot show, in words. Only a row edited by hand has such. */
export function unreadableOf(subscription: Subscription): Partial<Record<FieldName, string>> {
  // The platform understands whatever has no problem.
  if (subscription.problem === undefined) return {};
  const row: Record<string, unknown> = { ...subscription };
  const found: Partial<Record<FieldName, string>> = {};
  for (const name of EDITABLE) {
    const value = row[ATTRIBUTES[name]];
    if (value === undefined || isShown(name, value)) continue;
    // What should have been headers may be a credential.
    found[name] = name === 'headers' ? 'something that is no list of names and values' : quoted(value);
  }
  return found;
}

/** A field's value in words, to be compared by a person. */
export function wordsOf(name: FieldName, fields: Fields): string {
  if (name === 'auth') return authWords(fields.auth);
  if (name !== 'headers') return fields[name] === '' ? 'not set' : fields[name];
  return fields.headers.map(({ key, value }) => `${key}: ${value}`).join(', ') || 'none';
}

/** Whether two forms say the same in a field: order and blanks between patterns or headers mean nothing. */
export function isSame(name: FieldName, a: Fields, b: Fields): boolean {
  return meaningOf(name, a) === meaningOf(name, b);
}

/** Patterns as typed: separated by commas or blanks. */
export function patternsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function meaningOf(name: FieldName, fields: Fields): string {
  if (name === 'headers') return JSON.stringify(fields.headers.map(({ key, value }) => [key, value]).sort());
  if (name === 'auth') return authMeaning(fields.auth);
  if (name === 'filter') return filterMeaning(fields.filter);
  return name === 'events' ? JSON.stringify(patternsOf(fields.events).sort()) : fields[name].trim();
}

function isShown(name: FieldName, value: unknown): boolean {
  if (name === 'headers') return isTextMap(value);
  // The API shows none that it cannot read, and nothing of them is to be quoted.
  if (name === 'auth') return true;
  if (name === 'filter') return isTextOrObject(value);
  if (isNumber(name)) return isNumeral(value);
  if (name === 'events' && isTexts(value)) return value.length > 0;
  return textOf(value).trim() !== '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isNumeral(value: unknown): boolean {
  return /^\s*\d+(\.\d+)?\s*$/.test(textOf(value));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTextOrObject(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

function isTextMap(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string')
  );
}

function quoted(value: unknown): string {
  if (value === null || value === '') return 'an empty value';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
