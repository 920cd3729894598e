import { describe, expect, it } from 'vitest';
import { countLine, sumOf, type CountedLine } from '../../../lambdas/domain/counts/counts.ts';
import { bucketOf, middleOf } from '../../../lambdas/domain/counts/histogram.ts';
import { summarize } from '../../../lambdas/domain/counts/summary.ts';
import { eventIdsAt } from '../../../lambdas/domain/ulid-time.ts';

const NOW = Date.parse('2026-01-31T09:15:00Z');
const aLine = (change: Partial<CountedLine> = {}): CountedLine => ({
  event_id: eventIdsAt(NOW).first,
  attempted_ms: NOW + 1000,
  outcome: 'delivered',
  status: 200,
  timings_ms: { total: 500 },
  request_bytes: 100,
  ...change,
});
const aFailure = (change: Partial<CountedLine> = {}) => aLine({ outcome: 'failed', status: 500, ...change });
const summaryOf = (...lines: CountedLine[]) => summarize(sumOf(lines.map(countLine)));
/** Members that are not 0. */
const filled = (numbers: object) => Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0));

describe('a delivery', () => {
  it('is counted once, with the line that ends it, and each of its tries as well', () => {
    const { deliveries, tries } = summaryOf(aFailure(), aFailure({ status: 404 }), aLine());

    expect(filled(deliveries)).toEqual({ delivered: 1 });
    expect(tries.total).toBe(3);
    expect(filled(tries.outcomes)).toEqual({ failed: 2, delivered: 1 });
    expect(filled(tries.statuses)).toEqual({ '5xx': 1, '4xx': 1, '2xx': 1 });
  });

  it.each([['exhausted'], ['gone']] as const)('that is %s ends with its last try', (outcome) => {
    const { deliveries, tries } = summaryOf(aFailure(), aFailure({ outcome }));

    expect(filled(deliveries)).toEqual({ [outcome]: 1 });
    expect(filled(tries.outcomes)).toEqual({ failed: 1, [outcome]: 1 });
  });

  it('that was fetched is delivered and late, with its bytes, and no try: nobody was called', () => {
    const fetched = aLine({ fetched_ms: NOW + 400, status: undefined, timings_ms: undefined });

    const { deliveries, tries, lateness_ms, bytes } = summaryOf(fetched);

    expect(filled(deliveries)).toEqual({ delivered: 1 });
    expect([tries.total, filled(tries.statuses)]).toEqual([0, {}]);
    expect([lateness_ms!.max, bytes]).toEqual([1000, 100]);
  });

  it.each([['cancelled'], ['skipped'], ['held']] as const)('that is %s was not tried', (outcome) => {
    const { deliveries, tries, duration_ms } = summaryOf(
      aLine({ outcome, status: undefined, timings_ms: undefined, request_bytes: undefined }),
    );

    expect(filled(deliveries)).toEqual({ [outcome]: 1 });
    expect(tries.total).toBe(0);
    expect(duration_ms).toBeNull();
  });

  it('that is exhausted and tried again by itself ended once, and is late when it is taken after all', () => {
    const { deliveries, tries, lateness_ms } = summaryOf(
      aFailure({ outcome: 'exhausted' }),
      aFailure({ outcome: 'exhausted', automatic: 0 }),
      aLine({ automatic: 1, replay: 'rpl_1', attempted_ms: NOW + 3_600_000 }),
    );

    expect(filled(deliveries)).toEqual({ exhausted: 1, delivered: 1 });
    expect(tries.total).toBe(3);
    expect(lateness_ms?.max).toBe(3_600_500);
  });

  it('stays held when its probe fails: a try, but not put aside again', () => {
    const { deliveries, tries } = summaryOf(aLine({ outcome: 'held', status: 503 }));

    expect(filled(deliveries)).toEqual({});
    expect(filled(tries.outcomes)).toEqual({ held: 1 });
    expect(filled(tries.statuses)).toEqual({ '5xx': 1 });
  });

  it('without an answer counts as a try of class none, and one with an odd status as other', () => {
    const { tries } = summaryOf(aFailure({ status: undefined }), aFailure({ status: 999 }));

    expect(filled(tries.statuses)).toEqual({ none: 1, other: 1 });
  });

  it('has the duration that its endpoint took: without what the sender was late itself', () => {
    const { duration_ms } = summaryOf(aLine({ timings_ms: { total: 2500, own_lag: 2000 } }));

    expect(duration_ms!.p99).toBe(middleOf(bucketOf(500)));
  });

  it('that used up a try without a request has no duration', () => {
    const { tries, duration_ms } = summaryOf(
      aFailure({ status: undefined, timings_ms: undefined, request_bytes: undefined }),
    );

    expect([tries.total, duration_ms]).toEqual([1, null]);
  });
});

describe("what fails for a reason of the platform's own", () => {
  it('is no try of the customer', () => {
    const { deliveries, tries, not_tried } = summaryOf(
      aFailure({ fault: 'platform', status: undefined }),
      aLine({ outcome: 'held', fault: 'platform', status: undefined }),
    );

    expect([filled(deliveries), tries.total, not_tried]).toEqual([{}, 0, 2]);
  });

  it('ends the delivery when it is given up', () => {
    const { deliveries, tries } = summaryOf(aLine({ outcome: 'exhausted', fault: 'platform', status: undefined }));

    expect([filled(deliveries), tries.total]).toEqual([{ exhausted: 1 }, 0]);
  });
});

describe('lateness', () => {
  it('runs from acceptance to the end of the try that delivered', () => {
    const lateness = summaryOf(aLine({ attempted_ms: NOW + 60_000, timings_ms: { total: 1500 } })).lateness_ms;

    const about = middleOf(bucketOf(61_500));
    expect(lateness).toEqual({ p50: about, p95: about, max: 61_500 });
  });

  it('is said of what was delivered alone, and not of what a person asked to have sent again', () => {
    expect(summaryOf(aFailure()).lateness_ms).toBeNull();
    expect(summaryOf(aLine({ replay: 'redeliver' })).lateness_ms).toBeNull();
    expect(summaryOf(aLine({ event_id: 'evt_by-hand' })).lateness_ms).toBeNull();
  });

  it('is never negative where two clocks differ', () => {
    expect(summaryOf(aLine({ attempted_ms: NOW - 5000 })).lateness_ms?.max).toBe(0);
  });

  it('has the longest of all as its max, exactly', () => {
    const lines = [1234, 98_765, 7].map((wait) => aLine({ attempted_ms: NOW + wait, timings_ms: { total: 0 } }));

    expect(summaryOf(...lines).lateness_ms?.max).toBe(98_765);
  });
});

describe('bytes', () => {
  it('are those of the bodies of all requests, whatever came of them', () => {
    expect(summaryOf(aLine(), aFailure({ request_bytes: 250 }), aLine({ request_bytes: undefined })).bytes).toBe(350);
  });
});
