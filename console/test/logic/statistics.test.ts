import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/api/types.ts';
import { statisticsOf } from '../../src/pages/overview/statistics.ts';

const START = Date.UTC(2026, 0, 31);
const HOUR = 3_600_000;

const attempt = (hour: number, outcome: Attempt['outcome'], more: Partial<Attempt> = {}): Attempt => ({
  id: `att_${hour}`,
  event_id: 'evt_1',
  subscription_id: 'sub_1',
  organization: 'org_1',
  type: 'visit.ended',
  attempt: 1,
  attempted_at: new Date(START + hour * HOUR).toISOString(),
  outcome,
  url: 'https://customer.example/',
  format: 'standard',
  ...more,
});

describe('the overview’s numbers', () => {
  it('count tries that were sent, by the hour', () => {
    const { sent, successRate, retries, held, buckets } = statisticsOf(
      [
        attempt(0.5, 'delivered'),
        attempt(0.6, 'failed'),
        attempt(1.5, 'delivered', { attempt: 2 }),
        attempt(23.9, 'exhausted', { attempt: 4 }),
        attempt(2, 'held'),
        attempt(3, 'skipped'),
        attempt(3, 'cancelled'),
      ],
      START,
      START + 24 * HOUR,
    );

    expect({ sent, successRate, retries, held }).toEqual({ sent: 4, successRate: 0.5, retries: 2, held: 1 });
    expect(buckets[0]).toMatchObject({ delivered: 1, failed: 1, retries: 0, held: 0 });
    expect(buckets[1]).toMatchObject({ delivered: 1, failed: 0, retries: 1 });
    expect(buckets[2]).toMatchObject({ delivered: 0, failed: 0, held: 1 });
    expect(buckets[23]).toMatchObject({ delivered: 0, failed: 1 });
  });

  it('take percentiles by nearest rank', () => {
    const all = Array.from({ length: 100 }, (_, i) => attempt(1, 'delivered', { timings_ms: { total: 100 - i } }));

    expect(statisticsOf(all, START, START + HOUR)).toMatchObject({ p50: 50, p95: 95, p99: 99 });
  });

  it('say nothing where nothing happened', () => {
    const { successRate, p50, buckets } = statisticsOf([], START, START + HOUR);

    expect([successRate, p50]).toEqual([undefined, undefined]);
    expect(buckets).toHaveLength(24);
  });
});
