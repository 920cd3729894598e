import { createHash, randomBytes } from 'node:crypto';
import { API_KEY_BYTES, formatApiKey, SESSION_PREFIX } from '../domain/api-key.ts';

/** A new API key. It is shown once to whoever asked for it; only its hash is kept. */
export function createApiKey(): { key: string; hash: string } {
  const key = formatApiKey(randomBytes(API_KEY_BYTES));
  return { key, hash: hashApiKey(key) };
}

/** A new token of a session or of a portal link. */
export function createSessionToken(): { key: string; hash: string } {
  const key = formatApiKey(randomBytes(API_KEY_BYTES), SESSION_PREFIX);
  return { key, hash: hashApiKey(key) };
}

/**
 * SHA-256 of the key's text, hex: the partition key of the table ApiKeys. No salt and no slow hash: 256 random bits
 * cannot be guessed, and the hash must be found by equality.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
