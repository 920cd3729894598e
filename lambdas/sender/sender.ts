import type { Attempt } from '../domain/delivery/attempt.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { whileInHand, type InHand } from '../domain/messages/in-hand.ts';
import { readBatch } from '../domain/messages/received.ts';
import { idsOf } from '../domain/telemetry.ts';
import type { DeliveryTarget, TargetStore } from '../stores/delivery-targets.ts';
import { targetName } from '../stores/delivery-targets.ts';
import { deactivateGone, forgetProbed } from './afterwards.ts';
import { createAttemptLog } from './attempt-log.ts';
import { carryOut } from './carry-out.ts';
import type { Planned } from './carry-out.ts';
import { countReplayed } from './count-replayed.ts';
import { countTries } from './count-tries.ts';
import { readDelivery } from './delivery.ts';
import type { ReceivedDelivery } from './delivery.ts';
import { watchEndpoints } from './endpoint-state.ts';
import { createGiveBack } from './give-back.ts';
import { inspect } from './inspect.ts';
import { rememberExhausted } from './exhausted.ts';
import type { Lane, ReceivedMessage, SenderDeps } from './ports.ts';
import { report } from './report.ts';
import { INTERNAL } from './send.ts';
import type { Result } from './send.ts';
import { settle } from './settle.ts';
import type { Settled } from './settle.ts';
import { createWaits } from './waits.ts';

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
/** As long as the log is tried to be told of a failed try before the queue is, milliseconds. The shortest wait is 8 s. */
const LINE_MS = 5000;

/**
 * The sender: takes a batch of deliveries, sends all of them at once, and returns the result of each. A customer's
 * failure is a result; a single message never makes it reject.
 */
export function createSender(deps: SenderDeps): (batch: Batch) => Promise<NotDone> {
  const attemptLog = createAttemptLog(deps);
  const waits = createWaits(deps.settings.waits, deps.now);
  const work = async (batch: Batch, inHand: InHand): Promise<NotDone> => {
    const startedMs = deps.now();
    const { toDeadLetters } = deps.queues;
    const [read, graveyard] = await Promise.all([
      readBatch(batch.messages, readDelivery, { what: 'delivery', toDeadLetters, logger: deps.logger }),
      deps.graves.load(),
    ]);
    const all = read.works.map(({ message }) => message);
    const dead = all.filter(({ message }) => graveyard.isDead(message.event));
    const deliveries = dead.length === 0 ? all : all.filter((one) => !dead.includes(one));
    const [targets, counted] = await Promise.all([loadTargets(deliveries, deps), countTries(deliveries, deps)]);
    const watch = watchEndpoints(deps);
    const planned = [
      ...dead.map((delivery) => toSettle(delivery, { kind: 'purged' })),
      ...counted.findings.map(({ delivery, finding }) => toSettle(delivery, finding)),
      ...plan(counted.deliveries, targets, batch, deps),
    ].map((one) => unlessUnsure(one, deps.graves));
    watch.expect(
      planned.flatMap(({ delivery, plan: to }) => (to.step === 'send' ? [{ delivery, target: to.target }] : [])),
    );
    const early = new Set<string>();
    const writeEarly = (attempts: Attempt[]): Promise<Set<string>> => {
      for (const { id } of attempts) early.add(id);
      return attemptLog.write(attempts, deps.now() + Math.min(LINE_MS, batch.remainingMs() - LOG_MARGIN_MS));
    };
    const giveBack = createGiveBack(batch.lane, inHand, writeEarly, { ...deps, waits });
    const take = (result: Result): Settled => {
      watch.see(result);
      const one = settle(result, deps);
      giveBack.take(one);
      return one;
    };
    const settled = await carryOut(planned, batch.remainingMs, deps, take, watch.names);
    const ended = giveBack.end();
    const write = (all: readonly Settled[]): Promise<Set<string>> =>
      attemptLog.write(
        all.flatMap(({ attempt }) => (attempt && !early.has(attempt.id) ? [attempt] : [])),
        deps.now() + batch.remainingMs() - LOG_MARGIN_MS,
      );
    const logged = write(settled.filter((one) => !isReturn(one)));
    const [open] = await Promise.all([
      ended,
      logged,
      ended.then((stay) => write(settled.filter((one) => isReturn(one) && !stay.includes(idOf(one))))),
      // In this order: an automatic replay goes by the log.
      Promise.all([ended, logged]).then(() => rememberExhausted(settled, deps)),
      deactivateGone(settled, deps),
      countReplayed(settled, deps),
      // In this order: a release must not find the delivery that was the probe.
      forgetProbed(settled, deps).then(() => watch.write()),
    ]);
    report({ lane: batch.lane, settled, poison: read.poison, startedMs }, deps);
    return [...read.stay, ...open];
  };
  return (batch) => whileInHand(deps.queues.take[batch.lane], batch.messages, (inHand) => work(batch, inHand));
}

const UNSURE = 'the subscription was deleted, and it could not be read whether its organization is purged';

/** @returns an empty map when DynamoDB refuses: every delivery then comes back later, with its tries untouched. */
async function loadTargets(deliveries: ReceivedDelivery[], deps: SenderDeps): ReturnType<TargetStore['load']> {
  if (deliveries.length === 0) return new Map();
  try {
    return await deps.targets.load(deliveries.map(({ key }) => key));
  } catch (error) {
    deps.logger.error('subscriptions could not be read', deps.errorFields(error));
    return new Map();
  }
}

function plan(
  deliveries: ReceivedDelivery[],
  targets: Map<string, DeliveryTarget>,
  { lane }: Batch,
  deps: SenderDeps,
): Planned[] {
  const context = { rules: deps.rules, lane, nowMs: deps.now() };
  return deliveries.map((delivery) => {
    try {
      return { delivery, plan: inspect(delivery, targets.get(targetName(delivery.key)), context) };
    } catch (error) {
      deps.logger.error('subscription reader threw an error', { ...idsOf(delivery.key), ...deps.errorFields(error) });
      return toSettle(delivery, { kind: 'platform', reason: INTERNAL });
    }
  });
}

/**
 * Nothing was tried, for a reason of ours. Its line says to other copies of the message that this one goes on, so it is
 * written when SQS has what takes its place, and never of one that SQS took nothing for: that one may be acknowledged by
 * another receive of it.
 */
function isReturn({ decision: { then } }: Settled): boolean {
  return then.do === 'come-back' || then.do === 'bury';
}

function idOf({ result }: Settled): string {
  return result.delivery.received.messageId;
}

/**
 * Whoever is purged has no subscription any more: one that is there is sent to, whether it can be read who is purged or not. Of one
 * that is not, or cannot be read, a line would stay behind the purge.
 */
function unlessUnsure(one: Planned, graves: SenderDeps['graves']): Planned {
  const { delivery, plan: to } = one;
  if (to.step !== 'settle' || !graves.isUnsure(delivery.message.event.enqueued_ms)) return one;
  const { finding } = to;
  if (finding.kind !== 'platform' && finding.kind !== 'deleted') return one;
  // Its delivery stays held, where it is.
  if (delivery.message.probe) return toSettle(delivery, { kind: 'probe-late' });
  if (finding.kind === 'platform') return toSettle(delivery, { kind: 'unsure', reason: finding.reason });
  return toSettle(delivery, { kind: 'unsure', reason: UNSURE });
}

function toSettle(delivery: ReceivedDelivery, finding: Finding): Planned {
  return { delivery, plan: { step: 'settle', finding, url: '' } };
}
