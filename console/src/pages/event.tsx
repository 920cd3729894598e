import { useState } from 'react';
import { useParams } from 'react-router';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { EventDetail } from '../api/types.ts';
import { useEvent } from '../api/use-event.ts';
import { useSession } from '../session.tsx';
import { BodyText } from '../ui/body-text.tsx';
import { Empty } from '../ui/empty.tsx';
import { Failure } from '../ui/failure.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { answerOf, outcomeColumn } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { Redeliver } from './call/redeliver.tsx';
import { Named } from './subscription/named.tsx';

type EventDelivery = EventDetail['deliveries'][number];

/** How often where it went is read again, milliseconds. */
const LIVE_MS = 3000;

/** One event: what was posted, and what became of each of its deliveries. */
export default function EventPage() {
  const id = useParams().id!;
  const { data, error, refetch } = useEvent(id, LIVE_MS);
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
      {data.redacted && (
        <Container header={<Header variant="h2">Data</Header>}>
          Not shown to this key: it may not see payloads.
        </Container>
      )}
      {data.dataText !== undefined && (
        <Container header={<Header variant="h2">Data</Header>}>
          <BodyText label="data" text={data.dataText} />
        </Container>
      )}
    </SpaceBetween>
  );
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
  const { mayChange } = useSession();
  const [sending, setSending] = useState<EventDelivery>();
  return (
    <>
      <ListTable
        items={of.deliveries}
        trackBy="subscription_id"
        wrapLines
        ariaLabels={{ tableLabel: 'Its deliveries' }}
        header={
          <Header
            variant="h2"
            counter={`(${of.matched})`}
            description={
              of.deliveries.length < of.matched
                ? `The first ${of.deliveries.length}. Deliveries lists all of them.`
                : undefined
            }
          >
            Its deliveries
          </Header>
        }
        columnDefinitions={[
          {
            id: 'subscription',
            header: 'Endpoint',
            isRowHeader: true,
            minWidth: 220,
            cell: (item) => (
              <span className="url">
                <Named id={item.subscription_id} to={callOf(item)} />
                {item.url !== undefined && <div className="quiet-line">{item.url}</div>}
              </span>
            ),
          },
          outcomeColumn<EventDetail['deliveries'][number]>(),
          { id: 'answer', header: 'Last answer', minWidth: 150, cell: (item) => answerOf(item) },
          { id: 'time', header: 'Last', minWidth: 170, cell: (item) => <Time iso={item.last_attempted_at} /> },
          { id: 'attempts', header: 'Tries in the log', cell: (item) => item.attempts },
          {
            id: 'again',
            header: 'Action',
            minWidth: 110,
            cell: (item) =>
              mayChange && (
                <Button
                  variant="inline-link"
                  ariaLabel={`Send again to ${item.url || item.subscription_id}`}
                  onClick={() => setSending(item)}
                >
                  Send again
                </Button>
              ),
          },
        ]}
        empty={<Empty title="Nowhere">No active subscription of its organization matched it.</Empty>}
      />
      {sending && (
        <Redeliver
          event={of.id}
          subscription={sending.subscription_id}
          url={sending.url}
          close={() => setSending(undefined)}
        />
      )}
    </>
  );
}

function callOf({ subscription_id, last_attempt_id }: EventDelivery): string {
  const call = last_attempt_id === undefined ? '' : `?call=${encodeURIComponent(last_attempt_id)}`;
  return `/console/subscriptions/${subscription_id}${call}`;
}
