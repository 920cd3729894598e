import { becauseGone } from '../domain/subscription/deactivation.ts';
import type { Target, TargetStore } from '../stores/delivery-targets.ts';
import { targetName } from '../stores/delivery-targets.ts';
import { createAttemptLog } from './attempt-log.ts';
import type { AttemptLog } from './attempt-log.ts';
import { keep, passOn, readDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { watchEndpoints } from './endpoint-state.ts';
import { inspect } from './inspect.ts';
import type { Plan } from './inspect.ts';
import type { Lane, ReceivedMessage, SenderDeps } from './ports.ts';
import { countReplayed } from './count-replayed.ts';
import { report } from './report.ts';
import { INTERNAL, send } from './send.ts';
import type { Result } from './send.ts';
import { settle } from './settle.ts';
import type { Settled } from './settle.ts';

/** A batch of one queue. */
export interface Batch {
  lane: Lane;
  messages: readonly ReceivedMessage[];
  /** What is left of the function's time, milliseconds. */
  remainingMs: () => number;
}

/** Message ids that are not done: Lambda leaves them in the queue. */
export type NotDone = string[];

/** Left of the function's time after the last try to write the delivery log, milliseconds. */
const LOG_MARGIN_MS = 1500;

/**
 * The sender: takes a batch of deliveries, sends all of them at once, and says what became of each. Customers' failures
 * are results; it rejects for nothing that concerns a single message.
 */
export function createSender(deps: SenderDeps): (batch: Batch) => Promise<NotDone> {
  const attemptLog = createAttemptLog(deps);
  return async (batch) => {
    const startedMs = deps.now();
    const { deliveries, poison, notDone } = await readBatch(batch, deps);
    const targets = await loadTargets(deliveries, deps);
    const watch = watchEndpoints(deps);
    const planned = plan(deliveries, targets, batch, deps);
    watch.await(
      planned.flatMap(({ delivery, plan: to }) => (to.step === 'send' ? [{ delivery, target: to.target }] : [])),
    );
    const results = await carryOut(planned, batch, deps, watch.see);
    const settled = results.map((result) => settle(result, deps));
    await Promise.all([
      writeLog(attemptLog, settled, batch, deps),
      setVisibility(settled, batch, deps),
      deactivateGone(settled, deps),
      countReplayed(settled, deps),
      // In this order: a release must not find the delivery that was the probe.
      forgetProbed(settled, deps).then(() => watch.write()),
    ]);
    report({ lane: batch.lane, settled, poison, startedMs }, deps);
    const open = settled.filter(({ decision }) => decision.then.do !== 'ack');
    return [...notDone, ...open.map(({ result }) => result.delivery.received.messageId)];
  };
}

/** Messages that can never be processed go to the dead letters at once, so that they never hold up good ones. */
async function readBatch(
  { messages }: Batch,
  { queues, log }: SenderDeps,
): Promise<{ deliveries: Delivery[]; poison: number; notDone: NotDone }> {
  const deliveries: Delivery[] = [];
  const dead: { received: ReceivedMessage; reason: string }[] = [];
  for (const received of messages) {
    const read = readDelivery(received);
    if ('reason' in read) dead.push({ received, reason: read.reason });
    else deliveries.push(read);
  }
  if (dead.length === 0) return { deliveries, poison: 0, notDone: [] };
  const stuck = await queues.toDeadLetters(dead.map(({ received, reason }) => ({ body: received.body, reason })));
  for (const [index, { received, reason }] of dead.entries()) {
    log.error('delivery cannot be processed', {
      message_id: received.messageId,
      reason,
      decision: stuck.has(index) ? 'retry' : 'dead-lettered',
    });
  }
  const notDone = dead.filter((_, index) => stuck.has(index)).map(({ received }) => received.messageId);
  return { deliveries, poison: dead.length, notDone };
}

/** @returns an empty map when DynamoDB refuses: every delivery then fails for this time and comes back on schedule. */
async function loadTargets(deliveries: Delivery[], deps: SenderDeps): ReturnType<TargetStore['load']> {
  if (deliveries.length === 0) return new Map();
  try {
    return await deps.targets.load(deliveries.map(({ key }) => key));
  } catch (error) {
    deps.log.error('subscriptions could not be read', deps.errorFields(error));
    return new Map();
  }
}

interface Planned {
  delivery: Delivery;
  plan: Plan;
}

function plan(deliveries: Delivery[], targets: Map<string, Target>, { lane }: Batch, deps: SenderDeps): Planned[] {
  const context = { rules: deps.rules, lane, nowMs: deps.now() };
  return deliveries.map((delivery) => {
    try {
      return { delivery, plan: inspect(delivery, targets.get(targetName(delivery.key)), context) };
    } catch (error) {
      deps.log.error('subscription broke its reader', { ...delivery.key, ...deps.errorFields(error) });
      const finding = { kind: 'platform', reason: INTERNAL } as const;
      return { delivery, plan: { step: 'settle', finding, url: '' } };
    }
  });
}

/** Does what was planned, all at once. @param see is told each result in the order in which they come. */
async function carryOut(
  planned: Planned[],
  { remainingMs }: Batch,
  deps: SenderDeps,
  see: (result: Result) => void,
): Promise<Result[]> {
  const sendOne = async ({ delivery, plan }: Planned): Promise<Result> => {
    if (plan.step === 'settle') return { delivery, finding: plan.finding, url: plan.url, atMs: deps.now() };
    const result = await send(delivery, plan.subscription, plan.target, deps, remainingMs);
    see(result);
    return result;
  };
  const held = planned.filter(({ plan }) => plan.step === 'hold');
  const slow = planned.filter(({ plan }) => plan.step === 'hand-over');
  const now = planned.filter(({ plan }) => plan.step === 'send' || plan.step === 'settle');
  const [kept, handedOver, sent] = await Promise.all([
    hold(held, deps),
    handOver(slow, deps, sendOne),
    Promise.all(now.map(sendOne)),
  ]);
  return [...kept, ...handedOver, ...sent];
}

function withFinding({ delivery, plan }: Planned, finding: Result['finding'], atMs: number): Result {
  const url = plan.step === 'settle' ? plan.url : plan.subscription.url;
  return { delivery, finding, url, atMs };
}

/**
 * Keeps deliveries whose endpoint is down, before they are acknowledged. From then on a probe or a release may end them
 * while this batch still waits for others: `held` must not be the last word about them, so its lines are placed before.
 */
async function hold(planned: Planned[], { held, newUlid, now }: SenderDeps): Promise<Result[]> {
  if (planned.length === 0) return [];
  const atMs = now();
  const ulids = planned.map(() => newUlid());
  const rows = planned.map(({ delivery }) => ({
    subscription: delivery.key.subscription,
    event_id: delivery.message.event.id,
    organization: delivery.key.organization,
    held_ms: atMs,
    message: keep(delivery),
  }));
  const missing = new Set((await held.put(rows)).map(({ subscription, event_id }) => `${subscription}#${event_id}`));
  return planned.map((one, index) => {
    const { subscription, event_id } = rows[index]!;
    if (!missing.has(`${subscription}#${event_id}`)) {
      return { ...withFinding(one, { kind: 'kept' }, atMs), ulid: ulids[index]! };
    }
    return withFinding(
      one,
      { kind: 'platform', reason: 'the endpoint is down and the delivery could not be kept' },
      atMs,
    );
  });
}

/** Puts deliveries to slow endpoints into the slow lane as new messages; what that queue does not take is sent here. */
async function handOver(
  planned: Planned[],
  { queues, now }: SenderDeps,
  sendOne: (one: Planned) => Promise<Result>,
): Promise<Result[]> {
  if (planned.length === 0) return [];
  const atMs = now();
  const messages = planned.map(({ delivery }) => ({
    body: passOn(delivery, atMs),
    group: delivery.key.subscription,
  }));
  const missing = await queues.toSlowLane(messages);
  return Promise.all(
    planned.map(async (one, index) =>
      missing.has(index) ? sendOne(one) : withFinding(one, { kind: 'handed-over' }, atMs),
    ),
  );
}

async function writeLog(
  attemptLog: AttemptLog,
  settled: Settled[],
  { remainingMs }: Batch,
  { now }: SenderDeps,
): Promise<void> {
  const attempts = settled.flatMap(({ attempt }) => (attempt ? [attempt] : []));
  await attemptLog.write(attempts, now() + remainingMs() - LOG_MARGIN_MS);
}

/** A retry comes back when it is due; an exhausted one at once, because only its next receive moves it away. */
async function setVisibility(settled: Settled[], { lane }: Batch, { queues }: SenderDeps): Promise<void> {
  const changes = settled.flatMap(({ result, decision: { then } }) => {
    if (then.do === 'ack') return [];
    const { receiptHandle } = result.delivery.received;
    return [{ receiptHandle, seconds: then.do === 'retry' ? then.seconds : 0 }];
  });
  if (changes.length > 0) await queues.changeVisibility(lane, changes);
}

/** A probe's delivery is kept until the probe has ended it; if this fails it is released and, by the log, not sent again. */
async function forgetProbed(settled: Settled[], { held, log, errorFields }: SenderDeps): Promise<void> {
  const ended = settled.filter(
    ({ result, decision }) =>
      result.delivery.message.probe && decision.outcome !== 'held' && result.finding.kind !== 'probe-late',
  );
  if (ended.length === 0) return;
  try {
    await held.remove(
      ended.map(({ result: { delivery } }) => ({
        subscription: delivery.key.subscription,
        event_id: delivery.message.event.id,
      })),
    );
  } catch (error) {
    log.error('probed delivery stays among the held ones', errorFields(error));
  }
}

/** An endpoint that answered 410 gets nothing more. */
async function deactivateGone(settled: Settled[], deps: SenderDeps): Promise<void> {
  const gone = new Map(
    settled
      .filter(({ decision }) => decision.outcome === 'gone')
      .map(({ result }) => [targetName(result.delivery.key), result]),
  );
  await Promise.all(
    [...gone.values()].map(async ({ delivery, target }) => {
      const at = new Date(deps.now()).toISOString();
      try {
        const done = await deps.targets.deactivate(delivery.key, target?.row?.url, becauseGone(at), at);
        deps.log.warn(done ? 'subscription deactivated: 410' : 'subscription changed meanwhile: not deactivated', {
          ...delivery.key,
        });
      } catch (error) {
        deps.log.error('subscription not deactivated', { ...delivery.key, ...deps.errorFields(error) });
      }
    }),
  );
}
