import { keptLine } from '../domain/delivery/kept-line.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { decodeDeliveryMessage } from '../domain/messages/codec.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { RecoveryDeps } from './ports.ts';

/** So long before its event goes, what was kept for its customer ends: recovery may be out of work for a while. Milliseconds. */
export const ENDS_BEFORE_MS = 2 * 3_600_000;
/** Deliveries that end in one look; each minute has one. */
const AT_ONCE = 100;

/**
 * Ends what has been kept for a subscription for as long as events are, with a line in the log: nobody fetched it, or resumed
 * the subscription, in all that time.
 */
export async function endUnfetched({ organization, subscription }: EndpointHealth, deps: RecoveryDeps): Promise<void> {
  const { held, attempts, settings, now, logger } = deps;
  const dueMs = now() - settings.keptMs + ENDS_BEFORE_MS;
  const isDue = ({ event_id }: { event_id: string }): boolean => (eventIdMs(event_id) ?? Infinity) < dueMs;
  const [oldest] = await held.oldest(subscription, 1);
  if (!oldest || !isDue(oldest)) return;
  const due = (await held.oldest(subscription, AT_ONCE)).filter(
    (one) => isDue(one) && one.organization === organization,
  );
  const lines = due.flatMap(({ event_id, message, held_ms }) => {
    const read = decodeDeliveryMessage(message);
    const reason = 'neither fetched nor resumed for as long as its event is kept';
    if (read.ok) return [keptLine(read.message, { outcome: 'cancelled', reason, atMs: now(), heldMs: held_ms })];
    logger.error('held delivery cannot be read', { subscription_id: subscription, event_id, reason: read.reason });
    return [];
  });
  const missing = await attempts.append(lines);
  if (missing.length > 0) throw new Error(`${missing.length} lines of the delivery log could not be written.`);
  await held.removeRead(due);
  logger.warn('kept deliveries cancelled: neither fetched nor resumed', {
    organization,
    subscription_id: subscription,
    count: due.length,
  });
  deps.metrics.count('DeliveriesUnfetched', due.length);
}
