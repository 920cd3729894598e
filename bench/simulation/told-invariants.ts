import { exhaustedToTell, stateToTell, TELLING_PAUSE_MS } from '../../lambdas/domain/endpoint/told.ts';
import { isAbout, isOperational } from '../../lambdas/domain/operational.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { Seen } from './endpoints.ts';
import type { World } from './world.ts';

/** What holds for what organizations are told of their endpoints, when everything has come to rest. */
export function ofTellings(world: World, isQuiet: boolean): string[] {
  const violations: string[] = [];
  const { tables, told, timeline } = world;
  const events = new Map<string, PosthornEvent>();
  for (const event of told) {
    const before = events.get(event.id) ?? event;
    if (before.data !== event.data) violations.push(`told otherwise the second time: ${event.id}`);
    events.set(event.id, event);
  }
  for (const { event, matches } of tables.recorded.values()) {
    if (matches.some(({ subscription }) => isAbout(subscription, event))) violations.push(`told itself: ${event.id}`);
  }
  for (const { subscription, state, atMs } of tables.health.claimedTellings) {
    // Deleted meanwhile, as its organization is: of such a one nobody is told.
    if (!tables.owners.has(subscription)) continue;
    const isQueued = [...events.values()].some(
      (event) => event.enqueued_ms === atMs && isAbout(subscription, event) && event.type.endsWith(`.${state}`),
    );
    if (!isQueued) violations.push(`to be told, and never queued: ${state} ${subscription}`);
  }
  violations.push(...tooOften([...events.values()]), ...forNothing([...events.values()], world));
  for (const row of tables.health.rows.values()) {
    if (stateToTell(row, timeline.now) ?? exhaustedToTell(row, timeline.now))
      violations.push(`never told: ${row.subscription}`);
  }
  if (isQuiet) violations.push(...ofCounts([...events.values()], world));
  return violations;
}

/** An attempt is logged as of its begin; its request is seen so much later at most, milliseconds. */
const HEARD_MS = 5000;

/** What was told of an endpoint that has answered each request well, as the log has it too. While a subscription is switched off, its circuit opens for that. */
function forNothing(events: readonly PosthornEvent[], { tables, endpoints, switchedOff }: World): string[] {
  const troubles = events.filter(({ type }) => /^posthorn\.endpoint\.(down|failing|throttled)$/.test(type));
  return troubles.flatMap(({ type, resource_id: id = '', enqueued_ms: atMs }) => {
    const url = tables.subscriptions.find((one) => one.id === id)?.url;
    if (url === undefined || switchedOff.has(id)) return [];
    const before = endpoints.seen.filter((one) => one.url === url && one.atMs <= atMs);
    // A success that nobody heard of is a failure.
    const isTaken = ({ id: event, atMs: seenMs, status }: Seen): boolean =>
      status === 200 &&
      tables
        .logOf(id, event)
        .some((line) => line.outcome === 'delivered' && Math.abs(line.attempted_ms - seenMs) < HEARD_MS);
    return before.every(isTaken) ? [`told for nothing: ${type} of ${id}`] : [];
  });
}

/** Troubles of one endpoint begin an hour apart, and each has four events at most: it may get worse twice, and ends. */
const MOST_IN_AN_HOUR = 8;

/** However often an endpoint comes and goes. */
function tooOften(events: readonly PosthornEvent[]): string[] {
  return events.flatMap(({ type, resource_id, enqueued_ms: atMs }) => {
    const isCount = type === 'posthorn.delivery.exhausted';
    const near = events.filter(
      (other) =>
        other.resource_id === resource_id &&
        (other.type === 'posthorn.delivery.exhausted') === isCount &&
        other.enqueued_ms >= atMs &&
        other.enqueued_ms - atMs < TELLING_PAUSE_MS,
    );
    return near.length > (isCount ? 1 : MOST_IN_AN_HOUR)
      ? [`told ${near.length} times in an hour: ${resource_id}`]
      : [];
  });
}

/** Each delivery that was given up is counted once. */
function ofCounts(events: readonly PosthornEvent[], { tables }: World): string[] {
  const counted = new Map<string, number>();
  for (const { type, resource_id = '', data = '{}' } of events) {
    if (type !== 'posthorn.delivery.exhausted') continue;
    counted.set(resource_id, (counted.get(resource_id) ?? 0) + (JSON.parse(data) as { count: number }).count);
  }
  const given = new Map<string, number>();
  for (const lines of tables.attempts.values()) {
    const own = lines.filter(
      (line) => line.outcome === 'exhausted' && line.automatic === undefined && line.fault === undefined,
    );
    const [first] = own;
    if (first && !isOperational(first.type))
      given.set(first.subscription_id, (given.get(first.subscription_id) ?? 0) + own.length);
  }
  return [...new Set([...counted.keys(), ...given.keys()])].flatMap((id) =>
    counted.get(id) === given.get(id)
      ? []
      : [`${given.get(id) ?? 0} deliveries given up, ${counted.get(id) ?? 0} told: ${id}`],
  );
}
