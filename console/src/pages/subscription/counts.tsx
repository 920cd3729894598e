import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { useAddress } from '../../ui/address.ts';
import { BigNumbers } from '../overview/numbers.tsx';
import { SPANS, spanOf } from '../overview/spans.ts';
import { bucketsOf, numbersOf } from '../overview/statistics.ts';
import { useStatistics } from '../overview/use-statistics.ts';
import { Sparkline } from './sparkline.tsx';

/** How deliveries to one endpoint do, in numbers that were counted and not sampled. */
export function Counts({ subscription }: { subscription: string }) {
  const [read, write] = useAddress();
  const span = spanOf(read('hours'));
  const { data } = useStatistics(span, { subscription });
  // Nothing was sent yet: there is nothing to say, and the log below says so.
  if (!data || data.data.length === 0) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SegmentedControl
              label="Time"
              options={SPANS}
              selectedId={span.id}
              onChange={({ detail }) => write({ hours: detail.selectedId === '24' ? undefined : detail.selectedId })}
            />
          }
        >
          Counted
        </Header>
      }
    >
      <BigNumbers of={numbersOf(data.total)} />
      <Sparkline buckets={bucketsOf(data)} />
    </Container>
  );
}
