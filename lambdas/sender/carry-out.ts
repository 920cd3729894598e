import { keep, passOn, retried } from './delivery.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { Plan } from './inspect.ts';
import type { SenderDeps } from './ports.ts';
import { INTERNAL, prepare, send } from './send.ts';
import type { Result } from './send.ts';
import type { Settled } from './settle.ts';

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
 * @param onNames told when a delivery begins and ends to wait for a name server.
 */
export async function carryOut(
  planned: readonly Planned[],
  remainingMs: () => number,
  deps: SenderDeps,
  settle: (result: Result) => Settled,
  onNames: (delivery: ReceivedDelivery, waiting: boolean) => void,
): Promise<Settled[]> {
  const sendOne = async ({ delivery, plan }: ToSend): Promise<Settled> =>
    settle(await send(delivery, plan.subscription, plan.target, deps, remainingMs, (on) => onNames(delivery, on)));
  const held = planned.flatMap(({ delivery, plan }): ToHold[] =>
    plan.step === 'hold' ? [{ delivery, finding: { kind: 'kept', why: plan.why }, url: plan.url }] : [],
  );
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

/** A delivery that is not to be sent now. */
interface ToHold {
  delivery: ReceivedDelivery;
  finding: Finding;
  url: string;
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
        deps.logger.error('delivery broke', { event_id: delivery.message.event.id, ...deps.errorFields(error) });
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
  const rows = planned.map(({ delivery }) => ({
    subscription: delivery.key.subscription,
    event_id: delivery.message.event.id,
    organization: delivery.key.organization,
    held_ms: atMs,
    message: keep(delivery),
  }));
  const missing = await putHeld(rows, deps);
  return planned.map(({ delivery, finding, url }, index) => {
    const { subscription, event_id } = rows[index]!;
    if (!missing.has(`${subscription}#${event_id}`)) {
      return { delivery, finding, url, atMs, ulid: ulids[index]! };
    }
    const reason = 'nothing is sent now and the delivery could not be kept';
    return { delivery, finding: { kind: 'platform', reason }, url, atMs };
  });
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

/** Puts deliveries to slow endpoints into the slow lane as new messages, which carry the tries that were made; what that queue does not take is sent here. */
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
      delivery.attempt > 1 ? retried(delivery, { nowMs: atMs, tries: delivery.attempt - 1 }) : passOn(delivery, atMs),
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
