// Durations and waits from a millisecond to weeks, as counts by bucket: each bucket ends a quarter of an octave after the
// one before, so a percentile is told within 10 % with some twenty numbers in a row, however many values there were.
// Histograms of several rows add up, which percentiles do not.

/** Buckets in which the value doubles. */
const PER_OCTAVE = 4;

/** Bucket of a value: 0 up to 1 ms, then each a fourth root of 2 further. @param ms at least 0. */
export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(PER_OCTAVE * Math.log2(ms));
}

/** The value in the middle of a bucket, in whole milliseconds: before rounding at most 10 % from any value of the bucket. */
export function middleOf(bucket: number): number {
  return bucket === 0 ? 1 : Math.round(2 ** ((bucket - 0.5) / PER_OCTAVE));
}

/**
 * The value below which this part of all values lies, in whole milliseconds, within 10 %.
 * @param counts values by bucket.
 * @param part from 0 to 1: 0.95 for p95.
 * @returns undefined when there are no values.
 */
export function percentile(counts: ReadonlyMap<number, number>, part: number): number | undefined {
  const buckets = [...counts].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, n]) => sum + n, 0);
  let seen = 0;
  for (const [bucket, n] of buckets) {
    seen += n;
    if (seen >= part * total) return middleOf(bucket);
  }
  return undefined;
}
