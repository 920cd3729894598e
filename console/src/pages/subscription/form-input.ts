import type { SubscriptionChange, SubscriptionInput } from '../../api/types.ts';
import { wholeNumber } from '../../ui/whole-number.ts';
import { authValue, leftOrigin } from './auth-text.ts';
import { readFilterText } from './filter-text.ts';
import {
  ATTRIBUTES,
  EDITABLE,
  EMPTY,
  isNumber,
  isSame,
  NAMES,
  patternsOf,
  type FieldName,
  type Fields,
} from './form-fields.ts';

/** Seconds that one attempt may take. */
export const TIMEOUT = { from: 1, to: 30 };
/** Requests a second that a ceiling may allow. */
export const RATE = { from: 1, to: 1000 };
/** Hours for which exhausted deliveries may be tried again; 0: not at all. */
export const HEAL = { from: 0, to: 120 };

/** What the form itself must refuse, since the API would never see it: a number that is none, a filter that is no
 * JSON, headers that would be lost. */
export interface FieldErrors {
  timeout?: string;
  filter?: string;
  rate?: string;
  heal?: string;
  auth?: string;
  /** By row. */
  headers?: (string | undefined)[];
}

/** @param base what an edited form was filled from: what stood there is the API's to judge. */
export function errorsOf(fields: Fields, base?: Fields): FieldErrors {
  const errors: FieldErrors = {};
  const isChanged = (name: FieldName): boolean => base === undefined || !isSame(name, fields, base);
  if (isChanged('timeout') && wholeNumber(fields.timeout, TIMEOUT) === undefined) {
    errors.timeout = `Enter a whole number of seconds from ${TIMEOUT.from} to ${TIMEOUT.to}.`;
  }
  if (isChanged('filter')) {
    const read = readFilterText(fields.filter);
    if (!read.ok) errors.filter = read.error;
  }
  if (isChanged('rate') && fields.rate.trim() !== '' && wholeNumber(fields.rate, RATE) === undefined) {
    errors.rate = `Enter a whole number from ${RATE.from} to ${RATE.to}, or nothing for no ceiling.`;
  }
  if (isChanged('heal') && fields.heal.trim() !== '' && wholeNumber(fields.heal, HEAL) === undefined) {
    errors.heal = `Enter whole hours from ${HEAL.from} to ${HEAL.to}, or nothing for the platform's default.`;
  }
  const left = fields.delivery === 'pull' ? undefined : leftOrigin(fields.auth, fields.url, base?.url ?? '');
  if (left !== undefined) errors.auth = `They were set for ${left}: enter them again, or choose none.`;
  if (isChanged('headers')) {
    const rows = fields.headers.map((_, row) => headerError(fields.headers, row));
    if (rows.some((error) => error !== undefined)) errors.headers = rows;
  }
  return errors;
}

function headerError(headers: Fields['headers'], row: number): string | undefined {
  // Names differ in more than letter case: RFC 9110 §5.1.
  const nameOf = (at: number): string => headers[at]!.key.trim().toLowerCase();
  if (nameOf(row) === '') return 'Enter a name, or remove it.';
  const first = headers.findIndex((_, at) => nameOf(at) === nameOf(row));
  return first === row ? undefined : 'This name is used twice: keep one of the two.';
}

/**
 * A new subscription; what is empty is left out, and so is what the form came filled with: a default that nobody chose is to
 * stay one. The API checks every other rule.
 */
export function newSubscription(fields: Fields): SubscriptionInput {
  const given = NAMES.filter((name) => name === 'url' || (isOffered(name, fields) && !isSame(name, fields, EMPTY)))
    .map((name) => [ATTRIBUTES[name], valueOf(name, fields)] as const)
    .filter(([, value]) => value !== null);
  return Object.fromEntries(given);
}

/**
 * Only what the person changed: somebody else may be changing the rest.
 * @param base what the form was filled from.
 * @param removed what it could not show and the person wants gone.
 */
export function changeOf(base: Fields, fields: Fields, removed: readonly FieldName[] = []): SubscriptionChange {
  const changed = EDITABLE.filter(
    (name) => (isOffered(name, fields) && !isSame(name, base, fields)) || removed.includes(name),
  );
  return Object.fromEntries(changed.map((name) => [ATTRIBUTES[name], valueOf(name, fields)]));
}

/** Whoever fetches is sent nothing, so there is no URL and there are no credentials to type: what stood in the fields before is
 * not meant. */
function isOffered(name: FieldName, { delivery }: Fields): boolean {
  return (name !== 'auth' && name !== 'url') || delivery !== 'pull';
}

/** A field as the API takes it; null: not set. */
function valueOf(name: FieldName, fields: Fields): unknown {
  if (name === 'headers') {
    const entries = fields.headers.map(({ key, value }) => [key.trim(), value] as const);
    return entries.length === 0 ? null : Object.fromEntries(entries);
  }
  // None at all is the API's to refuse: null would be a word that it does not know here.
  if (name === 'events') return patternsOf(fields.events);
  if (name === 'auth') return authValue(fields.auth);
  if (name === 'filter') {
    const read = readFilterText(fields.filter);
    return (read.ok && read.filter) || null;
  }
  const text = fields[name].trim();
  // Whoever fetches needs none; else it is the API's to refuse.
  if (name === 'url' && !(text === '' && fields.delivery === 'pull')) return text;
  if (text === '') return null;
  return isNumber(name) ? Number(text) : text;
}
