import { describe, expect, it } from 'vitest';
import type { Customers, Seen } from './customers.ts';
import type { Line } from './log.ts';
import { assertHeard, judge } from './verdict.ts';

const TYPE = 'visit.updated';

/** The verdict on one delivery to an endpoint that answers well. */
function verdictOn(lines: Line[], seen: Partial<Seen>, dead = false) {
  const path = '/proof_a/well';
  const customers = {
    seen: new Map([[`${path} evt_1`, { body: 'hash', requests: 1, accepted: 0, duplicates: 0, ...seen }]]),
    wrong: [] as string[],
  } as Customers;
  return judge({
    accepted: [{ id: 'evt_1', organization: 'proof_a', type: TYPE }],
    subscriptions: [{ id: 'sub_1', organization: 'proof_a', manner: 'well', path }],
    customers,
    log: new Map([['sub_1', new Map([['evt_1', lines]])]]),
    exhausted: new Set(dead ? ['evt_1 sub_1'] : []),
  });
}

const line = (attempt: number, outcome: Line['outcome'], more: Partial<Line> = {}): Line => ({
  attempt,
  outcome,
  attemptedMs: attempt,
  ...more,
});

describe('the verdict on a delivery', () => {
  it('is good when log and customer agree', () => {
    const verdict = verdictOn([line(1, 'failed', { status: 503 }), line(2, 'delivered')], { accepted: 1 });

    expect(verdict).toMatchObject({ deliveries: 1, unheard: 0, violations: [] });
  });

  it('counts an acceptance that came after the deadline, and no other disagreement', () => {
    const late = verdictOn([line(4, 'exhausted', { reason: 'timeout after 10000 ms' })], { accepted: 1 }, true);
    const wrong = verdictOn([line(4, 'exhausted', { status: 503 })], { accepted: 1 }, true);
    const untrue = verdictOn([line(1, 'delivered')], { accepted: 0 }, true);

    expect(late).toMatchObject({ unheard: 1, violations: [] });
    for (const { unheard, violations } of [wrong, untrue]) {
      expect(unheard).toBe(0);
      expect(violations[0]).toContain('the log and the customer disagree on success');
    }
    expect(() => assertHeard({ ...late, deliveries: 1000 })).not.toThrow();
    expect(() => assertHeard({ ...late, unheard: 2, deliveries: 1000 })).toThrow('2 answers came after the deadline');
  });

  it('is bad when nobody has it, or nobody wrote it down', () => {
    expect(verdictOn([line(1, 'failed')], {})).toMatchObject({ lost: 1 });
    expect(verdictOn([], { accepted: 1 })).toMatchObject({ unlogged: 1 });
  });
});
