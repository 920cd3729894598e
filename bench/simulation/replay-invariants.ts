import { UNDER_WAY_MS } from '../../lambdas/domain/delivery/replay.ts';
import { eventIdMs } from '../../lambdas/domain/ulid-time.ts';
import { isDayLong, type Delivery } from './known-deliveries.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** What ended badly before a replay of everybody's deliveries is tried in it, where anything is sent there. */
export function ofBulk(world: World, plan: Plan, wanted: readonly Delivery[]): string[] {
  const { tables } = world;
  return plan.bulk.flatMap(({ id }) => {
    const { state, created_ms } = tables.replays.rows.get(id)!;
    if (state !== 'done' || !world.quiet || tables.blackout) return [];
    return wanted.flatMap(({ event, subscription, log }) => {
      const before = log.findLast((line) => tables.writtenMs.get(line)! <= created_ms);
      const isSent = tables.subscriptions.find((one) => one.id === subscription.id)!.active !== false;
      const isTried = log.some(({ replay, attempted_ms }) => replay === id || attempted_ms > created_ms);
      const isHeld = tables.held.of(subscription.id).has(event);
      if (before?.outcome !== 'exhausted' || !isSent || isTried || isHeld) return [];
      return [`left out of a replay of all: ${event} ${subscription.id}`];
    });
  });
}

/** A replay ends, or its message is a dead letter that an operator can send back; and it sends what was not delivered. */
export function ofReplays(world: World, plan: Plan, wanted: readonly Delivery[]): string[] {
  const violations: string[] = [];
  const letters = [...world.recoveryDeadLetters.messages.values()];
  const deadDeliveries = [...world.deliveriesDeadLetters.messages.values()];
  for (const { id, state, subscription, created_ms, automatic } of world.tables.replays.rows.values()) {
    const isDead = letters.some(({ body }) => body.includes(id));
    // What was missed is for nobody while nothing is sent to its subscription.
    const isOver = state === 'done' || (state === 'cancelled' && plan.late.some(({ id: of }) => of === subscription));
    if (!isOver && !isDead) violations.push(`replay never ended: ${id}`);
    if (automatic || !plan.replays.some((replay) => replay.id === id)) continue;
    const { wellAtStart } = plan.replays.find((replay) => replay.id === id)!;
    // What comes while its subscription is off is cancelled.
    if (!wellAtStart || state !== 'done' || isDayLong(world) || world.switchedOff.has(subscription)) continue;
    for (const { event, subscription: to, log, seen } of wanted) {
      if (to.id !== subscription || eventIdMs(event)! > created_ms - UNDER_WAY_MS) continue;
      if (world.quiet && log.at(-1)?.outcome !== 'delivered') violations.push(`not replayed: ${event} ${to.id}`);
      const written = log.filter((line) => world.tables.writtenMs.get(line)! <= created_ms);
      const tried = log.length > written.length || seen.some(({ atMs }) => atMs > created_ms);
      const gaveUp = deadDeliveries.some(({ body }) => body.includes(event) && body.includes(id));
      const isHeld = world.tables.held.of(to.id).has(event);
      if (written.at(-1)?.outcome === 'exhausted' && !tried && !gaveUp && !isHeld) {
        violations.push(`replay left out: ${event} ${to.id}`);
      }
    }
  }
  return violations;
}
