import { useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import type { TableProps } from '@cloudscape-design/components/table';
import { bodyOf } from '../api/client.ts';
import type { Subscription } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { AddressInput } from '../ui/address-input.tsx';
import { useAddress } from '../ui/address.ts';
import { Empty } from '../ui/empty.tsx';
import { Filters } from '../ui/filter-errors.tsx';
import { Link } from '../ui/link.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { shown } from '../ui/shown.ts';
import { SubscriptionStatus } from '../ui/status.tsx';
import { OrganizationFilter } from '../ui/organization-filter.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';
import { LazySparkline } from './subscription/lazy-sparkline.tsx';
import { targetOf } from './subscription/name.ts';

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'problem,down,throttled,paused,slow,releasing', label: 'Needs attention' },
  { value: 'down', label: 'Down' },
  { value: 'paused', label: 'Paused' },
  { value: 'pull', label: 'Fetched' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'problem', label: 'With a problem' },
];

const columns = (isStaff: boolean): TableProps.ColumnDefinition<Subscription>[] => [
  { id: 'status', header: 'Status', minWidth: 140, cell: (item) => <SubscriptionStatus of={item} /> },
  {
    id: 'url',
    header: 'Endpoint',
    minWidth: 240,
    isRowHeader: true,
    cell: (item) => (
      <span className="url">
        <Link to={`/console/subscriptions/${item.id}`}>{targetOf(item)}</Link>
        {item.description !== undefined && <div className="quiet-line">{shown(item.description)}</div>}
      </span>
    ),
  },
  ...(isStaff
    ? [{ id: 'organization', header: 'Organization', minWidth: 130, cell: (item: Subscription) => item.organization }]
    : []),
  {
    id: 'events',
    header: 'Events and format',
    minWidth: 150,
    cell: (item) => (
      <>
        {shown(item.events)}
        <div className="quiet-line">{shown(item.format)}</div>
      </>
    ),
  },
  {
    id: 'day',
    header: 'Tries, last 24 hours',
    minWidth: 140,
    cell: ({ id, organization }) => <LazySparkline of={{ subscription: id, organization }} />,
  },
];

/** Subscriptions of the key's organization, or of all. */
export default function Subscriptions() {
  const { client, isStaff, mayChange } = useSession();
  useTitle('Subscriptions');
  const navigate = useNavigate();
  const [read, write] = useAddress();
  const state = read('state') ?? '';
  const filters = { organization: read('organization'), search: read('search'), state: state || undefined };
  const pages = usePages<Subscription>({
    key: ['/v1/subscriptions', filters],
    read: (page) => bodyOf(client.GET('/v1/subscriptions', { params: { query: { ...filters, ...page } } })),
    refreshMs: 15_000,
  });
  return (
    <ListTable
      variant="full-page"
      items={pages.items}
      columnDefinitions={columns(isStaff)}
      trackBy="id"
      loading={pages.isLoading}
      loadingText="Loading subscriptions"
      wrapLines
      enableKeyboardNavigation
      header={
        <Header
          variant="h1"
          counter={pages.hasNext || pages.page > 1 ? undefined : `(${pages.items.length})`}
          actions={
            mayChange && (
              <Button variant="primary" onClick={() => void navigate('/console/subscriptions/new')}>
                New subscription
              </Button>
            )
          }
        >
          Subscriptions
        </Header>
      }
      filter={
        <Filters error={pages.error}>
          {isStaff && <OrganizationFilter />}
          <AddressInput name="search" label="Search" placeholder="Part of URL, description, id" />
          <Select
            ariaLabel="State"
            options={STATES}
            selectedOption={STATES.find(({ value }) => value === state) ?? STATES[0]!}
            onChange={({ detail }) => write({ state: detail.selectedOption.value })}
          />
        </Filters>
      }
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No subscriptions">
            {filters.search !== undefined || filters.state !== undefined || filters.organization !== undefined
              ? 'None matches these filters.'
              : 'Create one to receive events.'}
          </Empty>
        </NoRows>
      }
    />
  );
}
