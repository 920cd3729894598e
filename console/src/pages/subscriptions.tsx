import { useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { bodyOf } from '../api/client.ts';
import type { Subscription } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { useAddress } from '../ui/address.ts';
import { Empty } from '../ui/empty.tsx';
import { needsAttention } from '../ui/needs-attention.ts';
import { Link } from '../ui/link.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { shown } from '../ui/shown.ts';
import { SubscriptionStatus } from '../ui/status.tsx';
import { OrganizationFilter } from '../ui/address-input.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'attention', label: 'Needs attention' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
];

const columns = (isAdmin: boolean): TableProps.ColumnDefinition<Subscription>[] => [
  { id: 'status', header: 'Status', minWidth: 140, cell: (item) => <SubscriptionStatus of={item} /> },
  {
    id: 'url',
    header: 'Endpoint',
    minWidth: 240,
    isRowHeader: true,
    cell: (item) => (
      <span className="url">
        <Link to={`/console/subscriptions/${item.id}`}>{shown(item.url)}</Link>
        {item.description !== undefined && <div className="quiet-line">{shown(item.description)}</div>}
      </span>
    ),
  },
  ...(isAdmin
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
];

/** Subscriptions of the key's organization, or of all. */
export default function Subscriptions() {
  const { client, isAdmin } = useSession();
  useTitle('Subscriptions');
  const navigate = useNavigate();
  const [read, write] = useAddress();
  const filters = { organization: read('organization') };
  const pages = usePages<Subscription>({
    key: ['/v1/subscriptions', filters],
    read: (page) => bodyOf(client.GET('/v1/subscriptions', { params: { query: { ...filters, ...page } } })),
    refreshMs: 15_000,
  });
  const text = (read('search') ?? '').toLowerCase();
  const state = read('state') ?? '';
  const found = pages.items.filter(
    (item) =>
      [item.url, item.id, item.description ?? '', item.account ?? '', item.format].some((value) =>
        String(value).toLowerCase().includes(text),
      ) &&
      (state === '' || (state === 'attention' ? needsAttention(item) : item.active === (state === 'active'))),
  );
  return (
    <ListTable
      variant="full-page"
      items={found}
      columnDefinitions={columns(isAdmin)}
      trackBy="id"
      loading={pages.isLoading}
      loadingText="Loading subscriptions"
      wrapLines
      enableKeyboardNavigation
      header={
        <Header
          variant="h1"
          counter={pages.hasNext || pages.page > 1 ? `(${found.length} on this page)` : `(${found.length})`}
          actions={
            <Button variant="primary" onClick={() => void navigate('/console/subscriptions/new')}>
              New subscription
            </Button>
          }
        >
          Subscriptions
        </Header>
      }
      filter={
        <div className="filters">
          {isAdmin && <OrganizationFilter />}
          <Input
            type="search"
            ariaLabel="Search on this page"
            placeholder="URL, id, description, format"
            value={read('search') ?? ''}
            onChange={({ detail }) => write({ search: detail.value }, { replace: true })}
          />
          <Select
            ariaLabel="State"
            options={STATES}
            selectedOption={STATES.find(({ value }) => value === state) ?? STATES[0]!}
            onChange={({ detail }) => write({ state: detail.selectedOption.value })}
          />
        </div>
      }
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No subscriptions">
            <SpaceBetween size="xs">
              {pages.items.length > 0
                ? 'None on this page matches. Change the filters.'
                : 'Create one to receive events.'}
            </SpaceBetween>
          </Empty>
        </NoRows>
      }
    />
  );
}
