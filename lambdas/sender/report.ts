import { OUTCOMES, withoutOwnLag } from '../domain/delivery/attempt.ts';
import type { Outcome } from '../domain/delivery/attempt.ts';
import { NO_STATUS_CODE } from '../domain/formats/clinic-v1.ts';
import { MAX_ATTEMPTS } from '../domain/limits.ts';
import type { Lane, LogFields, SenderDeps } from './ports.ts';
import { NO_PRIVATE_KEY } from './send.ts';
import type { Settled } from './settle.ts';

// CloudWatch bills log lines by the byte; one for each delivery would be among the largest costs of the platform, and the
// delivery log in DynamoDB says it all already. So: one line per batch with its counts, and one more for each delivery
// that somebody may have to look into, or whose producer traces it. Held ones are many by nature and are only counted; so
// are those that come back for a reason of ours, which share one line for each reason.
const QUIET = new Set<string | undefined>(['delivered', 'held', 'in_feed', 'handed_over', 'not_tried', 'purged']);
/** Subscriptions that such a line names. */
const NAMED = 20;

/** Names of the counters. */
const METRICS: Record<Outcome, string> = {
  delivered: 'DeliveriesDelivered',
  failed: 'AttemptsFailed',
  exhausted: 'DeliveriesExhausted',
  gone: 'DeliveriesGone',
  cancelled: 'DeliveriesCancelled',
  held: 'DeliveriesHeld',
  skipped: 'DeliveriesSkipped',
};

/** What a batch amounted to. */
export interface BatchReport {
  lane: Lane;
  settled: Settled[];
  /** Messages that could never be processed. */
  poison: number;
  startedMs: number;
}

/** Writes the batch's log lines and metrics. Ids, counts, durations, decisions; no URL, no header, no payload. */
export function report(
  { lane, settled, poison, startedMs }: BatchReport,
  { logger, metrics, now }: Pick<SenderDeps, 'logger' | 'metrics' | 'now'>,
): void {
  const counts: Record<string, number> = {};
  let slowestMs = 0;
  for (const one of settled) {
    const name = nameOf(one);
    counts[name] = (counts[name] ?? 0) + 1;
    const { answer, delivery } = one.result;
    if (answer) {
      metrics.milliseconds('EndpointLatency', withoutOwnLag(answer.timings));
      slowestMs = Math.max(slowestMs, answer.timings.total);
    }
    if (name === 'delivered')
      metrics.milliseconds('DeliveryAge', Math.max(now() - delivery.message.event.enqueued_ms, 0));
    const isTraced = delivery.message.traceparent !== undefined;
    if (isTraced || !QUIET.has(name)) logger.info(`delivery ${name}`, linesFields(one, lane));
  }
  reportTrouble(settled, { logger, metrics });
  for (const outcome of OUTCOMES) if (counts[outcome]) metrics.count(METRICS[outcome], counts[outcome]);
  const unmapped = settled.filter(({ result: { finding } }) => isUnmapped(finding)).length;
  if (unmapped > 0) metrics.count('ClinicV1StatusesUnmapped', unmapped);
  if (counts.probe_failed) metrics.count('ProbesFailed', counts.probe_failed);
  if (counts.heal_failed) metrics.count('HealTriesFailed', counts.heal_failed);
  if (poison > 0) metrics.count('MessagesPoison', poison);
  if (counts.handed_over) metrics.count('DeliveriesHandedOver', counts.handed_over);
  logger.info('batch', {
    lane,
    messages: settled.length + poison,
    ...counts,
    ...(poison > 0 ? { poison } : {}),
    slowest_ms: Math.round(slowestMs),
    duration_ms: Math.round(now() - startedMs),
  });
}

/**
 * What did not happen for a reason of ours, and for which. What concerns many at once is counted apart from what is one row's, a
 * missing secret: that may last, and an alarm that rings for it would not be heard for the other.
 */
function reportTrouble(settled: readonly Settled[], { logger, metrics }: Pick<SenderDeps, 'logger' | 'metrics'>): void {
  const subscriptions = new Map<string, string[]>();
  let [buried, unsigned, others] = [0, 0, 0];
  for (const { decision, result } of settled) {
    if (decision.fault === undefined) continue;
    if (lacksSecret(result.finding)) unsigned += 1;
    else others += 1;
    if (decision.then.do === 'bury') buried += 1;
    const reason = decision.reason ?? '';
    subscriptions.set(reason, [...(subscriptions.get(reason) ?? []), result.delivery.key.subscription]);
  }
  for (const [reason, concerned] of subscriptions) {
    const named = [...new Set(concerned)].slice(0, NAMED);
    logger.error('deliveries in trouble', { reason, count: concerned.length, subscriptions: named });
  }
  if (others > 0) metrics.count('PlatformFailures', others);
  if (unsigned > 0) metrics.count('SecretsMissing', unsigned);
  if (buried > 0) metrics.count('PlatformDeadLetters', buried);
}

function lacksSecret(finding: Settled['result']['finding']): boolean {
  return finding.kind === 'no-secret' || (finding.kind === 'platform' && finding.reason === NO_PRIVATE_KEY);
}

/** A probe that failed holds nothing new. */
function nameOf({ result, decision }: Settled): string {
  if (decision.fault !== undefined) return decision.then.do === 'bury' ? 'given_up' : 'not_tried';
  if (result.delivery.message.probe && decision.outcome === 'held') return 'probe_failed';
  if (result.delivery.message.heal && decision.outcome === 'exhausted') return 'heal_failed';
  return decision.outcome ?? result.finding.kind.replace('-', '_');
}

/** Operators can mend this one by a setting; nobody else would notice. */
function isUnmapped(finding: Settled['result']['finding']): boolean {
  return finding.kind === 'not-carried' && finding.reason === NO_STATUS_CODE;
}

/** The reason is left to the delivery log: it may quote what a person typed into the subscription. */
function linesFields({ result, decision }: Settled, lane: Lane): LogFields {
  const { delivery, finding, answer } = result;
  const { event, replay, traceparent } = delivery.message;
  return {
    event_id: event.id,
    subscription_id: delivery.key.subscription,
    organization: delivery.key.organization,
    type: event.type,
    lane,
    attempt: delivery.attempt,
    attempts: MAX_ATTEMPTS,
    finding: finding.kind,
    ...(answer?.status === undefined ? {} : { status: answer.status }),
    ...(answer?.kind === 'error' ? { class: answer.class } : {}),
    ...(answer ? { duration_ms: Math.round(answer.timings.total) } : {}),
    then: decision.then.do,
    retry_at: decision.then.do === 'retry' ? new Date(decision.then.atMs).toISOString() : undefined,
    ...(replay === undefined ? {} : { replay_id: replay }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
