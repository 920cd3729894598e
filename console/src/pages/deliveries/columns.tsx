import type { TableProps } from '@cloudscape-design/components/table';
import type { Delivery } from '../../api/types.ts';
import { Link } from '../../ui/link.tsx';
import { answerOf, outcomeColumn } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { Named } from '../subscription/named.tsx';

/** Where a delivery's newest attempt is shown in full; of one not tried yet, its event. */
export function pageOf({ event_id, subscription_id, last_attempt_id }: Delivery): string {
  return last_attempt_id === undefined
    ? `/console/events/${event_id}`
    : `/console/subscriptions/${subscription_id}?call=${encodeURIComponent(last_attempt_id)}`;
}

/**
 * One row for each delivery: what it was about, what became of it, where it went. In this order: a window of 820 pixels shows all
 * columns up to the outcome, which is what people come for.
 */
export function deliveryColumns(isStaff: boolean): TableProps.ColumnDefinition<Delivery>[] {
  return [
    {
      id: 'accepted',
      header: 'Accepted',
      minWidth: 170,
      sortingField: 'accepted_at',
      cell: (item) => <Time iso={item.accepted_at} />,
    },
    {
      id: 'resource',
      header: 'Resource',
      minWidth: 110,
      sortingField: 'resource_id',
      cell: (item) => item.resource_id ?? '–',
    },
    {
      id: 'type',
      header: 'Event',
      minWidth: 140,
      sortingField: 'type',
      isRowHeader: true,
      cell: (item) => <Link to={pageOf(item)}>{item.type}</Link>,
    },
    ...(isStaff
      ? [
          {
            id: 'organization',
            header: 'Organization',
            minWidth: 130,
            sortingField: 'organization',
            cell: (item: Delivery) => item.organization,
          },
        ]
      : []),
    { ...outcomeColumn<Delivery>(), sortingField: 'outcome' },
    { id: 'answer', header: 'Last answer', minWidth: 150, sortingField: 'status', cell: answerOf },
    {
      id: 'endpoint',
      header: 'Endpoint',
      minWidth: 200,
      sortingField: 'url',
      cell: (item) => (
        <span className="url">
          {!item.url ? (
            <Named id={item.subscription_id} />
          ) : (
            <Link to={`/console/subscriptions/${item.subscription_id}`}>{item.url.replace(/^https?:\/\//, '')}</Link>
          )}
        </span>
      ),
    },
  ];
}
