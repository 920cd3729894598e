import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { Ping } from './ping.tsx';
import { Secret } from './secret.tsx';
import { useChange } from './use-change.ts';

/** What a subscription is set to, how it does, and what can be done with it. */
export function Settings({ subscription }: { subscription: Subscription }) {
  const { id, url, active, problem, health } = subscription;
  const navigate = useNavigate();
  const notify = useNotify();
  const change = useChange();
  const [dialog, setDialog] = useState<'ping' | 'secret' | 'delete'>();
  const close = (): void => setDialog(undefined);
  const toggle = (): void => {
    change(subscription, { active: !active }, active ? 'Deactivated: nothing is sent to it.' : 'Activated.').catch(
      (error: unknown) => notify({ type: 'error', text: messageOf(error) }),
    );
  };
  return (
    <Container
      header={
        <Header
          variant="h1"
          description={<span className="url">{url}</span>}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setDialog('ping')}>Ping</Button>
              <Button onClick={() => void navigate(`/console/subscriptions/${id}/edit`)}>Edit</Button>
              <Button onClick={toggle}>{active ? 'Deactivate' : 'Activate'}</Button>
              <Button onClick={() => setDialog('secret')}>Secret</Button>
              <Button onClick={() => void navigate(`/console/replays?subscription=${id}`)}>Replay</Button>
              <Button onClick={() => setDialog('delete')}>Delete</Button>
            </SpaceBetween>
          }
        >
          {subscription.description ?? 'Subscription'}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {problem !== undefined && (
          <Alert type="error" header="Nothing is sent">
            {problem}
          </Alert>
        )}
        {problem === undefined && health?.state === 'down' && (
          <Alert type="warning" header="The endpoint is down">
            {health.failures} failed attempts in a row, down since <Time iso={health.since} />. Deliveries are held and
            go out in order when it answers again.
          </Alert>
        )}
        <KeyValuePairs columns={4} items={facts(subscription)} />
      </SpaceBetween>
      {dialog === 'ping' && <Ping subscription={subscription} close={close} />}
      {dialog === 'secret' && <Secret subscription={subscription} close={close} />}
      {dialog === 'delete' && <Delete subscription={subscription} close={close} />}
    </Container>
  );
}

function facts(subscription: Subscription) {
  const { organization, account, id, events, format, success, timeout_seconds, health, signature_header, headers } =
    subscription;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Status', <SubscriptionStatus of={subscription} />),
    pair('Organization', account === undefined ? organization : `${organization} / ${account}`),
    pair('Id', <span className="key">{id}</span>),
    pair('Events', Array.isArray(events) ? events.join(', ') : String(events)),
    pair('Format', format),
    pair('Success', success === '200' ? 'status 200 alone' : 'any status 2xx'),
    pair('Timeout', `${timeout_seconds} s`),
    pair('Failures in a row', health?.failures ?? '–'),
    ...(signature_header === undefined ? [] : [pair('Signature header', signature_header)]),
    ...(headers === undefined ? [] : [pair('Further headers', Object.keys(headers).join(', '))]),
    pair('Changed', <Time iso={subscription.updated_at} />),
  ];
}

function Delete({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const { client } = useSession();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  return (
    <Confirm
      title="Delete this subscription?"
      verb="Delete"
      close={close}
      act={async () => {
        await client.send('DELETE', `/v1/subscriptions/${subscription.id}`);
        notify({ type: 'success', text: `Deleted ${subscription.url}.` });
        queries.removeQueries({ queryKey: ['/v1/subscriptions', subscription.id] });
        void navigate('/console/subscriptions');
      }}
    >
      <p>
        <span className="url">{subscription.url}</span> gets nothing more, and its signing secrets are deleted. That
        cannot be undone; deactivating can. The log of its calls stays until it expires.
      </p>
    </Confirm>
  );
}
