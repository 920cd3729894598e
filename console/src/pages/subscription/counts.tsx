import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Spinner from '@cloudscape-design/components/spinner';
import type { Subscription } from '../../api/types.ts';
import { useAddress } from '../../ui/address.ts';
import { BigNumbers } from '../overview/numbers.tsx';
import { SPANS, spanOf } from '../overview/spans.ts';
import { bucketsOf, numbersOf } from '../overview/statistics.ts';
import { useStatistics } from '../overview/use-statistics.ts';
import { Sparkline } from './sparkline.tsx';

/** How deliveries to one endpoint do, in numbers that were counted and not sampled. */
export function Counts({ subscription: { id, health } }: { subscription: Subscription }) {
  const [read, write] = useAddress();
  const span = spanOf(read('hours'));
  const { data, isLoading } = useStatistics(span, { subscription: id });
  const isEmpty = data === undefined || data.data.length === 0;
  // Nothing was sent yet: there is nothing to say, and the log below says so. Of what was, the room is there before the numbers, so
  // that the log stays where it is.
  if (isEmpty && (health?.called !== true || (data === undefined && !isLoading))) return null;
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
      <div className="counts">
        {data === undefined && <Spinner />}
        {data !== undefined && isEmpty && (
          <Box color="text-body-secondary">Nothing in this time; the newest two minutes may be missing.</Box>
        )}
        {data !== undefined && !isEmpty && (
          <>
            <BigNumbers of={numbersOf(data.total)} />
            <Sparkline buckets={bucketsOf(data)} />
          </>
        )}
      </div>
    </Container>
  );
}
