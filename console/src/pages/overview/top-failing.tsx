import { useQueries, useQuery } from '@tanstack/react-query';
import Header from '@cloudscape-design/components/header';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { dayQuery, FRESH_MS, LazySparkline } from '../subscription/lazy-sparkline.tsx';
import { candidatesOf, topFailing, type Failing } from './failing.ts';
import { queryOf, spanOf } from './spans.ts';
import { percent } from './statistics.ts';
import { useTroubled } from './use-troubled.ts';

const DAY = spanOf('24');
const REFRESH_MS = 60_000;

/**
 * Endpoints whose tries fail most. No index sorts them; so those of the newest failures and those in trouble are counted, at most ten
 * reads however many endpoints there are. Nothing is shown where none fails.
 */
export function TopFailing({ organization }: { organization: string | undefined }) {
  const { client, isStaff } = useSession();
  const { data: troubled } = useTroubled(organization);
  const { data: failures } = useQuery({
    queryKey: ['/v1/deliveries', 'newest failures', organization],
    queryFn: () => {
      const { since } = queryOf(DAY, Date.now());
      const query = { organization, outcome: 'failed,exhausted,gone', since, limit: '100' };
      return bodyOf(client.GET('/v1/deliveries', { params: { query } }));
    },
    refetchInterval: REFRESH_MS,
  });
  const candidates = failures && troubled ? candidatesOf(failures.data, troubled.found) : [];
  const counted = useQueries({
    queries: candidates.map(({ subscription, organization }) => ({
      ...dayQuery(client, { subscription, organization }),
      refetchInterval: FRESH_MS,
    })),
  });
  const rows = topFailing(
    candidates.flatMap((of, at) => (counted[at]?.data ? [{ of, tries: counted[at].data.total.tries }] : [])),
  );
  if (rows.length === 0) return null;
  return (
    <ListTable
      items={rows}
      trackBy="subscription"
      wrapLines
      ariaLabels={{ tableLabel: 'Endpoints that fail most' }}
      header={
        <Header
          variant="h2"
          description="Counts of the last 24 hours, for endpoints in trouble and those with the newest failures."
        >
          Endpoints that fail most
        </Header>
      }
      columnDefinitions={[
        {
          id: 'url',
          header: 'Endpoint',
          minWidth: 200,
          isRowHeader: true,
          cell: ({ subscription, url }) => (
            <span className="url">
              <Link to={`/console/subscriptions/${subscription}`}>{url}</Link>
            </span>
          ),
        },
        ...(isStaff
          ? [{ id: 'organization', header: 'Organization', minWidth: 120, cell: (item: Failing) => item.organization }]
          : []),
        {
          id: 'failed',
          header: 'Tries that failed',
          minWidth: 140,
          cell: ({ failed, tries }) => `${failed.toLocaleString('en')} of ${tries.toLocaleString('en')}`,
        },
        {
          id: 'share',
          header: 'Succeeded',
          minWidth: 100,
          cell: ({ failed, tries }) => percent((tries - failed) / tries),
        },
        {
          id: 'day',
          header: 'Last 24 hours',
          minWidth: 130,
          cell: ({ subscription, organization }) => <LazySparkline of={{ subscription, organization }} />,
        },
      ]}
    />
  );
}
