import { FINAL_OUTCOMES } from '../domain/delivery/attempt.ts';
import { inParallel } from '../domain/in-parallel.ts';
import { isOnlyPaced } from '../domain/endpoint/turns.ts';
import type { AttemptStore, LatestAttempt } from '../stores/attempts.ts';
import type { CircuitStore } from '../stores/circuits.ts';
import type { EventStore, RecordedEvent } from '../stores/events.ts';
import type { HeldStore } from '../stores/held.ts';
import type { Page } from '../stores/page.ts';
import type { ReconcilerPass, ReconcilerStore } from '../stores/reconciler.ts';
import { targetName, type TargetKey } from '../stores/delivery-targets.ts';
import type { ReplayableStore } from '../stores/replayable.ts';
import type { SubscriptionStore } from '../stores/subscriptions.ts';
import { hasOwnProblem } from '../domain/subscription/problem-note.ts';
import { encodeDeliveryMessage, encodeEvent } from '../domain/messages/codec.ts';
import { again } from '../domain/messages/deliveries.ts';
import type { DeliveryQueue, Logger, LogFields, Metrics } from './ports.ts';

export interface ReconcileDeps {
  events: Pick<EventStore, 'list'>;
  attempts: Pick<AttemptStore, 'latestBetween'>;
  held: Pick<HeldStore, 'among'>;
  circuits: Pick<CircuitStore, 'get'>;
  subscriptions: Pick<SubscriptionStore, 'get'>;
  replayable: Pick<ReplayableStore, 'one'>;
  state: ReconcilerStore;
  fastLane: DeliveryQueue;
  logger: Logger;
  metrics: Metrics;
  errorFields: (error: unknown) => LogFields;
  /**
   * Age at which a delivery must be over, milliseconds: longer than its whole retry schedule, with `Retry-After` and with
   * a crash at every receive.
   */
  stuckMs: number;
  /** How long the log keeps an attempt, milliseconds: of older events it does not tell any more what became of them. */
  logMs: number;
  now: () => number;
}

const DAY_MS = 86_400_000;
/** So far before its very first run each pass begins. Milliseconds. */
export const LOOK_BACK_MS = DAY_MS;
/**
 * Every event is looked at three times: when its deliveries must be over; a day later, which finds what was recorded late
 * or got stuck again; and after five days, when no queue can hold a message of it any more. So a delivery is queued again
 * three times at most, without a note about each.
 */
const LATER_MS = [DAY_MS, 5 * DAY_MS];
const EVENTS_PER_PAGE = 100;
/**
 * Subscriptions asked for at the same time. A call takes about 5 ms in AWS: one after the other, 100 events of five
 * endpoints each took 2.5 s, so that three looks at each event kept up with 4 events a second.
 */
const PARALLEL = 50;
/** Deliveries queued again in one run. Should the log have been down, all seem stuck: they must not come all at once. */
const QUEUED_PER_RUN = 1000;

interface Suspect {
  event: string;
  organization: string;
  subscription: string;
}

/**
 * Finds deliveries that have neither a final outcome nor anything that could still bring one, and queues them again; the
 * sender asks the log first. Goes on where the run before ended.
 * @param outOfTime true when the function is about to be stopped.
 * @returns how many were queued again.
 */
export async function reconcile(deps: ReconcileDeps, outOfTime: () => boolean): Promise<number> {
  const ages = [deps.stuckMs, ...LATER_MS.filter((age) => age > deps.stuckMs)];
  const passes = await loadPasses(ages, deps);
  let events = 0;
  let stuck = 0;
  /** How far behind its age the slowest pass is: what it has not looked at yet is at most that much overdue. */
  let lagMs = 0;
  const again = new Set<string>();
  for (const [index, age] of ages.entries()) {
    const due = deps.now() - age;
    let pass = passes[index]!;
    let coming: Promise<Page<RecordedEvent>> | undefined;
    while (!outOfTime() && stuck < QUEUED_PER_RUN) {
      const to = pass.to_ms ?? due;
      if (to <= pass.through_ms) break;
      const page = await (coming ?? listPage(pass, to, deps));
      const after: ReconcilerPass =
        page.next === undefined ? { through_ms: to } : { through_ms: pass.through_ms, to_ms: to, cursor: page.next };
      // Reads ahead while this page is looked into. It may fail unheard when nobody comes to wait for it.
      coming = page.next === undefined ? undefined : listPage(after, to, deps);
      coming?.catch(() => undefined);
      events += page.items.length;
      // After a time in which nothing could be read, two passes come to the same events in one run.
      const suspects = (await findStuck(page.items, deps)).filter((one) => !again.has(nameOf(one)));
      for (const one of suspects) again.add(nameOf(one));
      const { queued, refused } = await queueAgain(suspects, deps);
      stuck += queued;
      // The next run begins at this page once more: what is queued twice is sent once, what is not queued is lost sight of.
      if (refused > 0) break;
      pass = after;
      passes[index] = pass;
      await deps.state.save(passes);
      if (page.next === undefined) break;
    }
    lagMs = Math.max(lagMs, due - pass.through_ms);
  }
  deps.metrics.count('EventsReconciled', events);
  deps.metrics.count('StuckDeliveries', stuck);
  deps.metrics.milliseconds('ReconcilerLag', lagMs);
  if (events > 0) deps.logger.info('events reconciled', { events, stuck, lag_ms: lagMs });
  return stuck;
}

function nameOf({ event, ...key }: Suspect): string {
  return `${event} ${targetName(key)}`;
}

/** The next page of a pass, newest event first. */
function listPage(pass: ReconcilerPass, to: number, { events }: ReconcileDeps): Promise<Page<RecordedEvent>> {
  const range = { since_ms: pass.through_ms + 1, until_ms: to };
  return events.list(range, { limit: EVENTS_PER_PAGE, cursor: pass.cursor });
}

/**
 * Where each pass stands. Where it begins is noted before anything is looked at: were it said anew by each run until one
 * succeeds, a day of failing first runs would leave out the events before.
 */
async function loadPasses(ages: readonly number[], { state, now }: ReconcileDeps): Promise<ReconcilerPass[]> {
  const passes = await state.load();
  if (passes.length >= ages.length) return passes;
  const begun = ages.map((age, index) => passes[index] ?? { through_ms: now() - age - LOOK_BACK_MS });
  await state.save(begun);
  return begun;
}

/** Which deliveries of these events are not over and not on their way either. */
async function findStuck(events: readonly RecordedEvent[], deps: ReconcileDeps): Promise<Suspect[]> {
  const bySubscription = new Map<string, { key: TargetKey; ids: string[] }>();
  for (const { event, matched } of events) {
    // To the log a delivered one looks like a lost one by then.
    if (deps.now() - event.enqueued_ms >= deps.logMs) continue;
    for (const subscription of matched) {
      const key = { organization: event.organization, subscription };
      const known = bySubscription.get(targetName(key)) ?? { key, ids: [] };
      known.ids.push(event.id);
      bySubscription.set(targetName(key), known);
    }
  }
  const found = await inParallel([...bySubscription.values()], PARALLEL, async ({ key, ids }) =>
    (await openAmong(key, ids, deps)).map((event) => ({ event, ...key })),
  );
  return found.flat();
}

/** Which of these events' deliveries to a subscription are not over and not on their way either. */
async function openAmong(
  { organization, subscription }: TargetKey,
  ids: readonly string[],
  deps: ReconcileDeps,
): Promise<string[]> {
  const sorted = [...ids].sort();
  const latest = await deps.attempts.latestBetween(subscription, sorted[0]!, sorted.at(-1)!);
  const open = ids.filter((id) => !isOver(latest.get(id), deps));
  if (open.length === 0) return [];
  // Whatever is held, or waits for its turn in a release, is on its way.
  const health = await deps.circuits.get(subscription);
  const isPaced = health !== undefined && isOnlyPaced(health);
  if (health?.circuit !== undefined && health.organization === organization && !isPaced) return [];
  // It would come to nothing, and without a line in the log where the id is another organization's.
  if (hasOwnProblem((await deps.subscriptions.get(organization, subscription))?.problem)) return [];
  const held = await deps.held.among(subscription, open);
  // Of an endpoint with a ceiling: let go a moment ago, it may be about to be sent.
  return open.filter((id) => !held.has(id) && !(isPaced && latest.get(id)?.outcome === 'held'));
}

/** Over, or tried so lately that a retry may be due. */
function isOver(latest: LatestAttempt | undefined, { stuckMs, now }: ReconcileDeps): boolean {
  return latest !== undefined && (FINAL_OUTCOMES.includes(latest.outcome) || now() - latest.attempted_ms < stuckMs);
}

/** @returns how many SQS took, and how many it did not. */
async function queueAgain(
  suspects: readonly Suspect[],
  deps: ReconcileDeps,
): Promise<{ queued: number; refused: number }> {
  const entries = [];
  for (const { event: id, organization, subscription } of suspects) {
    deps.logger.warn('delivery is stuck: queued again', { event_id: id, organization, subscription_id: subscription });
    const delivery = await deps.replayable.one(organization, subscription, id);
    if (!delivery) continue;
    const { event, format } = delivery;
    const fields = again({ subscription_id: subscription, format }, { nowMs: deps.now() });
    entries.push({ body: encodeDeliveryMessage(encodeEvent(event), fields), group: subscription });
  }
  if (entries.length === 0) return { queued: 0, refused: 0 };
  const missing = await deps.fastLane.send(entries);
  return { queued: entries.length - missing.size, refused: missing.size };
}
