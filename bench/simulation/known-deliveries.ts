import { GIVEN_UP_AFTER_MS } from '../../lambdas/domain/delivery/trouble.ts';
import { isHealTry, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { Seen } from './endpoints.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

export type Subscription = Plan['subscriptions'][number];

export type Expect = (holds: boolean, otherwise: string) => void;

/** All that is known about one delivery when everything has come to rest. */
export interface Delivery {
  event: string;
  subscription: Subscription;
  /** Its lines in the delivery log, oldest first. */
  log: readonly Attempt[];
  seen: readonly Seen[];
  /** Dead letters of this delivery, or of its event. */
  dead: number;
  /** How many of them are of its event, which was never fanned out. */
  unfanned: number;
  /** How many are marked as ours. */
  ours: number;
  held: boolean;
  /** Times that the reconciler queued it, and that a person might have. */
  reconciled: number;
  /** When it did so last, milliseconds; undefined: never. */
  reconciledMs: number | undefined;
  replays: number;
}

export function wantedDeliveries(world: World, plan: Plan): Map<string, Delivery> {
  const { tables, endpoints } = world;
  const letters = [...world.deliveriesDeadLetters.messages.values(), ...world.eventsDeadLetters.messages.values()];
  const wanted = new Map<string, Delivery>();
  for (const { id: event, organization } of plan.accepted) {
    for (const subscription of plan.subscriptions) {
      const { id, url } = subscription;
      if (world.fetched.has(id)) continue;
      const matched = tables.recorded.get(event)?.matches.some((match) => match.subscription === id);
      // While it is inactive, events do not match it.
      const mayBeInactive = tables.deactivated.has(id) || subscription.isLate;
      if (subscription.organization !== organization || (mayBeInactive && !matched)) continue;
      wanted.set(`${event} ${url}`, {
        event,
        subscription,
        log: tables.logOf(id, event),
        seen: endpoints.seen.filter((request) => request.id === event && request.url === url),
        dead: lettersOf(letters, event, id).length,
        unfanned: lettersOf(world.eventsDeadLetters.messages.values().toArray(), event, id).length,
        ours: lettersOf(letters, event, id).filter(({ kind }) => kind === 'platform').length,
        held: tables.held.of(id).has(event),
        reconciled: world.reconciled.get(`${event} ${id}`)?.length ?? 0,
        reconciledMs: world.reconciled.get(`${event} ${id}`)?.at(-1),
        replays:
          plan.replays.filter((replay) => replay.subscription === id).length + plan.bulk.length + plan.late.length,
      });
    }
  }
  return wanted;
}

function lettersOf<L extends { body: string }>(letters: readonly L[], event: string, subscription: string): L[] {
  return letters.filter(({ body }) => body.includes(event) && (body.includes(subscription) || !body.includes('sub_')));
}

/** Tables were kept from us for longer than what needs them comes back. */
export function isDayLong({ tables: { blackout } }: World): boolean {
  return blackout !== undefined && blackout.toMs - blackout.fromMs >= GIVEN_UP_AFTER_MS;
}

/** What is queued at one look is sent within so many milliseconds. */
const LOOK_MS = 5000;

/**
 * An exhausted delivery was tried at the same look at which this one was made the probe, and succeeded first: the release that
 * began took this one along while its probe was under way, and its customer got it twice.
 */
export function wasProbedInRelease({ subscription: { id }, event, log }: Delivery, { tables }: World): boolean {
  const probed = log.find(({ outcome }) => outcome === 'delivered');
  if (!probed || !tables.health.everOpen.has(id)) return false;
  return [...tables.recorded.keys()].some(
    (other) =>
      other !== event &&
      tables
        .logOf(id, other)
        .some(
          (line) =>
            line.outcome === 'delivered' &&
            isHealTry(line) &&
            Math.abs(line.attempted_ms - probed.attempted_ms) < LOOK_MS,
        ),
  );
}

/** Whether an endpoint was down, throttled or paused for a while. */
export function tookNothingOnce(id: string, { tables }: World): boolean {
  const { everOpen, everThrottled } = tables.health;
  return everOpen.has(id) || everThrottled.has(id) || tables.paused.has(id);
}

/**
 * How often it was sent once more by a release while another had it on its way: calls took seconds, so its sender asked a log that
 * did not tell yet of the copy before.
 */
export function sentUnawares({ log }: Pick<Delivery, 'log'>, { tables }: World): number {
  if (!log.some(({ outcome }) => outcome === 'held')) return 0;
  const delivered = log.filter(({ outcome }) => outcome === 'delivered');
  const isTold = (before: Attempt, ms: number): boolean => tables.writtenMs.get(before)! <= ms;
  return delivered.filter((line, n) => n > 0 && !delivered.slice(0, n).some((one) => isTold(one, line.attempted_ms)))
    .length;
}
