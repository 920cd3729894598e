import { describe, expect, it } from 'vitest';
import { bucketOf, middleOf, percentile } from '../../../lambdas/domain/counts/histogram.ts';

describe('a histogram', () => {
  it('tells every value from a millisecond to five days within 10 %, rounded to a millisecond', () => {
    for (let ms = 1; ms < 5 * 86_400_000; ms = Math.ceil(ms * 1.03)) {
      expect(Math.abs(middleOf(bucketOf(ms)) - ms), `${ms} ms`).toBeLessThanOrEqual(ms * 0.1 + 0.5);
    }
  });

  it('puts greater values into no lower bucket, and what took no time into the first', () => {
    const buckets = Array.from({ length: 10_000 }, (_, ms) => bucketOf(ms));

    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(0.4)).toBe(0);
  });

  it('has no percentiles without values', () => {
    expect(percentile(new Map(), 0.5)).toBeUndefined();
  });

  it.each([
    [0.5, 10],
    [0.9, 10],
    [0.91, 1000],
    [0.99, 1000],
    [1, 1000],
  ])('of 90 quick and 10 slow values has a p%d of about %d ms', (part, expected) => {
    const counts = new Map([
      [bucketOf(1000), 10],
      [bucketOf(10), 90],
    ]);

    expect(percentile(counts, part)).toBe(middleOf(bucketOf(expected)));
  });
});
