import { readCursor, writeCursor } from './cursor.ts';
import type { DeliveryPlace } from './delivery-walk.ts';

/** @param key `event_attempt` of the row to go on before. */
export function writeAttemptCursor(key: string): string {
  return writeCursor({ key });
}

/** @throws Problem malformed-request */
export function readAttemptCursor(cursor: string): string {
  return readCursor(cursor, ['key']).key;
}

/** A walk's place may have empty members, which cursors do not allow: each travels behind a colon. */
export function writeWalkCursor({ page, event, subscription, before }: DeliveryPlace): string {
  return writeCursor({ page: `:${page}`, event, subscription: `:${subscription}`, before: `:${before ?? ''}` });
}

/** @throws Problem malformed-request */
export function readWalkCursor(cursor: string): DeliveryPlace {
  const { page, event, subscription, before } = readCursor(cursor, ['page', 'event', 'subscription', 'before']);
  return {
    page: page.slice(1),
    event,
    subscription: subscription.slice(1),
    ...(before.length > 1 ? { before: before.slice(1) } : {}),
  };
}
