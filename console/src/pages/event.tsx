import { useParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { bodyOf } from '../api/client.ts';
import type { EventDetail } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { Code } from '../ui/code.tsx';
import { Empty } from '../ui/empty.tsx';
import { Failure } from '../ui/failure.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { OutcomeStatus } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { Named } from './subscription/named.tsx';

/** One event: what was posted, and what became of each of its deliveries. */
export default function EventPage() {
  const id = useParams().id!;
  const { client } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/events', id],
    queryFn: async () =>
      readEvent(await bodyOf(client.GET('/v1/events/{id}', { params: { path: { id } }, parseAs: 'text' }))),
    refetchInterval: 3000,
  });
  useTitle(data ? `${data.type} ${data.id}` : `Event ${id}`);
  // What was read stays on the screen; the mark above it says that it grows old.
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h1">{data.type}</Header>}>
        <KeyValuePairs columns={3} items={facts(data)} />
      </Container>
      <Deliveries of={data} />
      {data.dataText !== undefined && (
        <Container header={<Header variant="h2">Data</Header>}>
          <Code label="data" text={data.dataText} pretty />
        </Container>
      )}
    </SpaceBetween>
  );
}

/**
 * The event, and its `data` as it was posted: the API puts it last and leaves its digits alone, JSON.parse would not. In
 * JSON, `,"data":` can only be the member itself: inside a string its quotes would be escaped.
 */
function readEvent(text: string): EventDetail & { dataText?: string } {
  const start = text.indexOf(',"data":');
  const event = JSON.parse(text) as EventDetail;
  return start < 0 ? event : { ...event, dataText: text.slice(start + ',"data":'.length, -1) };
}

function facts({ id, organization, account, enqueued_at, triggering_location, resource_id }: EventDetail) {
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Event', <span className="key">{id}</span>),
    pair('Organization', account === undefined ? organization : `${organization} / ${account}`),
    pair('Accepted', <Time iso={enqueued_at} whole />),
    pair('From', triggering_location),
    pair('Resource', resource_id ?? '–'),
  ];
}

function Deliveries({ of }: { of: EventDetail }) {
  return (
    <ListTable
      items={of.deliveries}
      trackBy="subscription_id"
      ariaLabels={{ tableLabel: 'Where it went' }}
      header={
        <Header variant="h2" counter={`(${of.matched})`}>
          Where it went
        </Header>
      }
      columnDefinitions={[
        {
          id: 'subscription',
          header: 'Subscription',
          isRowHeader: true,
          cell: (item) => <Named id={item.subscription_id} to={callOf(item)} />,
        },
        { id: 'outcome', header: 'Outcome', cell: (item) => <OutcomeStatus outcome={item.outcome} /> },
        { id: 'attempts', header: 'Tries in the log', cell: (item) => item.attempts },
        { id: 'time', header: 'Last', cell: (item) => <Time iso={item.last_attempted_at} /> },
      ]}
      empty={<Empty title="Nowhere">No active subscription of its organization wanted it.</Empty>}
    />
  );
}

function callOf({ subscription_id, last_attempt_id }: EventDetail['deliveries'][number]): string {
  const call = last_attempt_id === undefined ? '' : `?call=${encodeURIComponent(last_attempt_id)}`;
  return `/console/subscriptions/${subscription_id}${call}`;
}
