import { useMemo } from 'react';
import Header from '@cloudscape-design/components/header';
import type { TableProps } from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { bodyOf } from '../../api/client.ts';
import type { Attempt, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { AddressInput } from '../../ui/address-input.tsx';
import { useAddress } from '../../ui/address.ts';
import { Empty } from '../../ui/empty.tsx';
import { Filters } from '../../ui/filter-errors.tsx';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NoRows } from '../../ui/no-rows.tsx';
import { Pager } from '../../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../../ui/time-range.tsx';
import { answerOf, outcomeColumn } from '../../ui/status.tsx';
import { OutcomeFilter } from '../../ui/outcome-filter.tsx';
import { duration, Time } from '../../ui/time.tsx';
import { TypeFilter } from '../../ui/type-filter.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { CallPanel } from '../call/call-panel.tsx';
import { endpointTime } from '../call/parts.ts';

/** How often the newest calls are read again, milliseconds. */
const LIVE_MS = 3000;

const ALL_COLUMNS = ['time', 'outcome', 'answer', 'resource', 'type', 'attempt', 'duration'];
/** Beside a call there is less room, and the call says the rest. */
const NARROW_COLUMNS = ['time', 'outcome', 'answer', 'resource'];

/** All calls of a subscription, newest first, live; beside it the call that the address names. */
export function Log({ subscription }: { subscription: Subscription }) {
  const [read, write] = useAddress();
  const { client } = useSession();
  const range = useTimeRange();
  const isLive = read('live') !== 'off';
  const call = read('call');
  const filters = {
    subscription: subscription.id,
    outcome: read('outcome'),
    type: read('type'),
    // A resource is one only inside its organization.
    ...(read('resource_id') !== undefined && {
      resource_id: read('resource_id'),
      organization: subscription.organization,
    }),
    ...range.query,
  };
  const pages = usePages<Attempt>({
    key: ['/v1/attempts', filters],
    read: (page) => bodyOf(client.GET('/v1/attempts', { params: { query: { ...filters, ...page } } })),
    refreshMs: isLive ? LIVE_MS : undefined,
  });
  const columns = useMemo(() => columnsOf((id) => linkTo(id, subscription.id)), [subscription.id]);
  const selected = pages.items.filter(({ id }) => id === call);
  return (
    <div className={call === undefined ? 'log-and-call' : 'log-and-call with-call'}>
      <ListTable
        items={pages.items}
        columnDefinitions={columns}
        visibleColumns={call === undefined ? ALL_COLUMNS : NARROW_COLUMNS}
        trackBy="id"
        contentDensity="compact"
        loading={pages.isLoading}
        loadingText="Loading attempts"
        selectionType="single"
        selectedItems={selected}
        onSelectionChange={({ detail }) => write({ call: detail.selectedItems[0]?.id })}
        ariaLabels={{
          selectionGroupLabel: 'Attempts',
          itemSelectionLabel: (_selection, item) => `Show the attempt of ${item.attempted_at}`,
          tableLabel: 'Attempts',
        }}
        header={
          <Header
            variant="h2"
            description="Newest event first. Tries of one event are listed together, so times may jump."
            actions={
              <Toggle checked={isLive} onChange={({ detail }) => write({ live: detail.checked ? undefined : 'off' })}>
                Live
              </Toggle>
            }
          >
            Attempts
          </Header>
        }
        filter={
          <>
            <Filters error={pages.error}>
              <OutcomeFilter />
              <TypeFilter />
              <AddressInput name="resource_id" label="Resource" placeholder="Resource, as 28540" />
              <TimeRange />
            </Filters>
            {call !== undefined && !pages.isLoading && selected.length === 0 && (
              <p className="quiet">
                The open attempt is not in the list below: it is on another page, or filtered out.
              </p>
            )}
          </>
        }
        pagination={<Pager of={pages} />}
        empty={
          <NoRows of={pages}>
            <Empty title="No attempts">
              {pages.hasNext
                ? 'None on this page; go to the next page, or change the filters.'
                : 'Nothing was sent in this period with these filters. Send a ping to create one.'}
            </Empty>
          </NoRows>
        }
      />
      {call !== undefined && (
        <CallPanel
          call={call}
          calls={pages.items.map(({ id }) => id)}
          choose={(id) => write({ call: id }, { replace: true })}
          close={() => write({ call: undefined })}
        />
      )}
    </div>
  );
}

function linkTo(call: string, subscription: string): string {
  const params = new URLSearchParams(location.search);
  params.set('call', call);
  return `/console/subscriptions/${subscription}?${params.toString()}`;
}

function columnsOf(to: (id: string) => string): TableProps.ColumnDefinition<Attempt>[] {
  return [
    {
      id: 'time',
      header: 'Time of the attempt',
      isRowHeader: true,
      cell: (item) => (
        <span data-call={item.id}>
          <Link to={() => to(item.id)}>
            <Time iso={item.attempted_at} />
          </Link>
        </span>
      ),
    },
    outcomeColumn<Attempt>(),
    { id: 'answer', header: 'Answer', cell: answerOf },
    { id: 'resource', header: 'Resource', cell: (item) => item.resource_id ?? '–' },
    { id: 'type', header: 'Type', cell: (item) => item.type },
    { id: 'attempt', header: 'Try', cell: (item) => item.attempt },
    { id: 'duration', header: 'Duration', cell: (item) => duration(endpointTime(item.timings_ms)) },
  ];
}
