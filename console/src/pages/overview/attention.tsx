import Header from '@cloudscape-design/components/header';
import type { Status, Subscription } from '../../api/types.ts';
import { useStatus } from '../../api/use-status.ts';
import { useSession } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { LastFailure } from '../subscription/last-failure.tsx';
import { targetOf } from '../subscription/name.ts';
import { byHarm, type Troubled } from './harm.ts';
import { TROUBLED_PAGES, useTroubled } from './use-troubled.ts';

type Waiting = NonNullable<Status['held']>['endpoints'][number];

/** Endpoints to which something is not sent, or slowly: most waiting deliveries first. */
export function Attention({ organization }: { organization: string | undefined }) {
  const { isStaff } = useSession();
  const { data, error, isLoading, refetch } = useTroubled(organization);
  const { data: status } = useStatus();
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  const waiting = new Map(status?.held?.endpoints.map((endpoint) => [endpoint.subscription_id, endpoint]));
  const rows = byHarm((data?.found ?? []).map((item) => ({ item, waiting: waiting.get(item.id) })));
  return (
    <ListTable
      items={rows}
      trackBy={({ item }) => item.id}
      loading={isLoading}
      loadingText="Looking at endpoints"
      wrapLines
      ariaLabels={{ tableLabel: 'Endpoints that need attention' }}
      header={
        <Header
          variant="h2"
          description={data?.complete === false ? `Of the first ${TROUBLED_PAGES * 100} in trouble.` : undefined}
        >
          Endpoints that need attention
        </Header>
      }
      columnDefinitions={[
        { id: 'status', header: 'Status', minWidth: 120, cell: ({ item }) => <SubscriptionStatus of={item} /> },
        {
          id: 'url',
          header: 'Endpoint',
          minWidth: 200,
          isRowHeader: true,
          cell: ({ item }) => (
            <span className="url">
              <Link to={`/console/subscriptions/${item.id}`}>{targetOf(item)}</Link>
              {item.description !== undefined && <div className="quiet-line">{shown(item.description)}</div>}
            </span>
          ),
        },
        ...(isStaff
          ? [
              {
                id: 'organization',
                header: 'Organization',
                minWidth: 120,
                cell: ({ item }: Troubled<Waiting>) => item.organization,
              },
              {
                id: 'waiting',
                header: 'Waiting',
                minWidth: 90,
                cell: ({ item, waiting: held }: Troubled<Waiting>) =>
                  held === undefined ? (
                    '–'
                  ) : (
                    <Link to={`/console/deliveries?subscription=${item.id}&outcome=held`}>{held.held}</Link>
                  ),
              },
            ]
          : []),
        { id: 'why', header: 'Why', minWidth: 200, cell: ({ item }) => <Why of={item} /> },
        { id: 'since', header: 'Since', minWidth: 150, cell: ({ item }) => <Time iso={item.health?.since} /> },
        {
          id: 'next',
          header: 'Next',
          minWidth: 170,
          cell: ({ item, waiting: held }) => <Next item={item} held={held} />,
        },
      ]}
      empty={<Empty title="No endpoint needs attention" />}
    />
  );
}

function Why({ of: { id, problem, health } }: { of: Subscription }) {
  if (problem !== undefined) return <>{problem}</>;
  if (health?.state === 'paused') return <>paused by a person</>;
  if (health?.state === 'slow') return <>slow answers</>;
  return <LastFailure subscription={id} />;
}

/** What happens by itself, and when. */
function Next({ item: { active, health }, held }: { item: Subscription; held: Waiting | undefined }) {
  if (!active) return <>when it is activated</>;
  if (health?.state === 'paused') return <>when it is resumed</>;
  if (health?.state === 'releasing') return <>goes out now</>;
  const at = held?.next_probe_at ?? health?.until;
  if (at === undefined || at === null) return <>–</>;
  return (
    <>
      tried <Time iso={at} />
      {held?.gives_up_at != null && (
        <div className="quiet-line">
          deactivated <Time iso={held.gives_up_at} />
        </div>
      )}
    </>
  );
}
