import { decodeDeliveryMessage, encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import type { probe, released } from '../domain/messages/deliveries.ts';
import { momentOf } from '../domain/endpoint/release.ts';
import type { HeldDelivery } from '../stores/held.ts';
import type { RecoveryDeps } from './ports.ts';

/** How fast they are handed out. */
export interface HandOut {
  perSecond: number;
  /** Each has a moment of its own in its second. Not where they take turns: they do that together. */
  isSpread: boolean;
}

const AT_ONCE: HandOut = { perSecond: Infinity, isSpread: false };

/**
 * Queues held deliveries again, in their order. Each may have been sent before, so the sender asks the log first.
 * @param as why they may pass the circuit.
 * @param handOut how fast; by default all at once.
 * @returns those that SQS took, and how many it did not.
 */
export async function requeue(
  held: readonly HeldDelivery[],
  as: typeof probe | typeof released,
  { slowLane, logger, now }: Pick<RecoveryDeps, 'slowLane' | 'logger' | 'now'>,
  { perSecond, isSpread } = AT_ONCE,
): Promise<{ taken: HeldDelivery[]; refused: number }> {
  const begunMs = now();
  const entries = held.map(({ message, subscription, event_id }, index) => {
    const delaySeconds = Math.floor(index / perSecond);
    const afterMs = isSpread ? momentOf(index, perSecond) : 0;
    const decoded = decodeDeliveryMessage(message);
    if (decoded.ok) {
      const body = encodeDeliveryMessage(
        encodeEvent(decoded.message.event),
        as(decoded.message, now(), afterMs ? begunMs + afterMs : undefined),
      );
      return { body, group: subscription, delaySeconds };
    }
    // As it is: the sender moves it to the dead letters, where somebody sees it.
    logger.error('held delivery cannot be read', { subscription_id: subscription, event_id, reason: decoded.reason });
    return { body: message, group: subscription };
  });
  const missing = await slowLane.send(entries);
  return { taken: held.filter((_, index) => !missing.has(index)), refused: missing.size };
}
