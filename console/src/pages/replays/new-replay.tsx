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
import { bodyOf } from '../../api/client.ts';
import { useSubscription } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/counted.ts';
import { Link } from '../../ui/link.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { TimeRange, useTimeRange } from '../../ui/time-range.tsx';
import { useTitle } from '../../ui/title.ts';
import { nameOf, targetOf } from '../subscription/name.ts';

/** What a delivery's latest outcome may be to be sent again. */
const CHOICES = [
  { value: 'exhausted', label: 'exhausted', description: 'The last attempt failed' },
  { value: 'gone', label: 'gone', description: 'The endpoint answered 410' },
  { value: 'cancelled', label: 'cancelled', description: 'The subscription was inactive' },
  { value: 'skipped', label: 'skipped', description: 'The format could not carry it' },
  { value: 'held', label: 'held', description: 'The endpoint was down' },
  { value: 'failed', label: 'failed', description: 'An attempt failed; another may be under way' },
  { value: 'missed', label: 'missed', description: 'Not queued for it, because it was inactive or did not exist' },
  { value: 'delivered', label: 'delivered', description: 'Sent again, with the same webhook-id' },
] as const;

/** Chooses what to send again, says how many that is before anything is sent, and begins. */
export function NewReplay({ subscription }: { subscription: string }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  const [read, write] = useAddress();
  const range = useTimeRange();
  const [isAsking, setAsking] = useState(false);
  const [begun, setBegun] = useState<string>();
  const named = (read('outcomes') ?? '').split(',');
  const chosen = CHOICES.filter(({ value }) => named.includes(value));
  const params = { path: { id: subscription } };
  const body = { ...range.query, ...(chosen.length > 0 && { outcomes: chosen.map(({ value }) => value) }) };
  const { data: target } = useSubscription(subscription);
  useTitle(target && `Replay ${nameOf(target)}`);
  // As chosen, not as times: a range that ends now is another one every minute.
  const choice = JSON.stringify(['range', 'since', 'until', 'outcomes'].map(read));
  const isBegun = begun === choice;
  const preview = useQuery({
    queryKey: ['replay preview', subscription, body],
    queryFn: async () => {
      const query = { dry_run: 'true' } as const;
      const answer = await bodyOf(client.POST('/v1/subscriptions/{id}/replay', { params: { ...params, query }, body }));
      return 'count' in answer ? answer.count : undefined;
    },
    enabled: !isBegun,
  });
  const count = isBegun ? undefined : preview.data;
  const inactive = target?.active === false;
  return (
    <Container
      header={
        <Header
          variant="h1"
          description={target && <Link to={`/console/subscriptions/${subscription}`}>{targetOf(target)}</Link>}
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
              selectedOptions={chosen}
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
          {preview.error && !isBegun && <Alert type="error">{messageOf(preview.error)}</Alert>}
          {isBegun && (
            <StatusIndicator type="success">
              This replay has started: its progress is below.{' '}
              <Button variant="inline-link" onClick={() => setBegun(undefined)}>
                Count again
              </Button>
            </StatusIndicator>
          )}
          {count !== undefined && <strong>{counted(count, 'delivery', 'deliveries')} would be sent again</strong>}
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
          title={`Send ${counted(count ?? 0, 'delivery', 'deliveries')} again?`}
          verb="Replay now"
          close={() => setAsking(false)}
          act={async () => {
            await client.POST('/v1/subscriptions/{id}/replay', { params, body });
            notify({ type: 'success', text: 'The replay has started. Its progress is below.' });
            setBegun(choice);
            queries.removeQueries({ queryKey: ['replay preview', subscription] });
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
