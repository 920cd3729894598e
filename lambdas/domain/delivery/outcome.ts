import type { Attempt, Outcome } from './attempt.ts';
import { MAX_ATTEMPTS } from '../limits.ts';
import { retryAt } from './retry-schedule.ts';
import type { RetryDelays, TryTimes } from './retry-schedule.ts';
import { comesBackIn } from './trouble.ts';
import type { SuccessRule } from '../subscription/subscription.ts';

/** What the sender found out about one delivery: an answer, a failure, or a reason not to try. */
export type Finding =
  | { kind: 'answered'; status: number; retryAfterSeconds?: number }
  /** No usable answer: timeout, DNS, TCP or TLS error, blocked address, a broken body. */
  | { kind: 'unanswered'; reason: string }
  /** The subscription's row cannot be used; `problem` says why. */
  | { kind: 'unreadable'; problem: string }
  /** `wrong`: what there is instead of one that can be used, to follow "got"; absent: none. */
  | { kind: 'no-secret'; wrong?: string }
  /** Too little of the function's time was left to make the request. */
  | { kind: 'no-time' }
  /**
   * Something of our own failed before the request: a read from a table, a write of a held delivery. Or, `wasSent`, after it:
   * the sender was too busy to wait for the answer.
   */
  | { kind: 'platform'; reason: string; wasSent?: true }
  /** The subscription's id belongs to another organization: nothing is sent, and nothing is written under that id. */
  | { kind: 'foreign' }
  /** Its organization or resource is purged: nothing is sent, and nothing is written. */
  | { kind: 'purged' }
  /** All tries were made before; the message came again because the dead-letter queue did not take it. */
  | { kind: 'spent' }
  /** Another copy of its message has been worked on since this one was queued, and goes on. */
  | { kind: 'superseded' }
  | { kind: 'deleted' }
  /**
   * Deleted, or something of our own failed, while nobody can tell whether its organization is purged: a line may be one that
   * nobody takes away again.
   */
  | { kind: 'unsure'; reason: string }
  | { kind: 'inactive' }
  /** Its endpoint's circuit lets nothing pass, and the delivery is kept in the table of held ones. */
  | { kind: 'kept'; why: string }
  /** Its customer fetches it: it waits in the table of held ones, and its line is written when it is acknowledged. */
  | { kind: 'in-feed' }
  | { kind: 'not-carried'; reason: string }
  /** The log says that this delivery has succeeded before. */
  | { kind: 'delivered-before' }
  /** A probe came when the circuit was no longer open; its delivery is among those held. */
  | { kind: 'probe-late' }
  /** A try of an exhausted delivery came while its endpoint takes nothing; it is made later. */
  | { kind: 'not-now' }
  /** Its endpoint has a ceiling and others' requests went first: what is done instead is found out then. */
  | { kind: 'no-turn' }
  /** The endpoint is slow and a copy of the message lies in the slow lane. */
  | { kind: 'handed-over' };

/**
 * What follows for the message.
 * - `retry`: tried again, at that time in milliseconds since the epoch.
 * - `exhaust`: all tries were made; a dead letter.
 * - `come-back`: worked on again so many seconds later, without having used up a try.
 * - `bury`: was in trouble of ours for too long; a dead letter marked `platform`.
 */
export type Consequence =
  | { do: 'ack' }
  | { do: 'retry'; atMs: number }
  | { do: 'exhaust' }
  | { do: 'come-back'; seconds: number }
  | { do: 'bury' };

export interface Decision {
  /** Absent: nothing happened that belongs into the delivery log. */
  outcome?: Outcome;
  /** For the log: why, in words an operator can act on. */
  reason?: string;
  fault?: Attempt['fault'];
  final?: Attempt['final'];
  then: Consequence;
}

export interface DecisionContext {
  /** Number of this try, from 1. */
  attempt: number;
  /** When it took place. */
  times: TryTimes;
  /** Since when a fault of ours keeps the delivery from being sent, milliseconds; undefined: not before now. */
  troubleMs?: number | undefined;
  /** Needed only when there was an answer. */
  success?: SuccessRule;
  delays: RetryDelays;
  /** It is a probe: its delivery stays held when it fails, so nothing is retried. */
  probe?: boolean;
  /** It is one more try of an exhausted delivery: there is a dead letter of it already, and recovery knows when the next is. */
  heal?: boolean;
  /** It only tries out the endpoint: once, and nobody needs a dead letter of it. */
  isTest?: boolean;
  /** Should this try fail too, the delivery was refused for good: the endpoint takes others. */
  isRefusedForGood?: boolean;
  /** From 0 up to 1, for the jitter. */
  random: number;
}

const ACK: Consequence = { do: 'ack' };
const EXHAUST: Consequence = { do: 'exhaust' };

/** The only place that turns a finding into an outcome and decides what happens to the message (docs/design.md §10). */
export function decide(finding: Finding, context: DecisionContext): Decision {
  switch (finding.kind) {
    case 'answered':
      return decideAnswer(finding, context);
    case 'unanswered':
      return failure(finding.reason, context);
    case 'platform':
      return ourFault(finding.reason, context, finding.wasSent ? 'not counted as a try' : undefined);
    case 'unreadable':
      return failure(`the subscription cannot be used: ${finding.problem}`, context);
    case 'no-secret':
      return ourFault(noSecret(finding.wrong), context);
    case 'unsure':
      return withoutLine(ourFault(finding.reason, context));
    case 'no-time':
      return ourFault('too little time was left in this invocation', context);
    case 'deleted':
      return { outcome: 'cancelled', reason: 'the subscription was deleted', then: ACK };
    case 'inactive':
      return { outcome: 'cancelled', reason: 'the subscription is inactive', then: ACK };
    case 'kept':
      return { outcome: 'held', reason: finding.why, then: ACK };
    case 'not-carried':
      return { outcome: 'skipped', reason: finding.reason, then: ACK };
    case 'spent':
      return { then: context.heal || context.isTest ? ACK : EXHAUST };
    case 'foreign':
    case 'in-feed':
    case 'purged':
    case 'delivered-before':
    case 'probe-late':
    case 'not-now':
    case 'superseded':
    case 'no-turn':
    case 'handed-over':
      return { then: ACK };
  }
}

/** Whether a status counts as delivered under a subscription's rule. */
export function isSuccess(status: number, rule: SuccessRule): boolean {
  return rule === '200' ? status === 200 : status >= 200 && status <= 299;
}

/** Whether a status refuses this particular delivery. 408 and 429 are about the moment, not about the delivery. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status <= 499 && status !== 408 && status !== 429;
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
  const { attempt, times, delays, random } = context;
  // `held`, because that is where the delivery stands; status and answer stand beside it.
  if (context.probe) return { outcome: 'held', reason: `${reason}; still down, the delivery stays held`, then: ACK };
  if (context.isTest)
    return { outcome: 'exhausted', reason: `${reason}; a test is tried once`, final: true, then: ACK };
  if (context.heal) return { outcome: 'exhausted', reason: `${reason}; tried again later by itself`, then: ACK };
  if (attempt >= MAX_ATTEMPTS) {
    if (!context.isRefusedForGood) return { outcome: 'exhausted', reason, then: EXHAUST };
    const forGood = `${reason}; refused again while the endpoint takes others: not tried again by itself`;
    return { outcome: 'exhausted', reason: forGood, final: true, then: EXHAUST };
  }
  const atMs = retryAt(delays, attempt, times, retryAfterSeconds, random);
  return { outcome: 'failed', reason, then: { do: 'retry', atMs } };
}

function noSecret(wrong: string | undefined): string {
  if (wrong === undefined) return 'the subscription has no signing secret';
  return `the subscription has no signing secret that can be used: expected whsec_ and base64 of 24 to 64 bytes, got ${wrong}`;
}

/** Comes back without a trace; only that it was given up stands in the log. */
function withoutLine(decision: Decision): Decision {
  const { outcome: _, ...traceless } = decision;
  return decision.then.do === 'come-back' ? traceless : decision;
}

/** What fails for a reason of ours is no try, and the log says whose fault it was. */
function ourFault(
  reason: string,
  { times, troubleMs = times.endedMs, probe, heal, random }: DecisionContext,
  what = 'not tried',
): Decision {
  const fault = 'platform';
  const because = `for a reason of the platform's own: ${reason}`;
  if (probe) return { outcome: 'held', fault, reason: `not probed, ${because}; the delivery stays held`, then: ACK };
  // Without a line: that it is exhausted has to stay its last word, by which recovery finds it for the next try.
  if (heal) return { fault, reason: `not tried again, ${because}`, then: ACK };
  const seconds = comesBackIn(times.endedMs - troubleMs, random);
  if (seconds === undefined) {
    return { outcome: 'exhausted', fault, reason: `given up after a day, ${because}`, then: { do: 'bury' } };
  }
  return { outcome: 'failed', fault, reason: `${what}, ${because}`, then: { do: 'come-back', seconds } };
}
