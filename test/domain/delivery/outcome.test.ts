import { describe, expect, it } from 'vitest';
import { decide } from '../../../lambdas/domain/delivery/outcome.ts';
import type { Consequence, Finding } from '../../../lambdas/domain/delivery/outcome.ts';
import type { Outcome } from '../../../lambdas/domain/delivery/attempt.ts';
import type { SuccessRule } from '../../../lambdas/domain/subscription/subscription.ts';

interface Row {
  what: string;
  finding: Finding;
  receive?: number;
  success?: SuccessRule;
  outcome: Outcome | undefined;
  reason?: string;
  then: Consequence;
}

const ack = { do: 'ack' } as const;
const retry = (seconds: number) => ({ do: 'retry', seconds }) as const;
const answered = (status: number, retryAfterSeconds?: number): Finding =>
  retryAfterSeconds === undefined ? { kind: 'answered', status } : { kind: 'answered', status, retryAfterSeconds };
const timeout: Finding = { kind: 'unanswered', reason: 'timeout after 10000 ms' };

/** The table of docs/design.md §10, with random = 0.5, where jitter changes nothing. */
const TABLE: Row[] = [
  { what: 'a 200', finding: answered(200), outcome: 'delivered', then: ack },
  { what: 'a 299', finding: answered(299), outcome: 'delivered', then: ack },
  { what: 'a 200 on the last receive', finding: answered(200), receive: 4, outcome: 'delivered', then: ack },
  { what: 'a 200 where only 200 counts', finding: answered(200), success: '200', outcome: 'delivered', then: ack },
  {
    what: 'a 204 where only 200 counts',
    finding: answered(204),
    success: '200',
    outcome: 'failed',
    reason: 'status 204: this subscription counts only 200 as delivered',
    then: retry(10),
  },
  { what: 'a 500', finding: answered(500), outcome: 'failed', reason: 'status 500', then: retry(10) },
  { what: 'a 404', finding: answered(404), outcome: 'failed', reason: 'status 404', then: retry(10) },
  {
    what: 'a redirect',
    finding: answered(302),
    outcome: 'failed',
    reason: 'status 302: redirects are not followed',
    then: retry(10),
  },
  { what: 'a 500 on receive 2', finding: answered(500), receive: 2, outcome: 'failed', then: retry(60) },
  { what: 'a 500 on receive 3', finding: answered(500), receive: 3, outcome: 'failed', then: retry(180) },
  { what: 'a 500 on receive 4', finding: answered(500), receive: 4, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'a 500 beyond receive 4', finding: answered(500), receive: 5, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'no answer', finding: timeout, outcome: 'failed', reason: 'timeout after 10000 ms', then: retry(10) },
  { what: 'no answer on receive 4', finding: timeout, receive: 4, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'Retry-After above the schedule', finding: answered(503, 120), outcome: 'failed', then: retry(120) },
  { what: 'Retry-After below the schedule', finding: answered(429, 5), outcome: 'failed', then: retry(10) },
  { what: 'Retry-After beyond 15 minutes', finding: answered(429, 86_400), outcome: 'failed', then: retry(900) },
  {
    what: 'Retry-After on receive 4',
    finding: answered(429, 60),
    receive: 4,
    outcome: 'exhausted',
    then: { do: 'exhaust' },
  },
  { what: 'a 410', finding: answered(410), outcome: 'gone', then: ack },
  { what: 'a 410 on receive 4', finding: answered(410), receive: 4, outcome: 'gone', then: ack },
  {
    what: 'a deleted subscription',
    finding: { kind: 'deleted' },
    outcome: 'cancelled',
    reason: 'the subscription was deleted',
    then: ack,
  },
  {
    what: 'an inactive subscription',
    finding: { kind: 'inactive' },
    outcome: 'cancelled',
    reason: 'the subscription is inactive',
    then: ack,
  },
  { what: 'an open circuit', finding: { kind: 'kept' }, outcome: 'held', then: ack },
  {
    what: 'a format that cannot carry it',
    finding: { kind: 'not-carried', reason: 'no v1 code' },
    outcome: 'skipped',
    reason: 'no v1 code',
    then: ack,
  },
  {
    what: 'an unreadable row',
    finding: { kind: 'unreadable', problem: 'url: must begin with https://.' },
    outcome: 'failed',
    reason: 'the subscription cannot be used: url: must begin with https://.',
    then: retry(10),
  },
  {
    what: 'an unreadable row on receive 4',
    finding: { kind: 'unreadable', problem: 'x' },
    receive: 4,
    outcome: 'exhausted',
    then: { do: 'exhaust' },
  },
  { what: 'a missing secret', finding: { kind: 'no-secret' }, outcome: 'failed', then: retry(10) },
  { what: 'too little time', finding: { kind: 'no-time' }, outcome: 'failed', then: retry(10) },
  { what: 'a fault of our own', finding: { kind: 'platform', reason: 'x' }, outcome: 'failed', then: retry(10) },
  { what: 'a success in the log', finding: { kind: 'delivered-before' }, outcome: undefined, then: ack },
  { what: 'a copy in the slow lane', finding: { kind: 'handed-over' }, outcome: undefined, then: ack },
];

describe('decide', () => {
  it.each(TABLE)('says $outcome and $then.do for $what', ({ finding, receive = 1, success, outcome, reason, then }) => {
    const decision = decide(finding, {
      receiveCount: receive,
      ...(success ? { success } : {}),
      delays: [10, 60, 180],
      random: 0.5,
    });
    expect(decision.outcome).toBe(outcome);
    expect(decision.then).toEqual(then);
    if (reason !== undefined) expect(decision.reason).toBe(reason);
  });
});
