import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { duration } from '../../ui/time.tsx';
import { percent, type Numbers } from './statistics.ts';

/** The numbers of some time, large. */
export function BigNumbers({ of }: { of: Numbers }) {
  const { lateness, duration: took } = of;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        big('Deliveries that arrived', `${percent(of.deliveredShare)} of ${whole(of.ended)}`),
        big('Tries that succeeded', `${percent(of.succeededShare)} of ${whole(of.tries)}`),
        big('Duration p50 / p95 / p99', [took?.p50, took?.p95, took?.p99].map(duration).join(' / ')),
        big('Lateness p50 / p95 / longest', [lateness?.p50, lateness?.p95, lateness?.max].map(duration).join(' / ')),
      ]}
    />
  );
}

function big(label: string, value: string) {
  return {
    label,
    value: (
      <Box fontSize="heading-m" fontWeight="bold" tagOverride="span">
        {value}
      </Box>
    ),
  };
}

function whole(count: number): string {
  return count.toLocaleString('en');
}
