import { LONGEST_WAIT_IN_FLIGHT_SECONDS } from '../../lambdas/domain/limits.ts';
import { isOperational } from '../../lambdas/domain/operational.ts';
import { ofDelivery } from './delivery-invariants.ts';
import { ofEndpoint } from './endpoint-invariants.ts';
import { ofFeeds } from './feeds.ts';
import { ofHealing } from './healing-invariants.ts';
import { wantedDeliveries } from './known-deliveries.ts';
import { ofMissed } from './missed.ts';
import type { Plan } from './plan.ts';
import { ofLeaving } from './purges.ts';
import { ofBulk, ofReplays } from './replay-invariants.ts';
import { ofTellings } from './told-invariants.ts';
import type { World } from './world.ts';

/**
 * Everything that must hold when all has come to rest.
 * @returns what does not, in words; empty when all is well.
 */
export function findViolations(world: World, plan: Plan, cameToRest: boolean): string[] {
  const violations: string[] = [];
  const { events, deliveries, recovery } = world;
  if (!cameToRest) violations.push('the queues did not drain');
  if ([events, deliveries.fast, deliveries.slow, recovery].some(({ messages }) => messages.size > 0)) {
    violations.push('messages were left in a queue that nobody looks at');
  }
  const longestWait = Math.max(deliveries.fast.longestWait, deliveries.slow.longestWait);
  if (longestWait > LONGEST_WAIT_IN_FLIGHT_SECONDS) violations.push(`a wait of ${longestWait} s in flight`);
  const recorded = [...world.tables.recorded.values()].filter(({ event }) => !isOperational(event.type));
  if (recorded.length > plan.events.length) violations.push('one request became two events');

  const wanted = wantedDeliveries(world, plan);
  for (const delivery of wanted.values()) violations.push(...ofDelivery(delivery, world));
  const accepted = new Set(plan.accepted.map(({ id }) => id));
  for (const { id, url } of world.endpoints.seen) {
    // An event whose acceptance the producer never heard of may be delivered; one of another organization never.
    if (accepted.has(id) && !wanted.has(`${id} ${url}`)) violations.push(`unexpected: ${id} at ${url}`);
  }
  violations.push(...world.begunTooFast.map((what) => `a release began with ${what}`));
  violations.push(...world.askedTwice);
  violations.push(...ofTwins(world, plan), ...ofLeaving(world));
  const called = plan.subscriptions.filter(({ id }) => !world.fetched.has(id));
  for (const subscription of called) violations.push(...ofEndpoint(subscription, world, plan));
  violations.push(...ofFeeds(world, plan));
  for (const subscription of called) violations.push(...ofHealing(subscription, world, world.quiet));
  violations.push(...ofTellings(world, world.quiet));
  violations.push(...ofReplays(world, plan, [...wanted.values()]), ...world.wronglyReconciled);
  violations.push(...ofMissed(world, plan), ...ofBulk(world, plan, [...wanted.values()]));
  const { refused, lostAnswer, duplicate } = world.trouble;
  if (refused + lostAnswer + duplicate === 0) violations.push(...world.stayedAway);
  if (world.quiet && world.reconciled.size > 0) violations.push('reconciled though nothing was stuck');
  return violations;
}

/** A row with another organization's id gets nothing, and changes nothing for the owner: not its log, not its health. */
function ofTwins({ tables, startMs, calm }: World, { twins }: Plan): string[] {
  const violations: string[] = [];
  for (const { organization, id, notedMs } of twins) {
    for (const { event, matches } of tables.recorded.values()) {
      // While the owner cannot be read it cannot be known either, and the line says no more than that.
      if (
        calm &&
        tables.blackout === undefined &&
        tables.logOf(id, event.id).some((line) => line.organization === organization)
      )
        violations.push(`a line in another organization's log: ${event.id} ${id}`);
      const isNoted = event.organization === organization && event.enqueued_ms > startMs + notedMs;
      if (isNoted && matches.some(({ subscription }) => subscription === id))
        violations.push(`matched though its row says that nothing is sent: ${event.id} ${id}`);
    }
    if (tables.health.of({ organization, subscription: id })) violations.push(`another organization's health: ${id}`);
  }
  return violations;
}
