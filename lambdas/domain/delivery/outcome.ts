import type { Outcome } from './attempt.ts';
import { MAX_ATTEMPTS, retryDelay } from './retry-schedule.ts';
import type { RetryDelays } from './retry-schedule.ts';
import type { SuccessRule } from '../subscription/subscription.ts';

/** What the sender found out about one delivery: an answer, a failure, or a reason not to try. */
export type Finding =
  | { kind: 'answered'; status: number; retryAfterSeconds?: number }
  /** No usable answer: timeout, DNS, TCP or TLS error, blocked address, a broken body. */
  | { kind: 'unanswered'; reason: string }
  /** The subscription's row cannot be used; `problem` says why. */
  | { kind: 'unreadable'; problem: string }
  | { kind: 'no-secret' }
  /** Too little of the function's time was left to make the request. */
  | { kind: 'no-time' }
  /** Something of our own failed before the request: a read from a table, a write of a held delivery. */
  | { kind: 'platform'; reason: string }
  /** The subscription's id belongs to another organization: nothing is sent, and nothing is written under that id. */
  | { kind: 'foreign' }
  | { kind: 'deleted' }
  | { kind: 'inactive' }
  /** The circuit is open and the delivery is kept in the table of held ones. */
  | { kind: 'kept' }
  | { kind: 'not-carried'; reason: string }
  /** The log says that this delivery has succeeded before. */
  | { kind: 'delivered-before' }
  /** A probe came when the circuit was no longer open; its delivery is among those held. */
  | { kind: 'probe-late' }
  /** The endpoint is slow and a copy of the message lies in the slow lane. */
  | { kind: 'handed-over' };

/** What follows for the message. `exhaust`: given back at once, so that the redrive policy moves it away. */
export type Consequence = { do: 'ack' } | { do: 'retry'; seconds: number } | { do: 'exhaust' };

export interface Decision {
  /** Absent: nothing happened that belongs into the delivery log. */
  outcome?: Outcome;
  /** For the log: why, in words an operator can act on. */
  reason?: string;
  then: Consequence;
}

export interface DecisionContext {
  /** How often SQS has handed out this message: the number of the attempt, from 1. */
  receiveCount: number;
  /** Needed only when there was an answer. */
  success?: SuccessRule;
  delays: RetryDelays;
  /** It is a probe: its delivery stays held when it fails, so nothing is retried. */
  probe?: boolean;
  /** From 0 up to 1, for the jitter. */
  random: number;
}

const ACK: Consequence = { do: 'ack' };
const EXHAUST: Consequence = { do: 'exhaust' };

/** The one place that turns what was found into an outcome and into what happens to the message (docs/design.md §10). */
export function decide(finding: Finding, context: DecisionContext): Decision {
  switch (finding.kind) {
    case 'answered':
      return decideAnswer(finding, context);
    case 'unanswered':
    case 'platform':
      return failure(finding.reason, context);
    case 'unreadable':
      return failure(`the subscription cannot be used: ${finding.problem}`, context);
    case 'no-secret':
      return failure('the subscription has no signing secret', context);
    case 'no-time':
      return failure('no request was made: too little time was left in this invocation', context);
    case 'deleted':
      return { outcome: 'cancelled', reason: 'the subscription was deleted', then: ACK };
    case 'inactive':
      return { outcome: 'cancelled', reason: 'the subscription is inactive', then: ACK };
    case 'kept':
      return { outcome: 'held', reason: 'the endpoint is down; sent when it recovers', then: ACK };
    case 'not-carried':
      return { outcome: 'skipped', reason: finding.reason, then: ACK };
    case 'foreign':
    case 'delivered-before':
    case 'probe-late':
    case 'handed-over':
      return { then: ACK };
  }
}

/** Whether a status counts as delivered under a subscription's rule. */
export function isSuccess(status: number, rule: SuccessRule): boolean {
  return rule === '200' ? status === 200 : status >= 200 && status <= 299;
}

function decideAnswer(
  { status, retryAfterSeconds }: { status: number; retryAfterSeconds?: number },
  context: DecisionContext,
): Decision {
  const rule = context.success ?? '2xx';
  if (isSuccess(status, rule)) return { outcome: 'delivered', then: ACK };
  if (status === 410) {
    return { outcome: 'gone', reason: 'status 410: the endpoint wants no more; subscription deactivated', then: ACK };
  }
  return failure(statusReason(status, rule), context, retryAfterSeconds);
}

function statusReason(status: number, rule: SuccessRule): string {
  if (status >= 300 && status <= 399) return `status ${status}: redirects are not followed`;
  return rule === '200' && isSuccess(status, '2xx')
    ? `status ${status}: this subscription counts only 200 as delivered`
    : `status ${status}`;
}

function failure(reason: string, context: DecisionContext, retryAfterSeconds?: number): Decision {
  const { receiveCount, delays, random } = context;
  // `held`, because that is where the delivery stands; status and answer stand beside it.
  if (context.probe) return { outcome: 'held', reason: `${reason}; still down, the delivery stays held`, then: ACK };
  if (receiveCount >= MAX_ATTEMPTS) return { outcome: 'exhausted', reason, then: EXHAUST };
  return {
    outcome: 'failed',
    reason,
    then: { do: 'retry', seconds: retryDelay(delays, receiveCount, retryAfterSeconds, random) },
  };
}
