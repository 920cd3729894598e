import { missedNotes, missedTime, type MissedTime } from '../../lambdas/domain/subscription/missed-time.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { isOperational } from '../../lambdas/domain/operational.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

// What subscriptions miss while they are off: what people do to their rows, what is noted there, and what must hold.

/** As the API does it. */
export function switchOff(row: SubscriptionRow, nowMs: number): void {
  row.active = false;
  row.inactive_since = new Date(nowMs).toISOString();
}

/** As the API does it: the row keeps from when to when it was off until all of that is queued. */
export function switchOn(row: SubscriptionRow, nowMs: number): void {
  Object.assign(row, missedNotes(row, nowMs), { active: true });
  delete row.inactive_since;
  delete row.problem;
}

/** What the platform tells goes to those alone that ask for it by its name, and never to the endpoint that it is about. */
function isFor({ organization, id, events }: SubscriptionRow, event: PosthornEvent): boolean {
  if (event.organization !== organization) return false;
  if (!isOperational(event.type)) return true;
  return Array.isArray(events) && events.includes('posthorn.*') && event.resource_id !== id;
}

/** What must not be forgotten yet, when a row is about to say no more that something was missed. */
export function forgottenTooSoon(row: SubscriptionRow, { replays, recorded }: World['tables']): string[] {
  const missed = missedTime(row)!;
  const asked = [...replays.rows.values()].filter(
    ({ subscription, outcomes, ...replay }) =>
      subscription === row.id && outcomes?.includes('missed') && isWithin(missed, replay),
  );
  if (asked.length === 0) return [`nobody asked for it, and it is not missed any more: ${String(row.id)}`];
  const firstMs = Math.min(...asked.map(({ created_ms }) => created_ms));
  return [...recorded.values()].flatMap(({ event, matches, atMs }) => {
    const isMissed = event.enqueued_ms >= missed.since_ms && event.enqueued_ms <= missed.until_ms && atMs < firstMs;
    const isNoted = matches.some(({ subscription }) => subscription === row.id);
    return isMissed && isFor(row, event) && !isNoted ? [`missed, and forgotten: ${event.id} ${String(row.id)}`] : [];
  });
}

function isWithin(missed: MissedTime, { since_ms, until_ms }: MissedTime): boolean {
  return missed.since_ms >= since_ms && missed.until_ms <= until_ms;
}

/** What was missed is noted, and sent to an endpoint that is well; nothing is sent that is noted nowhere, nor stays in view. */
export function ofMissed(world: World, plan: Plan): string[] {
  const { tables, endpoints } = world;
  const violations = [...world.forgotten];
  for (const { id, replay } of plan.late) {
    const job = tables.replays.rows.get(replay)!;
    const { url } = plan.subscriptions.find((one) => one.id === id)!;
    const row = tables.subscriptions.find((one) => one.id === id)!;
    const missed = missedTime(row);
    if (missed && job.state === 'done' && isWithin(missed, job)) violations.push(`sent, and still to be missed: ${id}`);
    for (const { event, matches } of tables.recorded.values()) {
      if (!isFor(row, event)) continue;
      const lines = tables.logOf(id, event.id);
      const isNoted = matches.some(({ subscription }) => subscription === id);
      if (lines.length > 0 && !isNoted) violations.push(`sent, and noted nowhere: ${event.id} ${id}`);
      const isDue = world.quiet && job.state === 'done' && tables.recorded.get(event.id)!.atMs < job.created_ms;
      const isWell = endpoints.isWell(url) && row.active !== false && !tables.deactivated.has(id) && !tables.blackout;
      const isFetched = world.fetched.get(id)?.has(event.id) === true;
      const isTaken =
        isFetched || endpoints.seen.some((one) => one.url === url && one.id === event.id && one.status === 200);
      const isForGood = lines.at(-1)?.outcome === 'exhausted';
      // Its subscription was switched off again meanwhile.
      const isCancelled = world.switchedOff.has(id) && lines.at(-1)?.outcome === 'cancelled';
      if (isDue && isWell && !(isTaken || isForGood || isCancelled))
        violations.push(`missed, and not sent: ${event.id} ${id}`);
    }
  }
  return violations;
}
