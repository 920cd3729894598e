import { whyHeld } from '../domain/endpoint/circuit.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { keep, passOn } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import type { Plan } from './inspect.ts';
import type { SenderDeps } from './ports.ts';
import { send } from './send.ts';
import type { Result } from './send.ts';
import type { Settled } from './settle.ts';

/** A delivery and what to do with it. */
export interface Planned {
  delivery: Delivery;
  plan: Plan;
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
  onNames: (delivery: Delivery, waiting: boolean) => void,
): Promise<Settled[]> {
  const sendOne = async ({ delivery, plan }: Planned): Promise<Settled> =>
    plan.step === 'settle'
      ? settle({ delivery, finding: plan.finding, url: plan.url, atMs: deps.now() })
      : settle(await send(delivery, plan.subscription, plan.target, deps, remainingMs, (on) => onNames(delivery, on)));
  const held = planned.filter(({ plan }) => plan.step === 'hold');
  const slow = planned.filter(({ plan }) => plan.step === 'hand-over');
  const now = planned.filter(({ plan }) => plan.step === 'send' || plan.step === 'settle');
  const [kept, handedOver, sent] = await Promise.all([
    hold(held, deps).then((results) => results.map(settle)),
    handOver(slow, deps, settle, sendOne),
    Promise.all(now.map(sendOne)),
  ]);
  return [...kept, ...handedOver, ...sent];
}

function withFinding({ delivery, plan }: Planned, finding: Finding, atMs: number): Result {
  const url = plan.step === 'settle' ? plan.url : plan.subscription.url;
  return { delivery, finding, url, atMs };
}

/**
 * Keeps deliveries whose endpoint is down, before they are acknowledged. From then on a probe or a release may end them
 * while this batch still waits for others: `held` must not be the last word about them, so its lines are placed before.
 */
async function hold(planned: readonly Planned[], deps: SenderDeps): Promise<Result[]> {
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
  return planned.map((one, index) => {
    const { subscription, event_id } = rows[index]!;
    if (!missing.has(`${subscription}#${event_id}`)) {
      return { ...withFinding(one, { kind: 'kept', why: because(one) }, atMs), ulid: ulids[index]! };
    }
    const reason = 'the endpoint takes nothing now and the delivery could not be kept';
    return withFinding(one, { kind: 'platform', reason }, atMs);
  });
}

function because({ plan }: Planned): string {
  return plan.step === 'hold' && plan.target.health ? whyHeld(plan.target.health) : '';
}

/** @returns those that could not be kept, as `<subscription>#<event>`. */
async function putHeld(
  rows: Parameters<SenderDeps['held']['put']>[0],
  { held, log, errorFields }: SenderDeps,
): Promise<Set<string>> {
  const name = (row: { subscription: string; event_id: string }): string => `${row.subscription}#${row.event_id}`;
  try {
    return new Set((await held.put(rows)).map(name));
  } catch (error) {
    log.error('deliveries could not be held', { count: rows.length, ...errorFields(error) });
    return new Set(rows.map(name));
  }
}

/** Puts deliveries to slow endpoints into the slow lane as new messages; what that queue does not take is sent here. */
async function handOver(
  planned: readonly Planned[],
  { queues, now }: SenderDeps,
  settle: (result: Result) => Settled,
  sendOne: (one: Planned) => Promise<Settled>,
): Promise<Settled[]> {
  if (planned.length === 0) return [];
  const atMs = now();
  const messages = planned.map(({ delivery }) => ({
    body: passOn(delivery, atMs),
    group: delivery.key.subscription,
  }));
  const missing = await queues.send('slow', messages);
  return Promise.all(
    planned.map(async (one, index) =>
      missing.has(index) ? sendOne(one) : settle(withFinding(one, { kind: 'handed-over' }, atMs)),
    ),
  );
}
