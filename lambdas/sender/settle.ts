import { isTest } from '../domain/event.ts';
import { attemptId } from '../domain/delivery/attempt.ts';
import type { Attempt } from '../domain/delivery/attempt.ts';
import { decide } from '../domain/delivery/outcome.ts';
import type { Decision } from '../domain/delivery/outcome.ts';
import { isRefusedForGood } from '../domain/endpoint/healing.ts';
import type { SenderDeps } from './ports.ts';
import type { Result } from './send.ts';

/** A result and what follows from it. */
export interface Settled {
  result: Result;
  decision: Decision;
  /** Its line in the delivery log, if it has one. */
  attempt?: Attempt;
}

/**
 * Characters of the reason and of the URL in a line. Both may quote what a person typed into the row, up to 400 KB of it, and
 * a line that no item can hold would be missing. No URL that anything is sent to is longer.
 */
const LONGEST_TEXT = 2048;

/** Decides what follows from a result and prepares its line for the delivery log. */
export function settle(
  result: Result,
  { settings, random, newUlid, now }: Pick<SenderDeps, 'settings' | 'random' | 'newUlid' | 'now'>,
): Settled {
  const { delivery, subscription, finding } = result;
  const endedMs = now();
  const decision = decide(finding, {
    attempt: delivery.attempt,
    times: { firstMs: delivery.triedMs, beganMs: result.atMs, endedMs },
    troubleMs: delivery.troubleMs,
    ...(subscription ? { success: subscription.success } : {}),
    delays: settings.delays,
    probe: delivery.message.probe === true,
    heal: delivery.message.heal === true,
    isTest: isTest(delivery.message.event),
    isRefusedForGood: isLastRefusal(result),
    random: random(),
  });
  if (decision.outcome === undefined) return { result, decision };
  const attempt = toAttempt(result, decision as Decision & Pick<Attempt, 'outcome'>, result.ulid ?? newUlid());
  const { then } = decision;
  if (then.do === 'retry') attempt.next_attempt_ms = then.atMs;
  if (then.do === 'come-back') attempt.next_attempt_ms = endedMs + then.seconds * 1000;
  return { result, decision, attempt };
}

/** Only what the platform has sent again by itself was refused before. */
function isLastRefusal({ delivery: { message, firstMs }, target }: Result): boolean {
  const { automatic, heal } = message;
  return automatic !== undefined && heal !== true && isRefusedForGood(automatic, firstMs, target?.health);
}

function toAttempt(
  { delivery, subscription, url, atMs, requestHeaders, requestBytes, answer }: Result,
  { outcome, reason, fault, final }: Decision & Pick<Attempt, 'outcome'>,
  ulid: string,
): Attempt {
  const { message, key } = delivery;
  const { event, replay } = message;
  const attempt: Attempt = {
    id: attemptId(ulid, event.id, key.subscription),
    event_id: event.id,
    subscription_id: key.subscription,
    organization: key.organization,
    type: event.type,
    attempt: delivery.attempt,
    attempted_ms: atMs,
    outcome,
    url: url.slice(0, LONGEST_TEXT),
    format: message.format,
  };
  // Absent rather than empty: the log is paid for by its bytes.
  if (subscription?.account !== undefined) attempt.account = subscription.account;
  if (event.resource_id) attempt.resource_id = event.resource_id;
  if (reason !== undefined) attempt.reason = reason.slice(0, LONGEST_TEXT);
  if (fault !== undefined) attempt.fault = fault;
  if (requestHeaders) attempt.request_headers = requestHeaders;
  if (requestBytes !== undefined) attempt.request_bytes = requestBytes;
  if (answer?.status !== undefined) attempt.status = answer.status;
  if (answer) attempt.timings_ms = answer.timings;
  if (answer?.kind === 'response') {
    if (Object.keys(answer.headers).length > 0) attempt.response_headers = answer.headers;
    if (answer.body !== '') attempt.response_body = answer.body;
    if (answer.truncated) attempt.response_truncated = true;
  }
  if (replay !== undefined) attempt.replay = replay;
  if (event.sample) attempt.sample = true;
  if (message.automatic !== undefined) attempt.automatic = message.automatic;
  if (final) attempt.final = true;
  return attempt;
}
