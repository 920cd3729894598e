import Header from '@cloudscape-design/components/header';
import type { TableProps } from '@cloudscape-design/components/table';
import { bodyOf } from '../api/client.ts';
import type { Event } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { AddressInput } from '../ui/address-input.tsx';
import { useAddress } from '../ui/address.ts';
import { Empty } from '../ui/empty.tsx';
import { Filters } from '../ui/filter-errors.tsx';
import { Link } from '../ui/link.tsx';
import { OrganizationFilter } from '../ui/organization-filter.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../ui/time-range.tsx';
import { Time } from '../ui/time.tsx';
import { TypeFilter } from '../ui/type-filter.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';

const columns = (isStaff: boolean): TableProps.ColumnDefinition<Event>[] => [
  { id: 'time', header: 'Accepted', cell: (item) => <Time iso={item.enqueued_at} /> },
  {
    id: 'id',
    header: 'Event',
    isRowHeader: true,
    cell: (item) => <Link to={`/console/events/${item.id}`}>{item.id}</Link>,
  },
  { id: 'type', header: 'Type', cell: (item) => item.type },
  ...(isStaff ? [{ id: 'organization', header: 'Organization', cell: (item: Event) => item.organization }] : []),
  { id: 'resource', header: 'Resource', cell: (item) => item.resource_id ?? '–' },
  { id: 'from', header: 'From', cell: (item) => item.triggering_location },
  { id: 'matched', header: 'Subscriptions', cell: (item) => item.matched },
];

/** What producers posted, newest first; one is found by its id. */
export default function Events() {
  const { client, isStaff } = useSession();
  useTitle('Events');
  const [read] = useAddress();
  const filters = {
    organization: read('organization'),
    type: read('type'),
    resource_id: read('resource_id'),
    ...useTimeRange().query,
  };
  const pages = usePages<Event>({
    key: ['/v1/events', filters],
    read: (page) => bodyOf(client.GET('/v1/events', { params: { query: { ...filters, ...page } } })),
    refreshMs: 5000,
  });
  return (
    <ListTable
      variant="full-page"
      items={pages.items}
      columnDefinitions={columns(isStaff)}
      trackBy="id"
      contentDensity="compact"
      enableKeyboardNavigation
      loading={pages.isLoading}
      loadingText="Loading events"
      ariaLabels={{ tableLabel: 'Events' }}
      header={<Header variant="h1">Events</Header>}
      filter={
        <Filters error={pages.error}>
          {isStaff && <OrganizationFilter />}
          <TypeFilter />
          <AddressInput name="resource_id" label="Resource" placeholder="Resource, as 28540" />
          <TimeRange />
        </Filters>
      }
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No events">Nothing was published in this period with these filters.</Empty>
        </NoRows>
      }
    />
  );
}
