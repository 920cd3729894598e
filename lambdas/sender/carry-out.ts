import { ceilingPace } from '../domain/endpoint/release.ts';
import { isTest } from '../domain/event.ts';
import { idsOf } from '../domain/telemetry.ts';
import { targetName } from '../stores/delivery-targets.ts';
import type { HeldDelivery } from '../stores/held.ts';
import { createTurnTaker } from './in-turn.ts';
import { keep, passOn, retried } from './delivery.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import type { ReceivedDelivery } from './delivery.ts';
import { holdInTurn, type InTurnOf, type Plan } from './inspect.ts';
import type { SenderDeps } from './ports.ts';
import { INTERNAL, prepare, send } from './send.ts';
import type { Result } from './send.ts';
import type { Settled } from './settle.ts';

const NO_RELEASE = 'the endpoint has a ceiling, and what waits for its turn could not be let go';

/** A delivery and what to do with it. */
export interface Planned {
  delivery: ReceivedDelivery;
  plan: Plan;
}

/** A delivery whose request is to be made. */
interface ToSend {
  delivery: ReceivedDelivery;
  plan: Extract<Plan, { step: 'hand-over' | 'send' }>;
}

/**
 * Does what was planned, all at once.
 * @param settle is told each result as soon as it is there.
 * @param remainingMs what is left of the function's time.
 * @param onWait told when a delivery begins and ends to wait for a name server, or for its turn.
 */
export async function carryOut(
  planned: readonly Planned[],
  remainingMs: () => number,
  deps: SenderDeps,
  settle: (result: Result) => Settled,
  onWait: (delivery: ReceivedDelivery, waiting: boolean) => void,
): Promise<Settled[]> {
  const turns = createTurnTaker(deps);
  const sendOne = async ({ delivery, plan: { subscription, target } }: ToSend): Promise<Settled> => {
    const perSecond = isTest(delivery.message.event) ? undefined : subscription.rate_per_second;
    const takeTurn =
      perSecond === undefined
        ? undefined
        : async (): Promise<boolean> => {
            onWait(delivery, true);
            return turns.take(delivery, target, perSecond).finally(() => onWait(delivery, false));
          };
    await whenDue(delivery, deps, onWait);
    const ways = { remainingMs, takeTurn, onNames: (on: boolean) => onWait(delivery, on) };
    const result = await send(delivery, subscription, target, deps, ways);
    return settle(result.finding.kind === 'no-turn' ? await withoutTurn(result, deps) : result);
  };
  const held = planned.flatMap(({ delivery, plan }): ToHold[] => {
    if (plan.step !== 'hold') return [];
    return [{ delivery, finding: { kind: 'kept', why: plan.why }, url: plan.url, inTurn: plan.inTurn }];
  });
  const pulled = planned.flatMap(({ delivery, plan }) => (plan.step === 'keep' ? [delivery] : []));
  const slow = planned.filter((one): one is ToSend => one.plan.step === 'hand-over');
  const now = planned.filter((one): one is ToSend => one.plan.step === 'send');
  const over = planned.flatMap(({ delivery, plan }) =>
    plan.step === 'settle' ? [settle({ delivery, finding: plan.finding, url: plan.url, atMs: deps.now() })] : [],
  );
  const [kept, inFeed, handedOver, sent] = await Promise.all([
    hold(held, deps).then((results) => results.map(settle)),
    keepForFeed(pulled, deps).then((results) => results.map(settle)),
    handOver(slow, deps, settle, sendOne),
    Promise.all(now.map(sendOne)),
  ]);
  return [...over, ...kept, ...inFeed, ...handedOver, ...sent];
}

/** SQS delays by whole seconds, so what has its place in one comes less than a second early; more would be a clock that is wrong. */
const LONGEST_EARLY_MS = 1000;

/** Waits for the moment that a release has given to a delivery. */
async function whenDue(
  delivery: ReceivedDelivery,
  { now, after }: Pick<SenderDeps, 'now' | 'after'>,
  onWait: (delivery: ReceivedDelivery, waiting: boolean) => void,
): Promise<void> {
  const earlyMs = (delivery.message.due_ms ?? 0) - now();
  if (earlyMs <= 0 || earlyMs > LONGEST_EARLY_MS) return;
  onWait(delivery, true);
  await new Promise<void>((resolve) => void after(earlyMs, resolve));
  onWait(delivery, false);
}

/** A delivery that is not to be sent now. */
interface ToHold {
  delivery: ReceivedDelivery;
  finding: Finding;
  url: string;
  inTurn?: InTurnOf | undefined;
}

/** What had no turn in time waits for it among what is held; a probe, or a try of an exhausted delivery, is made another time. */
async function withoutTurn({ delivery, url, subscription, atMs }: Result, deps: SenderDeps): Promise<Result> {
  const { probe, heal } = delivery.message;
  if (probe) return { delivery, url, atMs, finding: { kind: 'probe-late' } };
  if (heal) return { delivery, url, atMs, finding: { kind: 'not-now' } };
  const { why, inTurn } = holdInTurn(url, subscription!.rate_per_second!, false);
  const [held] = await hold([{ delivery, finding: { kind: 'kept', why }, url, inTurn }], deps);
  return held!;
}

/**
 * Keeps deliveries for their customer to fetch, but for those that have ended: delivered before, or not to be carried by
 * their format, which somebody who waits for them would never hear.
 */
async function keepForFeed(deliveries: readonly ReceivedDelivery[], deps: SenderDeps): Promise<Result[]> {
  const looked = await Promise.all(
    deliveries.map(async (delivery): Promise<ToHold> => {
      try {
        const prepared = await prepare(delivery, deps);
        return { delivery, finding: 'kind' in prepared ? prepared : { kind: 'in-feed' }, url: '' };
      } catch (error) {
        deps.logger.error('unexpected error while sending', {
          event_id: delivery.message.event.id,
          ...deps.errorFields(error),
        });
        return { delivery, finding: { kind: 'platform', reason: INTERNAL }, url: '' };
      }
    }),
  );
  const isKept = ({ finding }: ToHold): boolean => finding.kind === 'in-feed';
  const ended = looked.filter((one) => !isKept(one)).map((one) => ({ ...one, atMs: deps.now() }));
  return [...ended, ...(await hold(looked.filter(isKept), deps))];
}

/**
 * Keeps deliveries whose endpoint is down, before they are acknowledged. From then on a probe or a release may end them
 * while this batch still waits for others: `held` must not be the last word about them, so its lines are placed before.
 */
async function hold(planned: readonly ToHold[], deps: SenderDeps): Promise<Result[]> {
  if (planned.length === 0) return [];
  const atMs = deps.now();
  const ulids = planned.map(() => deps.newUlid());
  const rows = planned.map(({ delivery, inTurn }) => ({
    subscription: delivery.key.subscription,
    event_id: delivery.message.event.id,
    organization: delivery.key.organization,
    held_ms: atMs,
    message: keep(delivery, inTurn && delivery.attempt - 1),
  }));
  const missing = await putHeld(rows, deps);
  const stuck = await letOut(planned, deps);
  await takeBack(
    rows.filter((_, n) => stuck.has(targetName(planned[n]!.delivery.key))),
    deps,
  );
  return planned.map(({ delivery, finding, url }, index) => {
    const { subscription, event_id } = rows[index]!;
    if (stuck.has(targetName(delivery.key))) {
      return { delivery, finding: { kind: 'platform', reason: NO_RELEASE }, url, atMs };
    }
    if (!missing.has(`${subscription}#${event_id}`)) {
      return { delivery, finding, url, atMs, ulid: ulids[index]! };
    }
    const reason = 'nothing is sent now and the delivery could not be kept';
    return { delivery, finding: { kind: 'platform', reason }, url, atMs };
  });
}

/**
 * Begins to let go what waits for its turn, once it is held, where nothing goes out yet.
 * @returns names of endpoints of which that could not be told: nobody would let it go.
 */
async function letOut(planned: readonly ToHold[], deps: SenderDeps): Promise<Set<string>> {
  const { health, release, now, logger, errorFields } = deps;
  const stuck = new Set<string>();
  const waiting = planned.flatMap(({ delivery: { key }, inTurn: turn }) =>
    turn && !turn.isGoingOut ? [[targetName(key), { key, ...turn }] as const] : [],
  );
  await Promise.all(
    [...new Map(waiting)].map(async ([name, { key, perSecond }]) => {
      try {
        const run = await health.letOut(key, now());
        if (run !== undefined) await release(key, run, ceilingPace(perSecond));
      } catch (error) {
        stuck.add(name);
        logger.error('deliveries that wait for their turn could not be released', {
          ...idsOf(key),
          ...errorFields(error),
        });
      }
    }),
  );
  return stuck;
}

/** Keeps no more what comes back by its message: once that has ended, nobody would let the row go. Never rejects. */
async function takeBack(rows: readonly HeldDelivery[], { held, logger, errorFields }: SenderDeps): Promise<void> {
  if (rows.length === 0) return;
  try {
    await held.removeRead(rows);
  } catch (error) {
    logger.error('deliveries that come back stay held', { count: rows.length, ...errorFields(error) });
  }
}

/** @returns those that could not be kept, as `<subscription>#<event>`. */
async function putHeld(
  rows: Parameters<SenderDeps['held']['put']>[0],
  { held, logger, errorFields }: SenderDeps,
): Promise<Set<string>> {
  const name = (row: { subscription: string; event_id: string }): string => `${row.subscription}#${row.event_id}`;
  try {
    return new Set((await held.put(rows)).map(name));
  } catch (error) {
    logger.error('deliveries could not be held', { count: rows.length, ...errorFields(error) });
    return new Set(rows.map(name));
  }
}

/**
 * Puts deliveries to slow endpoints into the slow lane as new messages, which carry the tries that were made and since when they
 * are in trouble; what that queue does not take is sent here.
 */
async function handOver(
  planned: readonly ToSend[],
  { queues, now }: SenderDeps,
  settle: (result: Result) => Settled,
  sendOne: (one: ToSend) => Promise<Settled>,
): Promise<Settled[]> {
  if (planned.length === 0) return [];
  const atMs = now();
  const messages = planned.map(({ delivery }) => ({
    body:
      delivery.attempt > 1 || delivery.troubleMs !== undefined
        ? retried(delivery, { nowMs: atMs, tries: delivery.attempt - 1, troubleMs: delivery.troubleMs })
        : passOn(delivery, atMs),
    group: delivery.key.subscription,
  }));
  const missing = await queues.send('slow', messages);
  return Promise.all(
    planned.map(async (one, index) =>
      missing.has(index)
        ? sendOne(one)
        : settle({ delivery: one.delivery, finding: { kind: 'handed-over' }, url: one.plan.subscription.url, atMs }),
    ),
  );
}
