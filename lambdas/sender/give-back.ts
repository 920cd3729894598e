import type { Attempt } from '../domain/delivery/attempt.ts';
import { isSlow } from '../domain/endpoint/circuit.ts';
import { LONGEST_DELAY_SECONDS, LONGEST_WAIT_IN_FLIGHT_SECONDS, MAX_ATTEMPTS } from '../domain/limits.ts';
import type { InHand } from '../domain/messages/in-hand.ts';
import { passOn, resume, retried } from './delivery.ts';
import type { DeadLetter, Lane, SenderDeps } from './ports.ts';
import { asksToWait, tookLong } from './send.ts';
import type { Settled } from './settle.ts';
import type { Waits } from './waits.ts';

/** Messages of a batch that are not done. */
export interface GiveBack {
  /** Takes what was decided about one delivery, as soon as its try has ended. */
  take(settled: Settled): void;
  /**
   * The batch has ended: tells the queue about the rest, and queues what needs a new message.
   * @returns ids of the messages that stay in the queue. Never rejects.
   */
  end(): Promise<string[]>;
}

/**
 * How long the queue may wait to hear of a failed try, milliseconds: time for others to fail too and share its call, which
 * takes ten. The wait for the next try counts from the beginning of this one, so it is not lost.
 */
const GATHER_MS = 100;
const MOST_IN_A_CALL = 10;

type Deps = Pick<SenderDeps, 'queues' | 'now' | 'after'> & { waits: Waits };

/**
 * Gives messages back that are not done. A failed try is told to log and queue when it ends and not when its batch does,
 * for which a neighbour that hangs may take 30 s; a batch in which all succeed makes no call.
 *
 * The log hears of it before the queue does: a message that comes again and has no line of its last receive then had a
 * sender that died, and nothing else. A try whose line cannot be written is carried on by a new message, which knows it.
 *
 * A retry waits in flight, invisible, only for a minute and only while its endpoint and its organization have few that do:
 * else in a new message, delayed, which carries its tries. Those to slow endpoints leave the fast lane that way.
 * @param writeLines @returns ids of the lines that could not be written.
 */
export function createGiveBack(
  lane: Lane,
  inHand: Pick<InHand, 'giveBack'>,
  writeLines: (attempts: Attempt[]) => Promise<Set<string>>,
  deps: Deps,
): GiveBack {
  const open: string[] = [];
  const renewed: Settled[] = [];
  /** Retries that wait in a new message. */
  const leaving = new Set<Settled>();
  const calls: Promise<void>[] = [];
  let waiting: Settled[] = [];
  let stopTimer: (() => void) | undefined;

  const tellAll = async (all: readonly Settled[]): Promise<void> => {
    const unwritten = await writeLines(all.flatMap(({ attempt }) => (attempt ? [attempt] : [])));
    const isLeft = (one: Settled): boolean => {
      const { attempt, decision } = one;
      if (decision.then.do === 'exhaust') return true;
      return !leaving.has(one) && (attempt === undefined || !unwritten.has(attempt.id));
    };
    renewed.push(...all.filter((one) => !isLeft(one)));
    const left = all.filter(isLeft);
    open.push(...left.map(({ result }) => result.delivery.received.messageId));
    if (left.length > 0) await inHand.giveBack(left.map(changeOf));
  };
  const tell = (): void => {
    stopTimer?.();
    stopTimer = undefined;
    if (waiting.length > 0) calls.push(tellAll(waiting));
    waiting = [];
  };

  const mustLeave = (settled: Settled): boolean => {
    const { then } = settled.decision;
    if (then.do !== 'retry') return false;
    if (lane === 'fast' && isToSlow(settled, deps.now())) return true;
    const { delivery } = settled.result;
    // Of a release: it would come back as part of it, whatever pace that has by then.
    if (delivery.message.released && asksToWait(settled.result)) return true;
    const isLong = then.atMs - deps.now() > 1000 * LONGEST_WAIT_IN_FLIGHT_SECONDS;
    return isLong || !deps.waits.take(delivery.key, then.atMs);
  };

  return {
    take(settled) {
      const { result, decision } = settled;
      const { receiveCount, tries, attempt } = result.delivery;
      const { then } = decision;
      if (then.do === 'ack') return;
      // At its last receive the redrive policy makes a dead letter of whatever is given back, and only then.
      const isLast = receiveCount >= MAX_ATTEMPTS;
      // Where a receive was lost, the queue's count says nothing of the next try: a new message carries the true one.
      const isCounted = attempt === tries + receiveCount;
      const byQueue = then.do === 'retry' ? isCounted && !isLast : then.do === 'exhaust' && isLast;
      if (!byQueue) return void renewed.push(settled);
      if (mustLeave(settled)) leaving.add(settled);
      waiting.push(settled);
      if (waiting.length >= MOST_IN_A_CALL) tell();
      else stopTimer ??= deps.after(GATHER_MS, tell);
    },
    async end() {
      tell();
      await Promise.all(calls);
      const refused = await renew(renewed, lane, deps);
      // Those come again when the queue's visibility timeout is over, and the log says that this receive was no try.
      return [...open, ...refused.map(({ result }) => result.delivery.received.messageId)];
    },
  };
}

function changeOf({ result, decision: { then } }: Settled): { receiptHandle: string; atMs: number } {
  return { receiptHandle: result.delivery.received.receiptHandle, atMs: then.do === 'retry' ? then.atMs : 0 };
}

/** Queues new messages in place of these, or moves them to the dead letters. @returns those that SQS did not take. */
async function renew(all: readonly Settled[], lane: Lane, deps: Deps): Promise<Settled[]> {
  const again: Settled[] = [];
  const dead: Settled[] = [];
  for (const one of all) {
    const { then } = one.decision;
    (then.do === 'come-back' || then.do === 'retry' ? again : dead).push(one);
  }
  const toSlow = again.filter((one) => isRetry(one) && isToSlow(one, deps.now()));
  const rest = again.filter((one) => !toSlow.includes(one));
  const [slowNotSent, notSent, notBuried] = await Promise.all([
    queue(toSlow, 'slow', deps),
    queue(rest, lane, deps),
    dead.length > 0 ? deps.queues.toDeadLetters(dead.map((one) => letterOf(one, deps.now()))) : new Set<number>(),
  ]);
  return [...slowNotSent, ...notSent, ...dead.filter((_, index) => notBuried.has(index))];
}

/** @returns those that SQS did not take. */
async function queue(all: readonly Settled[], lane: Lane, { queues, now }: Deps): Promise<Settled[]> {
  if (all.length === 0) return [];
  const notSent = await queues.send(
    lane,
    all.map((one) => messageInPlaceOf(one, now())),
  );
  return all.filter((_, index) => notSent.has(index));
}

function isRetry({ decision }: Settled): boolean {
  return decision.then.do === 'retry';
}

/** Its endpoint took long just now, or does so lately. */
function isToSlow({ result }: Settled, nowMs: number): boolean {
  return tookLong(result) || isSlow(result.target?.health, nowMs);
}

function messageInPlaceOf({ result, decision: { then } }: Settled, nowMs: number) {
  const { delivery } = result;
  const group = delivery.key.subscription;
  if (then.do === 'retry') {
    // SQS delays no longer; the jitter on top of the longest Retry-After would be more.
    const delaySeconds = Math.min(Math.max(Math.ceil((then.atMs - nowMs) / 1000), 0), LONGEST_DELAY_SECONDS);
    return {
      body: retried(delivery, { nowMs, tries: delivery.attempt, isAsked: asksToWait(result) }),
      group,
      delaySeconds,
    };
  }
  const troubleMs = delivery.troubleMs ?? nowMs;
  // Held again for its turn, it would come back at once and never know for how long it has been in trouble.
  const released = result.subscription?.rate_per_second === undefined ? undefined : delivery.message.released;
  const body = resume(delivery, { nowMs, tries: delivery.attempt - 1, troubleMs, released });
  return { body, group, delaySeconds: then.do === 'come-back' ? then.seconds : 0 };
}

/** Whoever redrives it gives it four new tries, so nothing of the old ones stands in it. */
function letterOf({ result, decision: { then, reason } }: Settled, nowMs: number): DeadLetter {
  const kind = then.do === 'bury' ? 'platform' : 'customer';
  return { body: passOn(result.delivery, nowMs), reason: reason ?? 'all tries were made', kind };
}
