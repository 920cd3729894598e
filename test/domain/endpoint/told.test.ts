import { describe, expect, it } from 'vitest';
import type { EndpointHealth, Told } from '../../../lambdas/domain/endpoint/health.ts';
import { exhaustedToTell, overOf, stateToTell } from '../../../lambdas/domain/endpoint/told.ts';

const NOW = Date.UTC(2026, 0, 31, 9, 15);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const health = (fields: Partial<EndpointHealth> = {}): EndpointHealth => ({
  subscription: 'sub_1',
  organization: 'org_1',
  failures: 0,
  ...fields,
});
const told = (state: Told['state'], agoMs: number, fromAgoMs = agoMs): Told => ({
  state,
  at_ms: NOW - agoMs,
  from_ms: NOW - fromAgoMs,
});

describe('the first that is told of an endpoint', () => {
  it.each([
    ['well', {}, undefined],
    ['two failures', { failures: 2, failing_since_ms: NOW - HOUR }, undefined],
    ['three within a minute', { failures: 3, failing_since_ms: NOW - MINUTE + 1 }, undefined],
    ['three over a minute', { failures: 3, failing_since_ms: NOW - MINUTE }, 'failing'],
    ['throttled', { circuit: 'throttled', throttled_until_ms: NOW + MINUTE }, 'throttled'],
    ['down', { circuit: 'open', opened_ms: NOW, failures: 20 }, 'down'],
    ['down, its subscription inactive', { circuit: 'open', deactivated_ms: NOW, failures: 20 }, undefined],
    ['paused', { circuit: 'paused', failures: 20, failing_since_ms: NOW - HOUR }, undefined],
    ['being released', { circuit: 'releasing', failures: 20, failing_since_ms: NOW - HOUR }, undefined],
  ] as const)('%s: %j → %s', (_, fields, state) => {
    expect(stateToTell(health(fields), NOW)?.state).toBe(state);
  });

  it('says since when, and until when', () => {
    const down = health({ circuit: 'open', opened_ms: NOW - MINUTE });
    const throttled = health({ circuit: 'throttled', throttled_until_ms: NOW + MINUTE });

    expect(stateToTell(down, NOW)?.due).toEqual({ facts: { since: '2026-01-31T09:14:00.000Z' } });
    expect(stateToTell(throttled, NOW)?.due).toEqual({ facts: { until: '2026-01-31T09:16:00.000Z' } });
  });
});

describe('what is told after that', () => {
  it.each([
    ['failing', { circuit: 'open' }, 'down'],
    ['failing', { circuit: 'throttled' }, 'throttled'],
    ['throttled', { circuit: 'open' }, 'down'],
    ['down', { circuit: 'open' }, undefined],
    ['down', { circuit: 'throttled' }, undefined],
    ['down', { failures: 5, failing_since_ms: 0 }, undefined],
    ['down', { failures: 1 }, undefined],
    ['failing', {}, 'recovered'],
    ['throttled', {}, 'recovered'],
    ['down', {}, 'recovered'],
    ['down', { circuit: 'releasing' }, undefined],
    ['down', { circuit: 'closing' }, 'recovered'],
    ['down', { circuit: 'closing', failures: 1 }, undefined],
    ['throttled', { circuit: 'closing', renewed_ms: NOW - 1 }, undefined],
  ] as const)('after %s, now %j: %s', (before, fields, state) => {
    const row = health({ ...fields, told: told(before, MINUTE) });

    expect(stateToTell(row, NOW)?.state).toBe(state);
  });

  it('names the beginning of the trouble when it is over', () => {
    const row = health({ told: told('down', MINUTE, HOUR) });

    expect(stateToTell(row, NOW)).toMatchObject({
      from_ms: NOW - HOUR,
      due: { facts: { since: '2026-01-31T08:15:00.000Z' } },
    });
  });

  it('of a trouble within the hour after another began is nothing; when the hour is over it is told', () => {
    const row = health({ circuit: 'open', told: told('recovered', MINUTE, HOUR - 1) });

    expect(stateToTell(row, NOW)).toBeUndefined();
    expect(stateToTell(row, NOW + 1)).toMatchObject({ state: 'down', from_ms: NOW + 1 });
  });

  it('is what was claimed and may not be queued, whatever became of the endpoint', () => {
    const claimed: Told = { ...told('down', MINUTE), due: { facts: { since: 'then' } } };

    expect(stateToTell(health({ told: claimed }), NOW)).toBe(claimed);
  });
});

describe('exhausted deliveries', () => {
  it('are told with their number, once an hour', () => {
    const row = health({ untold_exhausted: 3, untold_from_ms: NOW - MINUTE });

    expect(exhaustedToTell(row, NOW)).toEqual({
      at_ms: NOW,
      due: { facts: { count: 3, since: '2026-01-31T09:14:00.000Z' } },
    });
    expect(exhaustedToTell({ ...row, told_exhausted: { at_ms: NOW - HOUR + 1 } }, NOW)).toBeUndefined();
    expect(exhaustedToTell({ ...row, told_exhausted: { at_ms: NOW - HOUR } }, NOW)).toBeDefined();
    expect(exhaustedToTell(health(), NOW)).toBeUndefined();
  });
});

describe('what was told', () => {
  it('is forgotten an hour later, but not while a trouble lasts or something is still to be queued', () => {
    const over = { told: told('recovered', MINUTE, HOUR), told_exhausted: { at_ms: NOW - HOUR } };
    const due = { facts: {} };

    expect(overOf(health(over), NOW)).toEqual(['told', 'told_exhausted']);
    expect(overOf(health(over), NOW - 1)).toEqual([]);
    expect(overOf(health({ told: told('down', HOUR) }), NOW)).toEqual([]);
    expect(overOf(health({ told: { ...over.told, due }, told_exhausted: { at_ms: 0, due } }), NOW)).toEqual([]);
  });
});
