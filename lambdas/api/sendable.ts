import { asBoolean } from '../domain/hand-typed.ts';
import { Problem } from '../domain/problem.ts';
import type { SubscriptionRow } from '../domain/subscription.ts';

/**
 * Refuses to send anything again to an inactive subscription. Each delivery would end as `cancelled`, and that would be
 * the last word on those that were delivered, too.
 * @throws Problem conflict.
 */
export function refuseInactive(row: SubscriptionRow): void {
  if (asBoolean(row.active) !== false) return;
  throw new Problem('conflict', 'The subscription is inactive, so nothing would be sent. Activate it first.');
}
