import { FINAL_OUTCOMES, type Attempt } from '../domain/delivery/attempt.ts';
import type { Finding } from '../domain/delivery/outcome.ts';
import { CLOCK_SKEW_MS, IN_HAND_SECONDS, LONGEST_ATTEMPT_SECONDS, MAX_ATTEMPTS } from '../domain/limits.ts';
import { isDelivered } from './delivery.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { SenderDeps } from './ports.ts';

/**
 * A message that nobody gave back comes again {@link IN_HAND_SECONDS} after its sender died, or after the queue's own
 * visibility timeout where SQS took neither it nor the message in its place. That receive was no try. Five seconds less,
 * because the times are told by two clocks.
 */
export const RECEIVE_LOST_MS = (IN_HAND_SECONDS - 5) * 1000;

/** Deliveries whose next try is known, and those with which nothing more is to be done now. */
export interface Counted {
  deliveries: ReceivedDelivery[];
  findings: { delivery: ReceivedDelivery; finding: Finding }[];
}

/**
 * Counts the tries of deliveries. SQS counts receives, and most are tries; where one may have been lost to a crash of
 * ours, the log says how many tries there were. A message that took the place of another is compared with the log too.
 * Never rejects.
 */
export async function countTries(deliveries: readonly ReceivedDelivery[], deps: SenderDeps): Promise<Counted> {
  const counted: Counted = { deliveries: [], findings: [] };
  await Promise.all(
    deliveries.map(async (delivery) => {
      const isFirst = delivery.receiveCount === 1;
      const mustAsk = isFirst ? delivery.resumedMs !== undefined : mayHaveLostReceive(delivery, deps);
      if (!mustAsk) return void counted.deliveries.push(delivery);
      const { subscription } = delivery.key;
      try {
        const latest = await deps.attempts.latest(subscription, delivery.message.event.id);
        const recounted = isFirst ? unlessSuperseded(delivery, latest) : recount(delivery, latest, deps);
        if ('kind' in recounted) counted.findings.push({ delivery, finding: recounted });
        else counted.deliveries.push(recounted);
      } catch (error) {
        deps.logger.error('attempts could not be counted', {
          subscription_id: subscription,
          ...deps.errorFields(error),
        });
        const known = withoutLog(delivery, deps);
        if (known) return void counted.deliveries.push(known);
        const reason = 'the delivery log could not be asked what became of it so far';
        counted.findings.push({ delivery, finding: { kind: 'platform', reason } });
      }
    }),
  );
  return counted;
}

/**
 * While the log cannot be asked, deliveries go on whose customers have failed and nothing of ours: one whose tries its
 * message tells, and one that comes when its next try is due. That may cost a try, or its customer a second request,
 * which is less than no request for as long as the log is down.
 */
function withoutLog(delivery: ReceivedDelivery, deps: SenderDeps): ReceivedDelivery | undefined {
  if (delivery.receiveCount > 1) return isExplained(delivery, deps) ? delivery : undefined;
  return delivery.troubleMs === undefined ? { ...delivery, checked: true } : undefined;
}

/**
 * It comes when its next try is due: all its receives so far were tries, or a process lived for long before it died.
 * Between those two nobody could tell where several copies of a delivery write into one log, and such a death costs a try.
 */
function isExplained({ receiveCount, tries, firstMs }: ReceivedDelivery, { now, settings }: SenderDeps): boolean {
  const own = settings.delays.slice(tries, tries + receiveCount - 1);
  const waitsMs = 1000 * own.reduce((sum, seconds) => sum + seconds, 0);
  const tookMs = now() - firstMs;
  return tookMs >= 0.8 * waitsMs && tookMs <= 1.2 * waitsMs + own.length * LONGEST_ATTEMPT_SECONDS * 1000;
}

/** It has been under way for longer than its tries take. */
function mayHaveLostReceive(delivery: ReceivedDelivery, deps: SenderDeps): boolean {
  const { receiveCount, tries, firstMs } = delivery;
  // More receives than tries that were left: one of them at least was none.
  if (tries + receiveCount > MAX_ATTEMPTS) return true;
  // Not of a second receive: the first wait is so short that a death looks much like a slow try. Nor of the last one, which
  // comes as late where a message that kills was left to the queue's own time.
  const isInBetween = receiveCount > 2 && tries + receiveCount < MAX_ATTEMPTS;
  if (isInBetween && isExplained(delivery, deps)) return false;
  // One wait was for a death to be noticed; the others were at least the shortest ones of this message's tries, or for
  // more deaths.
  const own = deps.settings.delays.slice(tries, tries + receiveCount - 1);
  const waits = own.sort((a, b) => a - b).slice(0, receiveCount - 2);
  const shortestMs = waits.reduce((sum, seconds) => sum + Math.min(800 * seconds, RECEIVE_LOST_MS), 0);
  return deps.now() - firstMs >= RECEIVE_LOST_MS + shortestMs;
}

/**
 * Of two copies of a message one ends here, or each would have copies of its own for as long as the trouble lasts: SQS may
 * hand a message out twice, and may have taken one although its answer said nothing. Each return that SQS has taken leaves
 * a line in the log, so such a line, or an end, that is newer than this message is another copy's, which goes on.
 */
function unlessSuperseded(delivery: ReceivedDelivery, latest: Attempt | undefined): ReceivedDelivery | Finding {
  const { message, firstMs, resumedMs = Infinity } = delivery;
  if (isDelivered(delivery, latest)) return { kind: 'delivered-before' };
  // A line from after it was handed out may be its own: SQS may have handed out this very message twice.
  const { attempted_ms: atMs = Infinity } = latest ?? {};
  const isOthers = latest?.replay === message.replay && atMs > resumedMs && atMs < firstMs - CLOCK_SKEW_MS;
  if (!latest || !isOthers) return { ...delivery, checked: true };
  // SQS moves no message to the dead letters that another receive of it has acknowledged: this one does it.
  if (latest.outcome === 'exhausted' && latest.fault === undefined) return { kind: 'spent' };
  // A try may have been made by a second receive of the very message whose place this one took, which SQS has deleted; and
  // `held` may be the word of a probe, also of one that was not made, whose row a release has taken away. Neither says that
  // somebody goes on. Copies that only try end by themselves, after four tries.
  const isReturn = latest.fault !== undefined && latest.outcome === 'failed';
  const goesOn = isReturn || FINAL_OUTCOMES.includes(latest.outcome);
  return goesOn ? { kind: 'superseded' } : { ...delivery, checked: true };
}

/** @returns a finding when there is nothing to try any more. */
function recount(
  delivery: ReceivedDelivery,
  latest: Attempt | undefined,
  deps: SenderDeps,
): ReceivedDelivery | Finding {
  const { message, firstMs, tries } = delivery;
  if (latest === undefined || latest.attempted_ms < firstMs - CLOCK_SKEW_MS) return lost(delivery, tries + 1);
  // Another copy's, behind which this one's may be.
  if (latest.replay !== message.replay) return isExplained(delivery, deps) ? delivery : lost(delivery, tries + 1);
  // Its sender died behind the log's line and before SQS heard of it.
  if (latest.outcome === 'delivered') return { kind: 'delivered-before' };
  // What failed for a reason of ours stands in the log with the number of the try that is still due.
  if (latest.fault !== undefined) return lost(delivery, latest.attempt);
  if (latest.outcome === 'exhausted') return { kind: 'spent' };
  // Nothing was sent when it was held: by an earlier receive, or a moment before this message let it go.
  if (latest.outcome === 'held' && latest.status === undefined)
    return lost(delivery, Math.max(tries + 1, latest.attempt));
  return latest.attempt + 1 === delivery.attempt ? delivery : lost(delivery, latest.attempt + 1);
}

/** Its trouble has lasted since it was first handed out at the latest. */
function lost(delivery: ReceivedDelivery, attempt: number): ReceivedDelivery {
  const { trouble_ms: troubleMs = delivery.firstMs } = delivery.message;
  return { ...delivery, attempt: Math.min(attempt, MAX_ATTEMPTS), troubleMs };
}
