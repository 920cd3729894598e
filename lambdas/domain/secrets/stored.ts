import type { SigningSecret } from './rotation.ts';

// Signing secrets as they lie in the table: operators bring those that a customer has already, and type them in by hand.

const PREFIX = 'whsec_';
const AS_WRITTEN = /^whsec_[A-Za-z0-9+/]+={0,2}$/;
const BASE64 = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;
/** Whoever gives only these means the digits, not what base64 makes of them. */
const HEXADECIMAL = /^[0-9a-f]+$/i;
const MIN_BYTES = 24;
const MAX_BYTES = 64;
/** The last millisecond of a Date (ECMA-262, 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

/**
 * Secrets of a row, newest first: the list that the platform writes; also one of plain texts, or one text. A secret with
 * blanks around it, without its prefix, or in the alphabet of base64url comes as if it had been written properly; one
 * that cannot be used comes as it is, see {@link wrongSecret}.
 */
export function readSecrets(stored: unknown): SigningSecret[] {
  if (typeof stored === 'string') return [readSecret(stored)];
  return Array.isArray(stored) ? (stored as unknown[]).map(readSecret) : [];
}

function readSecret(stored: unknown): SigningSecret {
  if (typeof stored === 'string') return { key: properly(stored), created_ms: 0 };
  if (typeof stored !== 'object' || stored === null) return { key: '', created_ms: 0 };
  // Almost every one; the sender keeps what it has made of this very object.
  if (isWellFormed(stored)) return stored;
  const { key, private_key, created_ms, expires_ms } = stored as Partial<Record<keyof SigningSecret, unknown>>;
  const secret: SigningSecret = { key: typeof key === 'string' ? properly(key) : '', created_ms: time(created_ms) };
  if (typeof private_key === 'string') secret.private_key = private_key;
  // One whose end nobody can tell must not sign for ever.
  return expires_ms === undefined || expires_ms === null ? secret : { ...secret, expires_ms: time(expires_ms) };
}

function isWellFormed(stored: object): stored is SigningSecret {
  const { key, private_key, created_ms, expires_ms } = stored as Partial<Record<keyof SigningSecret, unknown>>;
  if (private_key !== undefined && typeof private_key !== 'string') return false;
  if (typeof key !== 'string' || !AS_WRITTEN.test(key) || (key.length - PREFIX.length) % 4 !== 0) return false;
  return time(created_ms) === created_ms && (expires_ms === undefined || time(expires_ms) === expires_ms);
}

/** Milliseconds that a Date can hold; 0 for anything else. */
function time(stored: unknown): number {
  const ms = Number(stored);
  return Math.abs(ms) <= MAX_TIME_MS ? ms : 0;
}

/** A secret in the one way in which it is written; one that cannot be used as it is. */
export function properly(text: string): string {
  return wrongSecret(text) === undefined ? PREFIX + Buffer.from(encodedIn(text), 'base64').toString('base64') : text;
}

/**
 * What is wrong with a stored secret, to follow "got": in words that never hold it.
 * @returns undefined when it can be used.
 */
export function wrongSecret(text: string): string | undefined {
  const encoded = encodedIn(text);
  if (encoded === '') return 'an empty one';
  if (!text.trim().startsWith(PREFIX) && HEXADECIMAL.test(encoded)) return 'one in hexadecimal digits';
  if (!BASE64.test(encoded)) return 'one with a character that base64 has not';
  const { length } = Buffer.from(encoded, 'base64');
  return length < MIN_BYTES || length > MAX_BYTES ? `one of ${length} bytes` : undefined;
}

function encodedIn(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith(PREFIX) ? trimmed.slice(PREFIX.length) : trimmed;
}
