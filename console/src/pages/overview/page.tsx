import { lazy, Suspense } from 'react';
import { useQuery } from '@tanstack/react-query';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { loadPage } from '../../load-page.ts';
import { OrganizationFilter } from '../../ui/organization-filter.tsx';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Failure } from '../../ui/failure.tsx';
import { duration } from '../../ui/time.tsx';
import { useTitle } from '../../ui/title.ts';
import { Attention } from './attention.tsx';
import { readSample, SAMPLE_SIZE } from './sample.ts';
import { statisticsOf } from './statistics.ts';

// A chart library of its own: never part of what a first visit waits for.
const Charts = lazy(() => loadPage(() => import('./charts.tsx')));

const HOUR_MS = 3_600_000;
const SPANS = [
  { id: '1', text: '1 hour' },
  { id: '24', text: '24 hours' },
  { id: '168', text: '7 days' },
];

/** How deliveries do: success, latency, retries and held over time, and which endpoints need somebody. */
export default function Overview() {
  const { client, isStaff } = useSession();
  const [read, write] = useAddress();
  useTitle('Overview');
  const hours = Number(read('hours') ?? '24') || 24;
  const organization = read('organization');
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', hours, organization],
    queryFn: async () => {
      const until = Date.now();
      const since = until - hours * HOUR_MS;
      const sample = await readSample(client, since, organization);
      return { ...sample, statistics: statisticsOf(sample.attempts, since, until) };
    },
    refetchInterval: 30_000,
  });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <div className="filters">
            {isStaff && <OrganizationFilter />}
            <SegmentedControl
              label="Time"
              options={SPANS}
              selectedId={String(hours)}
              onChange={({ detail }) => write({ hours: detail.selectedId === '24' ? undefined : detail.selectedId })}
            />
          </div>
        }
      >
        Overview
      </Header>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      <Container>
        <div className="numbers">{data ? <Numbers of={data.statistics} /> : !error && <Spinner />}</div>
        <Box color="text-body-secondary" fontSize="body-s">
          {data?.complete === false
            ? `From the newest ${data.attempts.length} calls of this time; older ones are not counted.`
            : `From all calls of this time, up to ${SAMPLE_SIZE}.`}
        </Box>
      </Container>
      <div className="charts">
        <Suspense fallback={<Spinner />}>{data && <Charts buckets={data.statistics.buckets} hours={hours} />}</Suspense>
      </div>
      <Attention organization={organization} />
    </SpaceBetween>
  );
}

function Numbers({ of }: { of: ReturnType<typeof statisticsOf> }) {
  const big = (label: string, value: string | number) => ({
    label,
    value: (
      <Box fontSize="heading-l" fontWeight="bold" tagOverride="span">
        {value}
      </Box>
    ),
  });
  const rate = of.successRate === undefined ? '–' : `${(Math.floor(of.successRate * 1000) / 10).toFixed(1)} %`;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        big('Tries that succeeded', rate),
        big('Tries sent', of.sent),
        big('Duration p50 / p95 / p99', [of.p50, of.p95, of.p99].map(duration).join(' / ')),
        big('Retries / held', `${of.retries} / ${of.held}`),
      ]}
    />
  );
}
