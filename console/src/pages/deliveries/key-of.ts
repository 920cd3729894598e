import type { Delivery } from '../../api/types.ts';

/** What names a delivery: its event and its subscription. */
export function keyOf({ event_id, subscription_id }: Pick<Delivery, 'event_id' | 'subscription_id'>): string {
  return `${event_id} ${subscription_id}`;
}
