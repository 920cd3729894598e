import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryFields } from '../../lambdas/domain/messages/deliveries.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';

/**
 * The body of a message for the sender with any fields, also as no stage writes it today: what reads it must get along with
 * whatever an older release wrote, or a person.
 */
export function deliveryBody(event: PosthornEvent, fields: Omit<DeliveryMessage, 'v' | 'event'>): string {
  return encodeDeliveryMessage(encodeEvent(event), fields as DeliveryFields);
}
