import { isSlow, admit, takesNothing, whyHeld } from '../domain/endpoint/circuit.ts';
import { isTest } from '../domain/event.ts';
import { isActive, isPaused, isPulled } from '../domain/subscription/begins-anew.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { readSubscription } from '../domain/subscription/read-subscription.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { Subscription } from '../domain/subscription/subscription.ts';
import type { DeliveryTarget } from '../stores/delivery-targets.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { Lane } from './ports.ts';

/** What to do with a delivery, before anything is done. */
export type Plan =
  | { step: 'settle'; finding: Finding; url: string }
  | { step: 'hold'; why: string; url: string; inTurn?: InTurnOf }
  /** Its customer fetches it. */
  | { step: 'keep' }
  | { step: 'hand-over' | 'send'; subscription: Subscription; target: DeliveryTarget };

/** Held only because its endpoint has a ceiling: its tries are kept, and what is held goes out at that pace. */
export interface InTurnOf {
  perSecond: number;
  /** As it was read, something is going out already. */
  isGoingOut: boolean;
}

/**
 * Looks at the other end of a delivery.
 * @param target undefined: it could not be read.
 */
export function inspect(
  delivery: ReceivedDelivery,
  target: DeliveryTarget | undefined,
  { rules, lane, nowMs }: { rules: SubscriptionRules; lane: Lane; nowMs: number },
): Plan {
  if (!target) {
    return { step: 'settle', finding: { kind: 'platform', reason: 'the subscription could not be read' }, url: '' };
  }
  const { row, health, owner } = target;
  // Before all else: also a row that is gone must leave no line in another organization's log.
  if (owner !== undefined && owner !== delivery.key.organization) {
    return { step: 'settle', finding: { kind: 'foreign' }, url: '' };
  }
  if (!row) return { step: 'settle', finding: { kind: 'deleted' }, url: '' };
  const { message } = delivery;
  const url = typeof row.url === 'string' ? row.url : '';
  // The row's own word, which is never old: the circuit follows it a moment later.
  const paused = isPaused(row);
  const pulled = isPulled(row);
  if ((message.probe || message.heal) && (paused || pulled || admit(health, message) === 'drop'))
    return { step: 'settle', finding: { kind: message.probe ? 'probe-late' : 'not-now' }, url };
  // Asked of the row itself, so that a subscription that was switched off because it is broken counts as off.
  if (!isActive(row) && message.even_if_inactive !== true) {
    return { step: 'settle', finding: { kind: 'inactive' }, url };
  }
  // Before the row is read, as with a pause: whoever broke it may be about to mend it, and nothing is sent.
  if (pulled) return { step: 'keep' };
  // Somebody looks whether the endpoint answers again.
  const isTried = isTest(message.event);
  // Also where the row cannot be read: whoever pauses it may be about to mend it.
  if (paused && !isTried) return { step: 'hold', why: whyHeld({ circuit: 'paused' }), url };
  const read = readSubscription(row, rules);
  if (!read.ok) return { step: 'settle', finding: { kind: 'unreadable', problem: read.problem }, url };
  const { subscription } = read;
  const { rate_per_second: perSecond } = subscription;
  const may = isTried ? 'send' : admit(health, message, delivery.firstMs, perSecond !== undefined);
  if (may === 'hold') return toHold(subscription, health);
  const handOver = lane === 'fast' && isSlow(health, nowMs);
  return { step: handOver ? 'hand-over' : 'send', subscription, target };
}

function toHold({ url, rate_per_second: perSecond }: Subscription, health: DeliveryTarget['health']): Plan {
  const circuit = health?.circuit;
  if (perSecond === undefined || takesNothing(circuit)) return { step: 'hold', why: whyHeld(health), url };
  return holdInTurn(url, perSecond, circuit === 'releasing');
}

/** Waits for its turn among what is held. */
export function holdInTurn(url: string, perSecond: number, isGoingOut: boolean): Extract<Plan, { step: 'hold' }> {
  const why = `the subscription takes ${perSecond} a second; sent when it is its turn`;
  return { step: 'hold', why, url, inTurn: { perSecond, isGoingOut } };
}
