import type { Bucket } from '../overview/statistics.ts';

const HEIGHT = 32;
const WIDTH = 10;

/** Tries over time, as small bars: what succeeded, and on top of it what did not. */
export function Sparkline({ buckets }: { buckets: readonly Bucket[] }) {
  const most = Math.max(1, ...buckets.map(({ succeeded, failed }) => succeeded + failed));
  const scale = HEIGHT / most;
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  const succeeded = buckets.reduce((sum, bucket) => sum + bucket.succeeded, 0);
  return (
    <svg
      className="sparkline"
      role="img"
      aria-label={`Tries over time: ${succeeded} succeeded, ${failed} failed`}
      viewBox={`0 0 ${buckets.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {buckets.map((bucket, at) => (
        <g key={bucket.start.getTime()}>
          <rect
            className="good"
            x={at * WIDTH}
            width={WIDTH - 1}
            y={HEIGHT - bucket.succeeded * scale}
            height={bucket.succeeded * scale}
          />
          <rect
            className="bad"
            x={at * WIDTH}
            width={WIDTH - 1}
            y={HEIGHT - (bucket.succeeded + bucket.failed) * scale}
            height={bucket.failed * scale}
          />
        </g>
      ))}
    </svg>
  );
}
