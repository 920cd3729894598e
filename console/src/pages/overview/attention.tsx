import { useQuery } from '@tanstack/react-query';
import Header from '@cloudscape-design/components/header';
import { bodyOf, type Client } from '../../api/client.ts';
import type { Listed, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { counted } from '../../ui/counted.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { needsAttention } from '../../ui/needs-attention.ts';

/** Pages of 100 subscriptions that are looked through. */
const PAGES = 5;

/** Endpoints that are down, slow or failing, and subscriptions with a problem. */
export function Attention({ organization }: { organization: string | undefined }) {
  const { client, isStaff } = useSession();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['/v1/subscriptions', 'attention', organization],
    queryFn: () => look(client, organization),
    refetchInterval: 30_000,
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <ListTable
      items={data?.found ?? []}
      trackBy="id"
      loading={isLoading}
      loadingText="Looking at endpoints"
      wrapLines
      ariaLabels={{ tableLabel: 'Endpoints that need attention' }}
      header={
        <Header
          variant="h2"
          description={data?.complete === false ? `Of the first ${PAGES * 100} subscriptions.` : undefined}
        >
          Endpoints that need attention
        </Header>
      }
      columnDefinitions={[
        { id: 'status', header: 'Status', minWidth: 130, cell: (item) => <SubscriptionStatus of={item} /> },
        {
          id: 'url',
          header: 'URL',
          isRowHeader: true,
          cell: (item) => <Link to={`/console/subscriptions/${item.id}`}>{shown(item.url)}</Link>,
        },
        ...(isStaff
          ? [{ id: 'organization', header: 'Organization', cell: (item: Subscription) => item.organization }]
          : []),
        {
          id: 'why',
          header: 'Why',
          minWidth: 240,
          cell: whyOf,
        },
        { id: 'since', header: 'Since', minWidth: 190, cell: (item) => <Time iso={item.health?.since} /> },
      ]}
      empty={<Empty title="No endpoint needs attention" />}
    />
  );
}

function whyOf({ problem, health }: Subscription): string {
  if (problem !== undefined) return problem;
  if (health?.state === 'throttled') return `asked to wait until ${health.until ?? 'later'}`;
  if (health && health.failures > 0) return `${counted(health.failures, 'failure')} in a row`;
  if (health?.state === 'paused') return 'paused: what comes is held';
  return health?.state === 'releasing' ? 'what was held goes out' : 'slow answers';
}

async function look(
  client: Client,
  organization: string | undefined,
): Promise<{ found: Subscription[]; complete: boolean }> {
  const found: Subscription[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < PAGES; read++) {
    const query = { organization, limit: '100', cursor };
    const page: Listed<Subscription> = await bodyOf(client.GET('/v1/subscriptions', { params: { query } }));
    found.push(...page.data.filter(needsAttention));
    if (page.next_cursor === null) return { found, complete: true };
    cursor = page.next_cursor;
  }
  return { found, complete: false };
}
