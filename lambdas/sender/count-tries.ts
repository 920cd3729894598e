import { FINAL_OUTCOMES, type Attempt } from '../domain/delivery/attempt.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { MAX_ATTEMPTS, SENDER_SECONDS, VISIBILITY_TIMES } from '../domain/limits.ts';
import { isDelivered } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import type { SenderDeps } from './ports.ts';

/**
 * A message that nobody gave back comes again after the queue's visibility timeout, 270 s: its sender died, or SQS took
 * neither it nor the message in its place. That receive was no try. Ten seconds less, because the times are told by two
 * clocks.
 */
export const RECEIVE_LOST_MS = VISIBILITY_TIMES * SENDER_SECONDS * 1000 - 10_000;
/** Clocks of SQS and of two functions differ by less. */
const CLOCK_SKEW_MS = 500;

/** Deliveries whose next try is known, and those with which nothing more is to be done now. */
export interface Counted {
  deliveries: Delivery[];
  findings: { delivery: Delivery; finding: Finding }[];
}

/**
 * Counts the tries of deliveries. SQS counts receives, and most are tries; where one may have been lost to a crash of
 * ours, the log says how many tries there were. A message that took the place of another is compared with the log too.
 * Never rejects.
 */
export async function countTries(deliveries: readonly Delivery[], deps: SenderDeps): Promise<Counted> {
  const counted: Counted = { deliveries: [], findings: [] };
  await Promise.all(
    deliveries.map(async (delivery) => {
      const isFirst = delivery.receiveCount === 1;
      const mustAsk = isFirst ? delivery.resumedMs !== undefined : mayHaveLostReceive(delivery, deps);
      if (!mustAsk) return void counted.deliveries.push(delivery);
      const { subscription } = delivery.key;
      try {
        const latest = await deps.attempts.latest(subscription, delivery.message.event.id);
        const recounted = isFirst ? unlessSuperseded(delivery, latest) : recount(delivery, latest);
        if ('kind' in recounted) counted.findings.push({ delivery, finding: recounted });
        else counted.deliveries.push(recounted);
      } catch (error) {
        deps.log.error('tries could not be counted', { subscription, ...deps.errorFields(error) });
        const reason = 'the delivery log could not be asked what became of it so far';
        counted.findings.push({ delivery, finding: { kind: 'platform', reason } });
      }
    }),
  );
  return counted;
}

/** It has been under way for longer than its tries take. */
function mayHaveLostReceive({ receiveCount, tries, firstMs }: Delivery, { now, settings }: SenderDeps): boolean {
  // More receives than tries that were left: one of them at least was none.
  if (tries + receiveCount > MAX_ATTEMPTS) return true;
  // One wait was the queue's visibility timeout; the others were at least the shortest ones of this message's tries.
  const own = settings.delays.slice(tries, tries + receiveCount - 1);
  const waits = own.sort((a, b) => a - b).slice(0, receiveCount - 2);
  const shortestMs = 800 * waits.reduce((sum, seconds) => sum + seconds, 0);
  return now() - firstMs >= RECEIVE_LOST_MS + shortestMs;
}

/**
 * Of two copies of a message one ends here, or each would have copies of its own for as long as the trouble lasts: SQS may
 * hand a message out twice, and may have taken one although its answer said nothing. Each return leaves a line in the
 * log, so such a line, or an end, that is newer than this message is another copy's, which goes on.
 */
function unlessSuperseded(delivery: Delivery, latest: Attempt | undefined): Delivery | Finding {
  const { message, firstMs, resumedMs = Infinity } = delivery;
  if (isDelivered(delivery, latest)) return { kind: 'delivered-before' };
  // A line from after it was handed out may be its own: SQS may have handed out this very message twice.
  const { attempted_ms: atMs = Infinity } = latest ?? {};
  const isOthers = latest?.replay === message.replay && atMs > resumedMs && atMs < firstMs - CLOCK_SKEW_MS;
  if (!latest || !isOthers) return { ...delivery, checked: true };
  // A try may have been made by a second receive of the very message whose place this one took, which SQS has deleted; and
  // `held` may be the word of a probe whose row a release has taken away. Neither says that somebody goes on. Copies that
  // only try end by themselves, after four tries.
  const goesOn = latest.fault !== undefined || FINAL_OUTCOMES.includes(latest.outcome);
  return goesOn ? { kind: 'superseded' } : { ...delivery, checked: true };
}

/** @returns a finding when there is nothing to try any more. */
function recount(delivery: Delivery, latest: Attempt | undefined): Delivery | Finding {
  const { message, firstMs, tries } = delivery;
  const isOfThisMessage =
    latest !== undefined && latest.attempted_ms >= firstMs - CLOCK_SKEW_MS && latest.replay === message.replay;
  if (!isOfThisMessage) return lost(delivery, tries + 1);
  // Its sender died behind the log's line and before SQS heard of it.
  if (latest.outcome === 'delivered') return { kind: 'delivered-before' };
  // What failed for a reason of ours stands in the log with the number of the try that is still due.
  if (latest.fault !== undefined) return lost(delivery, latest.attempt);
  if (latest.outcome === 'exhausted') return { kind: 'spent' };
  return latest.attempt + 1 === delivery.attempt ? delivery : lost(delivery, latest.attempt + 1);
}

/** Its trouble has lasted since it was first handed out at the latest. */
function lost(delivery: Delivery, attempt: number): Delivery {
  const { trouble_ms: troubleMs = delivery.firstMs } = delivery.message;
  return { ...delivery, attempt: Math.min(attempt, MAX_ATTEMPTS), troubleMs };
}
