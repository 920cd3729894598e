import { describe, expect, it } from 'vitest';
import {
  askedUntil,
  healthChange,
  isSlow,
  mayThrottle,
  shouldOpen,
  observe,
  admit,
  SLOW_LANE_MS,
} from '../../../lambdas/domain/endpoint/circuit.ts';
import type { Observation, Observed } from '../../../lambdas/domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../../lambdas/domain/endpoint/health.ts';

const NOW = 1_700_000_000_000;
const health = (more: Partial<EndpointHealth> = {}): EndpointHealth => ({
  subscription: 'sub_1',
  organization: 'org_1',
  failures: 0,
  ...more,
});
const ok: Observation = { success: true, answered: true, hung: false, durationMs: 100 };
const failed: Observation = { ...ok, success: false };
const refused: Observation = { success: false, answered: false, hung: false, durationMs: 3 };
const hung: Observation = { success: false, answered: false, hung: true, durationMs: 1000 };
const slow: Observation = { ...ok, durationMs: 2001 };
const see = (...all: Observation[]): Observed => all.reduce<Observed | undefined>(observe, undefined)!;

describe('a circuit', () => {
  const settings = { failures: 20, spanMs: 60_000 };

  it.each([
    { failures: 20, span: 60_000, opens: true },
    { failures: 19, span: 600_000, opens: false },
    { failures: 5000, span: 59_999, opens: false },
  ])('after $failures failures over $span ms opens: $opens', ({ failures, span, opens }) => {
    expect(shouldOpen(health({ failures, failing_since_ms: NOW - span }), settings, NOW) !== undefined).toBe(opens);
  });

  it('is not opened twice, but opens again while it releases', () => {
    const down = { failures: 20, failing_since_ms: NOW - 60_000 };
    expect(shouldOpen(health({ ...down, circuit: 'open' }), settings, NOW)).toBeUndefined();
    expect(shouldOpen(health({ ...down, circuit: 'releasing' }), settings, NOW)).toEqual({ failures: 20 });
  });

  it('does not open because a part of a release was too large for a second', () => {
    const failing = { failures: 200, failing_since_ms: NOW - 1000 };
    expect(shouldOpen(health({ ...failing, circuit: 'releasing' }), settings, NOW)).toBeUndefined();
  });

  it.each([
    { circuit: undefined, plain: 'send', released: 'send', probe: 'drop' },
    { circuit: 'open', plain: 'hold', released: 'hold', probe: 'send' },
    { circuit: 'throttled', plain: 'hold', released: 'hold', probe: 'drop' },
    { circuit: 'releasing', plain: 'hold', released: 'send', probe: 'drop' },
    { circuit: 'closing', plain: 'send', released: 'send', probe: 'drop' },
  ] as const)('$circuit: a delivery $plain, a released one $released, a probe $probe', (row) => {
    const down = health(row.circuit ? { circuit: row.circuit } : {});
    expect(admit(down, {})).toBe(row.plain);
    expect(admit(down, { released: true })).toBe(row.released);
    expect(admit(down, { probe: true })).toBe(row.probe);
  });

  it('holds what an earlier release let go behind what the present one does', () => {
    const down = health({ circuit: 'releasing', release_ms: NOW });
    expect(admit(down, { released: true }, NOW + 20)).toBe('send');
    expect(admit(down, { released: true }, NOW - 60_000)).toBe('hold');
    expect(admit(health({ circuit: 'closing', release_ms: NOW }), { released: true }, NOW - 60_000)).toBe('send');
  });

  it('turns to releasing when a request succeeds although it is open', () => {
    expect(healthChange(health({ failures: 30, circuit: 'open' }), see(ok), NOW)).toEqual({
      reset: true,
      add: 0,
      circuit: 'releasing',
    });
  });
});

describe('an endpoint that answers now and then', () => {
  const settings = { failures: 20, spanMs: 60_000 };

  it.each([
    { tries: 20, failed: 16, ageMs: 60_000, down: true },
    { tries: 20, failed: 15, ageMs: 60_000, down: false },
    { tries: 19, failed: 19, ageMs: 60_000, down: false },
    { tries: 500, failed: 490, ageMs: 59_999, down: false },
    { tries: 500, failed: 490, ageMs: 300_000, down: false },
  ])('is down when $failed of $tries tries since $ageMs ms failed: $down', ({ tries, failed, ageMs, down }) => {
    const row = health({ failures: 1, tally_ms: NOW - ageMs, tally_tries: tries, tally_failed: failed });
    expect(shouldOpen(row, settings, NOW)).toEqual(down ? { tally_ms: NOW - ageMs } : undefined);
  });

  it('is not opened by its share while held deliveries go out', () => {
    const row = { failures: 1, tally_ms: NOW - 60_000, tally_tries: 100, tally_failed: 100 };
    expect(shouldOpen(health({ ...row, circuit: 'releasing' }), settings, NOW)).toBeUndefined();
  });

  it('has its successes tallied while half of the tries failed, and its tally forgotten after 5 minutes', () => {
    const tallied = (more: Partial<EndpointHealth>) =>
      healthChange(health({ tally_ms: NOW - 1000, ...more }), see(ok), NOW);
    expect(tallied({ tally_tries: 8, tally_failed: 4 })).toMatchObject({ tally: { anew: false, tries: 1, failed: 0 } });
    expect(tallied({ tally_tries: 9, tally_failed: 4 })).toBeUndefined();
    const old = { tally_ms: NOW - 300_000, tally_tries: 8, tally_failed: 8 };
    expect(tallied(old)).toMatchObject({ tally: null });
    expect(healthChange(health(old), see(failed), NOW)).toMatchObject({ tally: { anew: true, tries: 1, failed: 1 } });
  });
});

describe('an endpoint that asks to wait', () => {
  it.each([
    { status: 429, seconds: 7, waitMs: 7000 },
    { status: 429, seconds: undefined, waitMs: 60_000 },
    { status: 503, seconds: 900, waitMs: 900_000 },
    { status: 429, seconds: 86_400, waitMs: 3_600_000 },
    { status: 429, seconds: 0, waitMs: 1000 },
    { status: 503, seconds: 0, waitMs: 1000 },
    { status: 503, seconds: undefined, waitMs: undefined },
    { status: 500, seconds: 7, waitMs: undefined },
  ])('by $status and Retry-After $seconds is left alone for $waitMs ms', ({ status, seconds, waitMs }) => {
    expect(askedUntil(status, seconds, NOW)).toBe(waitMs === undefined ? undefined : NOW + waitMs);
  });

  it('is believed for an hour without a success, and not while it is down', () => {
    expect(mayThrottle(undefined, NOW)).toBe(true);
    expect(mayThrottle(health({ failures: 9, failing_since_ms: NOW - 3_599_999 }), NOW)).toBe(true);
    expect(mayThrottle(health({ failures: 9, failing_since_ms: NOW - 3_600_000 }), NOW)).toBe(false);
    expect(mayThrottle(health({ failures: 9, circuit: 'open' }), NOW)).toBe(false);
  });

  it('is not down by the share of what it pushed back', () => {
    expect(see({ ...failed, askedUntilMs: NOW + 5 }, ok)).toMatchObject({ tries: 1, failed: 0, askedUntilMs: NOW + 5 });
  });

  it('is not opened while it is throttled', () => {
    const row = health({ failures: 99, failing_since_ms: NOW - 90_000, circuit: 'throttled' });
    expect(shouldOpen(row, settings, NOW)).toBeUndefined();
  });

  const settings = { failures: 20, spanMs: 60_000 };
});

describe('what a batch means for an endpoint', () => {
  it('is nothing for a healthy one', () => {
    expect(healthChange(undefined, see(ok, ok), NOW)).toBeUndefined();
  });

  it('adds its failures', () => {
    expect(healthChange(health({ failures: 3 }), see(failed, refused), NOW)).toEqual({ reset: false, add: 2 });
  });

  it('counts only failures after the last success', () => {
    expect(healthChange(health({ failures: 3 }), see(failed, ok, failed), NOW)).toEqual({
      reset: true,
      add: 1,
      tally: { anew: false, tries: 3, failed: 2 },
    });
    expect(healthChange(health({ failures: 3 }), see(failed, ok), NOW)).toEqual({
      reset: true,
      add: 0,
      tally: { anew: false, tries: 2, failed: 1 },
    });
    expect(healthChange(undefined, see(failed, ok), NOW)).toBeUndefined();
  });

  it.each([
    { what: 'a request that hung', observations: [hung], add: 1 },
    { what: 'an answer after more than 2 s', observations: [slow], add: 0 },
    { what: 'one slow answer among quick ones', observations: [ok, slow, ok], add: 0 },
  ])('sends it to the slow lane for $what', ({ observations, add }) => {
    expect(healthChange(undefined, see(...observations), NOW)).toEqual({
      reset: false,
      add,
      slow_until_ms: NOW + SLOW_LANE_MS,
    });
  });

  it('brings it back when it answers quickly, even with an error', () => {
    const before = health({ slow_until_ms: NOW + 1000 });
    expect(healthChange(before, see(ok), NOW)).toEqual({ reset: false, add: 0, slow_until_ms: null });
    expect(healthChange(before, see(failed), NOW)).toEqual({ reset: false, add: 1, slow_until_ms: null });
  });

  it('leaves it in the slow lane when it refuses connections', () => {
    expect(healthChange(health({ slow_until_ms: NOW + 1000 }), see(refused), NOW)).toEqual({ reset: false, add: 1 });
  });

  it('writes a slow one again only when half of its time is over', () => {
    const fresh = health({ slow_until_ms: NOW + SLOW_LANE_MS / 2 });
    const old = health({ slow_until_ms: NOW + SLOW_LANE_MS / 2 - 1 });
    expect(healthChange(fresh, see(slow), NOW)).toBeUndefined();
    expect(healthChange(old, see(slow), NOW)).toMatchObject({ slow_until_ms: NOW + SLOW_LANE_MS });
  });

  it('is slow until its time is over', () => {
    expect(isSlow(health({ slow_until_ms: NOW + 1 }), NOW)).toBe(true);
    expect(isSlow(health({ slow_until_ms: NOW }), NOW)).toBe(false);
    expect(isSlow(undefined, NOW)).toBe(false);
  });
});
