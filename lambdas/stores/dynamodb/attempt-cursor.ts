import { Problem } from '../../domain/problem.ts';
import type { DeliveryPlace } from './delivery-walk.ts';

// Cursors are opaque to callers, who may still send anything: what is none of ours is their mistake, not ours.

/** @param key `event_attempt` of the row to go on before. */
export function writeCursor(key: string): string {
  return encode([key]);
}

/** @throws Problem malformed-request */
export function readCursor(cursor: string): string {
  const [key] = decode(cursor, 1);
  return key!;
}

export function writeWalkCursor({ page, event, subscription, before }: DeliveryPlace): string {
  return encode([page, event, subscription, before ?? '']);
}

/** @throws Problem malformed-request */
export function readWalkCursor(cursor: string): DeliveryPlace {
  const [page, event, subscription, before] = decode(cursor, 4) as [string, string, string, string];
  return { page, event, subscription, ...(before === '' ? {} : { before }) };
}

function encode(parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string, length: number): string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    parts = undefined;
  }
  if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === 'string')) {
    // A sort key has at most 1,024 bytes and is never empty.
    if (length > 1 || (parts[0] !== '' && Buffer.byteLength(parts[0] as string) <= 1024)) return parts as string[];
  }
  const detail = 'Expected next_cursor of the page before, got something else. Leave cursor out to start again.';
  throw new Problem('malformed-request', detail, [{ pointer: '?cursor', detail }]);
}
