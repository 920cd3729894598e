import { describe, expect, it } from 'vitest';
import type { Statistics } from '../../src/api/types.ts';
import { queryOf, spanOf } from '../../src/pages/overview/spans.ts';
import { bucketsOf, numbersOf, percent } from '../../src/pages/overview/statistics.ts';

const SINCE = '2026-11-29T08:00:00.000Z';

const aSummary = (delivered: number, failed: number): Statistics['total'] => ({
  deliveries: { delivered, exhausted: 1, gone: 0, cancelled: 5, skipped: 2, held: 3 },
  tries: {
    total: delivered + failed,
    outcomes: { delivered, failed, exhausted: 0, gone: 0, held: 0 },
    statuses: { '2xx': delivered, '3xx': 0, '4xx': 0, '5xx': failed, other: 0, none: 0 },
  },
  not_tried: 0,
  duration_ms: { p50: 10, p95: 20, p99: 30 },
  lateness_ms: null,
  bytes: 100,
});

const someStatistics = (fields: Partial<Statistics> = {}): Statistics => ({
  since: SINCE,
  until: '2026-11-29T11:00:00.000Z',
  step: 'hour',
  total: aSummary(9, 3),
  data: [{ ...aSummary(9, 3), from: '2026-11-29T09:00:00.000Z' }],
  ...fields,
});

describe('counted numbers', () => {
  it('say how many deliveries arrived of those that their endpoints decided, and how many tries succeeded', () => {
    const numbers = numbersOf(aSummary(9, 3));

    expect(numbers).toMatchObject({ ended: 10, deliveredShare: 0.9, tries: 12, succeededShare: 0.75, held: 3 });
  });

  it('say nothing of a share where nothing happened', () => {
    const none = { ...aSummary(0, 0), deliveries: { ...aSummary(0, 0).deliveries, exhausted: 0 } };

    expect([numbersOf(none).deliveredShare, numbersOf(none).succeededShare]).toEqual([undefined, undefined]);
    expect(percent(undefined)).toBe('–');
  });

  it('have a column for each step, also for those in which nothing happened', () => {
    const buckets = bucketsOf(someStatistics());

    expect(buckets.map(({ start, succeeded, failed, p95 }) => [start.toISOString(), succeeded, failed, p95])).toEqual([
      ['2026-11-29T08:00:00.000Z', 0, 0, undefined],
      ['2026-11-29T09:00:00.000Z', 9, 3, 20],
      ['2026-11-29T10:00:00.000Z', 0, 0, undefined],
    ]);
  });

  it('are never rounded up to all', () => {
    expect([percent(0.9999), percent(1), percent(0)]).toEqual(['99.9 %', '100.0 %', '0.0 %']);
  });
});

describe('the time that is counted', () => {
  it('is the last 24 hours unless another one is named', () => {
    const now = Date.parse('2026-11-29T20:30:00.000Z');

    expect([spanOf(undefined).id, spanOf('5').id, spanOf('720').id]).toEqual(['24', '24', '720']);
    expect(queryOf(spanOf('24'), now)).toEqual({ step: 'hour', since: '2026-11-28T21:30:00.000Z' });
    expect(queryOf(spanOf('168'), now)).toEqual({ step: 'day', since: '2026-11-23T20:30:00.000Z' });
  });
});
