import Header from '@cloudscape-design/components/header';
import { bodyOf } from '../api/client.ts';
import type { Answer } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { OrganizationFilter } from '../ui/organization-filter.tsx';
import { useAddress } from '../ui/address.ts';
import { Empty } from '../ui/empty.tsx';
import { Filters } from '../ui/filter-errors.tsx';
import { Link } from '../ui/link.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../ui/time-range.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';

type AuditRecord = Answer<'listAuditRecords'>['data'][number];

const ACTORS: Record<string, string> = { table: 'somebody in the table', posthorn: 'the platform' };

/** Who changed or saw what, newest first. */
export default function Audit() {
  const [read] = useAddress();
  const { client } = useSession();
  useTitle('Audit trail');
  const filters = { organization: read('organization'), ...useTimeRange().query };
  const pages = usePages<AuditRecord>({
    key: ['/v1/audit', filters],
    read: (page) => bodyOf(client.GET('/v1/audit', { params: { query: { ...filters, ...page } } })),
  });
  return (
    <ListTable
      variant="full-page"
      items={pages.items}
      trackBy="id"
      contentDensity="compact"
      enableKeyboardNavigation
      loading={pages.isLoading}
      loadingText="Loading the audit trail"
      ariaLabels={{ tableLabel: 'Audit trail' }}
      header={<Header variant="h1">Audit trail</Header>}
      filter={
        <Filters error={pages.error}>
          <OrganizationFilter />
          <TimeRange />
        </Filters>
      }
      columnDefinitions={[
        { id: 'time', header: 'Time', isRowHeader: true, cell: (item) => <Time iso={item.recorded_at} /> },
        { id: 'actor', header: 'Who', cell: (item) => ACTORS[item.actor] ?? item.actor },
        { id: 'action', header: 'Did', cell: (item) => item.action },
        {
          id: 'object',
          header: 'To',
          cell: (item) =>
            item.object_type === 'subscription' && item.action !== 'subscription.deleted' ? (
              <Link to={`/console/subscriptions/${item.object_id}`}>{item.object_id}</Link>
            ) : (
              item.object_id
            ),
        },
        { id: 'organization', header: 'Organization', cell: (item) => item.organization ?? '–' },
        { id: 'changed', header: 'Changed', cell: (item) => item.changed.join(', ') || '–' },
      ]}
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No records">Nothing was changed in this time.</Empty>
        </NoRows>
      }
    />
  );
}
