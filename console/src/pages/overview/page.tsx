import { lazy, Suspense } from 'react';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { loadPage } from '../../load-page.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Failure } from '../../ui/failure.tsx';
import { Filters } from '../../ui/filter-errors.tsx';
import { OrganizationFilter } from '../../ui/organization-filter.tsx';
import { Time } from '../../ui/time.tsx';
import { useTitle } from '../../ui/title.ts';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { BigNumbers } from './numbers.tsx';
import { SPANS, spanOf } from './spans.ts';
import { bucketsOf, numbersOf } from './statistics.ts';
import { TopFailing } from './top-failing.tsx';
import { useStatistics } from './use-statistics.ts';

// A chart library of its own: never part of what a first visit waits for.
const Charts = lazy(() => loadPage(() => import('./charts.tsx')));

/** How deliveries do: what arrived, how fast and how late over time, and which endpoints need somebody. */
export default function Overview() {
  const { isStaff, me } = useSession();
  const [read, write] = useAddress();
  useTitle('Overview');
  const span = spanOf(read('hours'));
  const organization = read('organization');
  // Accounts are not counted by themselves; their subscriptions are, on their pages.
  const isCounted = me.account === undefined;
  const { data, error, refetch } = useStatistics(span, { organization }, { enabled: isCounted });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Filters error={error}>
            {isStaff && <OrganizationFilter />}
            <SegmentedControl
              label="Time"
              options={SPANS}
              selectedId={span.id}
              onChange={({ detail }) => write({ hours: detail.selectedId === '24' ? undefined : detail.selectedId })}
            />
          </Filters>
        }
      >
        Overview
      </Header>
      <FirstSteps />
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {isCounted && (
        <Container>
          <div className="numbers">{data ? <BigNumbers of={numbersOf(data.total)} /> : !error && <Spinner />}</div>
          <Box color="text-body-secondary" fontSize="body-s">
            {data ? (
              <>
                All deliveries and tries since <Time iso={data.since} />, counted; the newest two minutes may be
                missing.
              </>
            ) : (
              '\u00A0'
            )}
          </Box>
        </Container>
      )}
      {isCounted && (
        <div className="charts">
          <Suspense fallback={<Spinner />}>{data && <Charts buckets={bucketsOf(data)} step={data.step} />}</Suspense>
        </div>
      )}
      <Attention organization={organization} />
      {isCounted && <TopFailing organization={organization} />}
    </SpaceBetween>
  );
}
