import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import { Empty } from '../../ui/empty.tsx';
import { duration } from '../../ui/time.tsx';
import type { Bucket } from './statistics.ts';

const COLORS = { good: '#067f68', bad: '#c33d69', first: '#006ce0', second: '#ad5700' };
const HEIGHT = 180;
/** A scale of durations reaches so far at least, milliseconds: the marks of a shorter one, in whole milliseconds, say the same. */
const LEAST_SCALE_MS = 10;

/** Tries, how long they took and how late deliveries were, over time. */
export default function Charts({ buckets, step }: { buckets: Bucket[]; step: 'hour' | 'day' }) {
  const time = new Intl.DateTimeFormat(
    undefined,
    step === 'day'
      ? { timeZone: 'UTC', month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  );
  const common = {
    height: HEIGHT,
    hideFilter: true,
    xScaleType: 'time' as const,
    xDomain: [buckets[0]!.start, buckets.at(-1)!.start],
    xTitle: '',
    i18nStrings: { xTickFormatter: (at: Date) => time.format(at) },
    empty: <Empty title="No attempts in this period" />,
  };
  const series = (title: string, color: string, value: (bucket: Bucket) => number | undefined) => ({
    title,
    color,
    data: buckets.flatMap((bucket) => {
      const y = value(bucket);
      return y === undefined ? [] : [{ x: bucket.start, y }];
    }),
  });
  const most = Math.max(1, ...buckets.map(({ succeeded, failed }) => succeeded + failed));
  const slowest = Math.max(LEAST_SCALE_MS, ...buckets.map(({ p95 }) => p95 ?? 0));
  const latest = Math.max(LEAST_SCALE_MS, ...buckets.map(({ late95 }) => late95 ?? 0));
  return (
    <>
      <Container header={<Header variant="h2">Tries</Header>}>
        <BarChart
          {...common}
          xScaleType="categorical"
          xDomain={buckets.map(({ start }) => start.toISOString())}
          i18nStrings={{ xTickFormatter: (at) => time.format(new Date(at)) }}
          stackedBars
          ariaLabel="Tries that succeeded and failed, over time"
          yDomain={[0, most]}
          series={(
            [
              ['Succeeded', COLORS.good, 'succeeded'],
              ['Failed', COLORS.bad, 'failed'],
            ] as const
          ).map(([title, color, name]) => ({
            type: 'bar',
            title,
            color,
            data: buckets.map((bucket) => ({ x: bucket.start.toISOString(), y: bucket[name] })),
          }))}
        />
      </Container>
      <Container header={<Header variant="h2">Duration</Header>}>
        <LineChart
          {...common}
          ariaLabel="Duration of attempts, median and 95th percentile, over time"
          yDomain={[0, slowest]}
          i18nStrings={{ ...common.i18nStrings, yTickFormatter: duration }}
          series={[
            { type: 'line', ...series('p50', COLORS.first, ({ p50 }) => p50) },
            { type: 'line', ...series('p95', COLORS.second, ({ p95 }) => p95) },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Lateness</Header>}>
        <LineChart
          {...common}
          ariaLabel="From acceptance to delivery, median and 95th percentile, over time"
          yDomain={[0, latest]}
          i18nStrings={{ ...common.i18nStrings, yTickFormatter: duration }}
          series={[
            { type: 'line', ...series('p50', COLORS.first, ({ late50 }) => late50) },
            { type: 'line', ...series('p95', COLORS.second, ({ late95 }) => late95) },
          ]}
        />
      </Container>
    </>
  );
}
