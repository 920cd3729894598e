import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Input, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Link } from '../../ui/link.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { TimeRange, useTimeRange } from '../../ui/time-range.tsx';

/** What a delivery's latest outcome may be to be sent again. */
const CHOICES = [
  { value: 'exhausted', label: 'exhausted', description: 'The last try failed' },
  { value: 'gone', label: 'gone', description: 'The endpoint answered 410' },
  { value: 'cancelled', label: 'cancelled', description: 'The subscription was inactive' },
  { value: 'skipped', label: 'skipped', description: 'The format could not carry it' },
  { value: 'held', label: 'held', description: 'The endpoint was down' },
  { value: 'failed', label: 'failed', description: 'A try failed; another may be under way' },
  { value: 'delivered', label: 'delivered', description: 'Sent once more, with the same webhook-id' },
];

/** Chooses what to send again, says how many that is before anything is sent, and begins. */
export function NewReplay({ subscription }: { subscription: string }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  const [read, write] = useAddress();
  const range = useTimeRange();
  const [isAsking, setAsking] = useState(false);
  const chosen = (read('outcomes') ?? '').split(',').filter(Boolean);
  const path = `/v1/subscriptions/${encodeURIComponent(subscription)}`;
  const body = { ...range.query, ...(chosen.length > 0 ? { outcomes: chosen } : {}) } as Input<'replaySubscription'>;
  const { data: target } = useQuery({
    queryKey: ['/v1/subscriptions', subscription],
    queryFn: () => client.get<Subscription>(path),
  });
  const preview = useQuery({
    queryKey: ['replay preview', subscription, body],
    queryFn: () => client.send<{ count: number }>('POST', `${path}/replay?dry_run=true`, body),
  });
  const count = preview.data?.count;
  const inactive = target?.active === false;
  return (
    <Container
      header={
        <Header
          variant="h1"
          description={target && <Link to={`/console/subscriptions/${subscription}`}>{target.url}</Link>}
        >
          Replay
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div className="filters">
          <FormField label="Latest outcome">
            <Multiselect
              placeholder="Everything not delivered"
              options={CHOICES}
              selectedOptions={CHOICES.filter(({ value }) => chosen.includes(value))}
              onChange={({ detail }) => write({ outcomes: detail.selectedOptions.map(({ value }) => value).join(',') })}
              inlineTokens
            />
          </FormField>
          <FormField label="Event accepted">
            <TimeRange />
          </FormField>
        </div>
        <div aria-live="polite">
          {preview.isLoading && <StatusIndicator type="loading">Counting</StatusIndicator>}
          {preview.error && <Alert type="error">{messageOf(preview.error)}</Alert>}
          {count !== undefined && (
            <strong>
              {count} {count === 1 ? 'delivery' : 'deliveries'} would be sent again
            </strong>
          )}
        </div>
        {inactive && (
          <Alert type="info">
            The subscription is inactive, so nothing would be sent.{' '}
            <Link to={`/console/subscriptions/${subscription}`}>Activate it</Link> first.
          </Alert>
        )}
        <Button variant="primary" disabled={!count || inactive} onClick={() => setAsking(true)}>
          Replay
        </Button>
      </SpaceBetween>
      {isAsking && (
        <Confirm
          title={`Send ${count} ${count === 1 ? 'delivery' : 'deliveries'} again?`}
          verb="Replay now"
          close={() => setAsking(false)}
          act={async () => {
            await client.send('POST', `${path}/replay`, body);
            notify({ type: 'success', text: 'The replay has begun. Its progress is below.' });
            await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
          }}
        >
          <p>
            Each goes to <span className="url">{target?.url}</span> with the same <code>webhook-id</code> and the same
            bytes as before.
          </p>
        </Confirm>
      )}
    </Container>
  );
}
