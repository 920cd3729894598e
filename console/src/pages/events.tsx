import { useState } from 'react';
import { useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { TableProps } from '@cloudscape-design/components/table';
import { bodyOf } from '../api/client.ts';
import { useCatalogue } from '../api/use-catalogue.ts';
import type { Event } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { useAddress } from '../ui/address.ts';
import { Empty } from '../ui/empty.tsx';
import { Link } from '../ui/link.tsx';
import { OrganizationFilter } from '../ui/address-input.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../ui/time-range.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';

const columns = (isAdmin: boolean): TableProps.ColumnDefinition<Event>[] => [
  { id: 'time', header: 'Accepted', cell: (item) => <Time iso={item.enqueued_at} /> },
  {
    id: 'id',
    header: 'Event',
    isRowHeader: true,
    cell: (item) => <Link to={`/console/events/${item.id}`}>{item.id}</Link>,
  },
  { id: 'type', header: 'Type', cell: (item) => item.type },
  ...(isAdmin ? [{ id: 'organization', header: 'Organization', cell: (item: Event) => item.organization }] : []),
  { id: 'resource', header: 'Resource', cell: (item) => item.resource_id ?? '–' },
  { id: 'from', header: 'From', cell: (item) => item.triggering_location },
  { id: 'matched', header: 'Subscriptions', cell: (item) => item.matched },
];

/** What producers posted, newest first; one is found by its id. */
export default function Events() {
  const { client, isAdmin } = useSession();
  useTitle('Events');
  const [read, write] = useAddress();
  const filters = { organization: read('organization'), type: read('type'), ...useTimeRange().query };
  const { data: catalogue } = useCatalogue();
  const pages = usePages<Event>({
    key: ['/v1/events', filters],
    read: (page) => bodyOf(client.GET('/v1/events', { params: { query: { ...filters, ...page } } })),
    refreshMs: 5000,
  });
  const types = [
    { value: '', label: 'Any type' },
    ...(catalogue?.data ?? []).map(({ name }) => ({ value: name, label: name })),
  ];
  return (
    <ListTable
      variant="full-page"
      items={pages.items}
      columnDefinitions={columns(isAdmin)}
      trackBy="id"
      contentDensity="compact"
      enableKeyboardNavigation
      loading={pages.isLoading}
      loadingText="Loading events"
      ariaLabels={{ tableLabel: 'Events' }}
      header={
        <Header variant="h1" actions={<FindById />}>
          Events
        </Header>
      }
      filter={
        <div className="filters">
          {isAdmin && <OrganizationFilter />}
          <Select
            ariaLabel="Type"
            options={types}
            selectedOption={types.find(({ value }) => value === (read('type') ?? '')) ?? types[0]!}
            onChange={({ detail }) => write({ type: detail.selectedOption.value })}
          />
          <TimeRange />
        </div>
      }
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No events">Nothing was published in this time with these filters.</Empty>
        </NoRows>
      }
    />
  );
}

/** Goes to an event by its id, as a customer reads it from `webhook-id`. */
function FindById() {
  const navigate = useNavigate();
  const [id, setId] = useState('');
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() !== '') void navigate(`/console/events/${encodeURIComponent(id.trim())}`);
      }}
    >
      <Input
        type="search"
        ariaLabel="Event id (webhook-id)"
        placeholder="evt_… (webhook-id)"
        value={id}
        onChange={({ detail }) => setId(detail.value)}
      />
      <Button>Find</Button>
    </form>
  );
}
