import { describe, expect, it } from 'vitest';
import { decide } from '../../../lambdas/domain/delivery/outcome.ts';
import type { Consequence, Finding } from '../../../lambdas/domain/delivery/outcome.ts';
import type { Outcome } from '../../../lambdas/domain/delivery/attempt.ts';
import type { SuccessRule } from '../../../lambdas/domain/subscription/subscription.ts';

interface Row {
  what: string;
  finding: Finding;
  attempt?: number;
  success?: SuccessRule;
  /** Since when it has been in trouble for a reason of ours. */
  troubleMs?: number;
  probe?: true;
  outcome: Outcome | undefined;
  reason?: string;
  fault?: 'platform';
  then: Consequence;
}

const ack = { do: 'ack' } as const;
/** The try began and ended at the same time, a day after 1970. */
const NOW = 86_400_000;
const retry = (seconds: number) => ({ do: 'retry', atMs: NOW + seconds * 1000 }) as const;
const comeBack = (seconds: number) => ({ do: 'come-back', seconds }) as const;
const answered = (status: number, retryAfterSeconds?: number): Finding =>
  retryAfterSeconds === undefined ? { kind: 'answered', status } : { kind: 'answered', status, retryAfterSeconds };
const OURS: Finding = { kind: 'platform', reason: 'x' };
const UNSURE: Finding = { kind: 'unsure', reason: 'x' };
const timeout: Finding = { kind: 'unanswered', reason: 'timeout after 10000 ms' };

/** The table of docs/design.md §10, with random = 0.5, where jitter changes nothing. */
const TABLE: Row[] = [
  { what: 'a 200', finding: answered(200), outcome: 'delivered', then: ack },
  { what: 'a 299', finding: answered(299), outcome: 'delivered', then: ack },
  { what: 'a 200 at the last try', finding: answered(200), attempt: 4, outcome: 'delivered', then: ack },
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
  { what: 'a 500 at try 2', finding: answered(500), attempt: 2, outcome: 'failed', then: retry(60) },
  { what: 'a 500 at try 3', finding: answered(500), attempt: 3, outcome: 'failed', then: retry(180) },
  { what: 'a 500 at try 4', finding: answered(500), attempt: 4, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'a 500 beyond try 4', finding: answered(500), attempt: 5, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'no answer', finding: timeout, outcome: 'failed', reason: 'timeout after 10000 ms', then: retry(10) },
  { what: 'no answer at try 4', finding: timeout, attempt: 4, outcome: 'exhausted', then: { do: 'exhaust' } },
  { what: 'Retry-After above the schedule', finding: answered(503, 120), outcome: 'failed', then: retry(132) },
  { what: 'Retry-After below the schedule', finding: answered(429, 5), outcome: 'failed', then: retry(10) },
  { what: 'Retry-After beyond 15 minutes', finding: answered(429, 86_400), outcome: 'failed', then: retry(990) },
  {
    what: 'Retry-After at try 4',
    finding: answered(429, 60),
    attempt: 4,
    outcome: 'exhausted',
    then: { do: 'exhaust' },
  },
  { what: 'a 410', finding: answered(410), outcome: 'gone', then: ack },
  { what: 'a 410 at try 4', finding: answered(410), attempt: 4, outcome: 'gone', then: ack },
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
  { what: 'an open circuit', finding: { kind: 'kept', why: 'the endpoint is down' }, outcome: 'held', then: ack },
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
    what: 'an unreadable row at try 4',
    finding: { kind: 'unreadable', problem: 'x' },
    attempt: 4,
    outcome: 'exhausted',
    then: { do: 'exhaust' },
  },
  {
    what: 'a missing secret',
    finding: { kind: 'no-secret' },
    outcome: 'failed',
    fault: 'platform',
    reason: "not tried, for a reason of the platform's own: the subscription has no signing secret",
    then: comeBack(33),
  },
  { what: 'too little time', finding: { kind: 'no-time' }, outcome: 'failed', fault: 'platform', then: comeBack(33) },
  { what: 'a fault of our own', finding: OURS, outcome: 'failed', fault: 'platform', then: comeBack(33) },
  {
    what: 'a fault of our own at the last try',
    finding: OURS,
    attempt: 4,
    outcome: 'failed',
    fault: 'platform',
    then: comeBack(33),
  },
  {
    what: 'a fault of our own that has lasted for 20 minutes',
    finding: OURS,
    troubleMs: NOW - 20 * 60_000,
    outcome: 'failed',
    fault: 'platform',
    then: comeBack(660),
  },
  {
    what: 'a fault of our own that has lasted for a day',
    finding: OURS,
    troubleMs: 0,
    outcome: 'exhausted',
    fault: 'platform',
    reason: "given up after a day, for a reason of the platform's own: x",
    then: { do: 'bury' },
  },
  {
    what: 'a fault of our own when an endpoint is probed',
    finding: OURS,
    troubleMs: 0,
    probe: true,
    outcome: 'held',
    fault: 'platform',
    then: ack,
  },
  {
    what: 'one of whom it cannot be told whether they are purged',
    finding: UNSURE,
    outcome: undefined,
    fault: 'platform',
    then: comeBack(33),
  },
  {
    what: 'one of whom it could not be told for a day',
    finding: UNSURE,
    troubleMs: 0,
    outcome: 'exhausted',
    fault: 'platform',
    then: { do: 'bury' },
  },
  { what: 'tries that were all made before', finding: { kind: 'spent' }, outcome: undefined, then: { do: 'exhaust' } },
  { what: 'a success in the log', finding: { kind: 'delivered-before' }, outcome: undefined, then: ack },
  { what: 'a copy in the slow lane', finding: { kind: 'handed-over' }, outcome: undefined, then: ack },
];

describe('decide', () => {
  it.each(TABLE)('says $outcome and $then.do for $what', (row) => {
    const { finding, attempt = 1, success, troubleMs, probe, outcome, reason, fault, then } = row;
    const decision = decide(finding, {
      attempt,
      times: { firstMs: NOW, beganMs: NOW, endedMs: NOW },
      troubleMs,
      ...(success ? { success } : {}),
      ...(probe ? { probe } : {}),
      delays: [10, 60, 180],
      random: 0.5,
    });
    expect(decision.outcome).toBe(outcome);
    expect(decision.fault).toBe(fault);
    expect(decision.then).toEqual(then);
    if (reason !== undefined) expect(decision.reason).toBe(reason);
  });
});
