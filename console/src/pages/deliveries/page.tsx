import { useMemo, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { bodyOf } from '../../api/client.ts';
import type { Delivery } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { AddressInput } from '../../ui/address-input.tsx';
import { useAddress } from '../../ui/address.ts';
import { AS_CSV, csvPageOf } from '../../ui/csv-pages.ts';
import { Empty } from '../../ui/empty.tsx';
import { ExportCsv } from '../../ui/export-csv.tsx';
import { Filters } from '../../ui/filter-errors.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NoRows } from '../../ui/no-rows.tsx';
import { OrganizationFilter } from '../../ui/organization-filter.tsx';
import { OutcomeFilter } from '../../ui/outcome-filter.tsx';
import { Pager } from '../../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../../ui/time-range.tsx';
import { useTitle } from '../../ui/title.ts';
import { TypeFilter } from '../../ui/type-filter.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { deliveryColumns } from './columns.tsx';
import { keyOf } from './key-of.ts';
import { Missed } from './missed.tsx';
import { SendAgain } from './send-again.tsx';
import { Views } from './views.tsx';

/** How often the newest are read again, milliseconds. */
const LIVE_MS = 10_000;
/** Rows on a page: so many are sent again at once. */
const ROWS = 100;

/** The deliveries of all endpoints, or what became of none: events that endpoints have missed. */
export default function Deliveries() {
  const [read] = useAddress();
  return read('view') === 'missed' ? <Missed /> : <DeliveryTable />;
}

/** One row for each delivery, across all endpoints: found by all filters together, chosen, and sent again. */
function DeliveryTable() {
  const { client, isStaff, mayChange } = useSession();
  const [read] = useAddress();
  useTitle('Deliveries');
  const filters = {
    organization: read('organization'),
    subscription: read('subscription'),
    type: read('type'),
    resource_id: read('resource_id'),
    outcome: read('outcome'),
    status: read('status'),
    ...useTimeRange().query,
  };
  const [chosen, setChosen] = useState<readonly Delivery[]>([]);
  const [isSending, setSending] = useState(false);
  const pages = usePages<Delivery>({
    key: ['/v1/deliveries', filters],
    read: (page) => bodyOf(client.GET('/v1/deliveries', { params: { query: { ...filters, ...page } } })),
    // What somebody ticks must not move away.
    refreshMs: chosen.length === 0 ? LIVE_MS : undefined,
    size: ROWS,
  });
  const { sorting, sorted } = useSorted(pages.items);
  const columns = useMemo(() => deliveryColumns(isStaff), [isStaff]);
  return (
    <>
      <ListTable
        variant="full-page"
        items={sorted}
        columnDefinitions={columns}
        trackBy={keyOf}
        contentDensity="compact"
        wrapLines
        loading={pages.isLoading}
        loadingText="Loading deliveries"
        // Chosen to be sent again, and for nothing else.
        {...(mayChange && { selectionType: 'multi' })}
        selectedItems={[...chosen]}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
        {...sorting}
        ariaLabels={{
          tableLabel: 'Deliveries',
          selectionGroupLabel: 'Deliveries',
          allItemsSelectionLabel: () => 'Choose all on this page',
          itemSelectionLabel: (_selection, { type, resource_id, event_id }) =>
            `Choose ${type} ${resource_id ?? event_id}`,
        }}
        header={
          <Header
            variant="h1"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ExportCsv
                  name="deliveries"
                  readPage={(cursor) => {
                    const query = { ...filters, limit: '100', cursor };
                    return csvPageOf(client.GET('/v1/deliveries', { params: { query }, ...AS_CSV }));
                  }}
                />
                {mayChange && (
                  <Button variant="primary" disabled={chosen.length === 0} onClick={() => setSending(true)}>
                    {chosen.length === 0 ? 'Send again' : `Send ${chosen.length} again`}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            Deliveries
          </Header>
        }
        filter={
          <SpaceBetween size="s">
            <Views />
            <Filters error={pages.error}>
              {isStaff && <OrganizationFilter />}
              <OutcomeFilter pending />
              <AddressInput name="status" label="Status" placeholder="Status, as 404 or 5xx" />
              <TypeFilter />
              <AddressInput name="resource_id" label="Resource" placeholder="Resource, as 28540" />
              <AddressInput name="subscription" label="Subscription" placeholder="sub_…" />
              <TimeRange />
            </Filters>
          </SpaceBetween>
        }
        pagination={<Pager of={pages} />}
        empty={
          <NoRows of={pages}>
            <Empty title="No deliveries">
              {pages.hasNext ? 'None on this page; go to the next page.' : 'None matches these filters.'}
            </Empty>
          </NoRows>
        }
      />
      {isSending && (
        <SendAgain
          deliveries={chosen}
          close={(isBegun) => {
            setSending(false);
            if (isBegun) setChosen([]);
          }}
        />
      )}
    </>
  );
}

/** The rows of the page in the order of a column; as the API gives them until one is chosen. */
function useSorted(items: readonly Delivery[]) {
  const [by, setBy] = useState<{ field: keyof Delivery; isDescending: boolean }>();
  const sorted = useMemo(() => {
    if (!by) return items;
    const textOf = (item: Delivery): string => String(item[by.field] ?? '');
    const rows = items.toSorted((a, b) => textOf(a).localeCompare(textOf(b), undefined, { numeric: true }));
    return by.isDescending ? rows.reverse() : rows;
  }, [items, by]);
  const sorting: Partial<TableProps<Delivery>> = {
    sortingDescending: by?.isDescending ?? false,
    onSortingChange: ({ detail }) =>
      setBy({
        field: detail.sortingColumn.sortingField as keyof Delivery,
        isDescending: detail.isDescending ?? false,
      }),
  };
  if (by) sorting.sortingColumn = { sortingField: by.field };
  return { sorting, sorted };
}
