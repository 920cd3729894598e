import { createHash } from 'node:crypto';
import { withoutOuter } from '../domain/json/blanks.ts';
import { Problem } from '../domain/problem.ts';
import type { Claim } from './publish.ts';

/** Characters of a key; the same stands in the pattern. */
const KEY_LIMIT = 255;
/** 1 to 255 visible ASCII characters, blanks inside allowed. */
const KEY_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * Checks the header `Idempotency-Key`. An empty one is refused: it mostly is a variable that nobody set, and taking it
 * for "no key" would drop the protection in silence.
 * @throws Problem `malformed-request`
 */
export function readIdempotencyKey(value: string | undefined): string | undefined {
  const key = value && withoutOuter(value, ' \t');
  if (key === undefined || KEY_PATTERN.test(key)) return key;
  const got = key.length === 0 || key.length > KEY_LIMIT ? `${key.length} characters` : 'other characters';
  throw new Problem(
    'malformed-request',
    `Expected an Idempotency-Key of 1 to ${KEY_LIMIT} visible ASCII characters, got ${got}. Send another, or none.`,
  );
}

/**
 * What makes two requests the same (docs/design.md §17.13): the API key, the organization or for a batch none, the client's
 * key, and the body's bytes.
 */
export function idempotencyClaim(from: { keyId: string; organization?: string; key: string; text: string }): Claim {
  const scope = from.organization === undefined ? 'batch' : `event:${from.organization}`;
  return { key: sha256([from.keyId, scope, from.key].join('\n')), bodyHash: sha256(from.text) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
