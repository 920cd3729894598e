import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Subscription } from '../../api/types.ts';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/counted.ts';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { isDefault } from './form-fields.ts';
import { LastFailure } from './last-failure.tsx';
import { Ping } from './ping.tsx';
import { Secret } from './secret.tsx';
import { useChange } from './use-change.ts';

/** What a subscription is set to, how it does, and what can be done with it. */
export function Settings({ subscription }: { subscription: Subscription }) {
  const { id, url, active, description } = subscription;
  const navigate = useNavigate();
  const { search } = useLocation();
  const notify = useNotify();
  const change = useChange();
  const { client } = useSession();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'ping' | 'secret' | 'delete'>();
  const close = (): void => setDialog(undefined);
  const setActive = async (wanted: boolean): Promise<void> => {
    // What is on the screen may be seconds old, and Undo must bring back what was there just before.
    const now = await queries.fetchQuery({ ...subscriptionQuery(client, id), staleTime: 0 });
    const done = wanted ? 'Activated.' : 'Deactivated: nothing is sent to it.';
    if (now.active === wanted) notify({ type: 'info', text: `Somebody else has just done so. ${done}` });
    else await change(now, { active: wanted }, done);
  };
  const toggle = (): void => {
    setActive(!active).catch((error: unknown) => notify({ type: 'error', text: messageOf(error) }));
  };
  return (
    <Container
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xxl">
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setDialog('ping')}>Ping</Button>
                <Button onClick={() => void navigate(`/console/subscriptions/${id}/edit${search}`)}>Edit</Button>
                <Button onClick={toggle}>{active ? 'Deactivate' : 'Activate'}</Button>
                <Button onClick={() => setDialog('secret')}>Secret</Button>
                <Button onClick={() => void navigate(`/console/replays?subscription=${id}`)}>Replay</Button>
              </SpaceBetween>
              {/* Apart, and of another look: one slip of the hand must not end a subscription. */}
              <Button variant="link" onClick={() => setDialog('delete')}>
                Delete
              </Button>
            </SpaceBetween>
          }
        >
          <span className="url">{description ? shown(description) : shown(url)}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Trouble subscription={subscription} />
        <KeyValuePairs columns={4} items={facts(subscription)} />
      </SpaceBetween>
      {dialog === 'ping' && <Ping subscription={subscription} close={close} />}
      {dialog === 'secret' && <Secret subscription={subscription} close={close} />}
      {dialog === 'delete' && <Delete subscription={subscription} close={close} />}
    </Container>
  );
}

/** Why events do not arrive, when they do not. */
function Trouble({ subscription: { id, problem, health } }: { subscription: Subscription }) {
  if (problem !== undefined) {
    return (
      <Alert type="error" header="Nothing is sent">
        {problem}
      </Alert>
    );
  }
  if (health?.healing !== undefined && health.state !== 'down') return <Healing id={id} healing={health.healing} />;
  if (health === undefined || health.failures === 0) return null;
  const inARow = `${counted(health.failures, 'failed attempt')} in a row`;
  if (health.state !== 'down') {
    return (
      <Alert type="warning">
        {inARow}. <LastFailure subscription={id} />
      </Alert>
    );
  }
  return (
    <Alert type="warning" header="The endpoint is down">
      {inARow}, down since <Time iso={health.since} />. Deliveries are held and go out in order when it answers again.{' '}
      <LastFailure subscription={id} />
    </Alert>
  );
}

/** Deliveries are exhausted, and tried again by themselves. */
function Healing({
  id,
  healing,
}: {
  id: string;
  healing: NonNullable<NonNullable<Subscription['health']>['healing']>;
}) {
  return (
    <Alert type="warning" header="Deliveries are exhausted">
      The oldest is tried again at <Time iso={healing.next_at} />, or as soon as the endpoint takes another one; then
      all go out once more. That ends at <Time iso={healing.until} />. <LastFailure subscription={id} />
    </Alert>
  );
}

function facts(subscription: Subscription) {
  const { heal_hours } = subscription as { heal_hours?: unknown };
  const { organization, account, id, url, events, format, timeout_seconds, signature_header, headers } = subscription;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Status', <SubscriptionStatus of={subscription} />),
    // Without a description the heading says it.
    ...(subscription.description ? [pair('URL', <span className="url">{shown(url)}</span>)] : []),
    pair('Organization', account === undefined ? shown(organization) : `${shown(organization)} / ${shown(account)}`),
    pair('Id', <span className="key">{id}</span>),
    pair('Events', shown(events, 'not set: every event')),
    pair('Format', shown(format, 'not set: standard')),
    pair('Counts as delivered', successOf(subscription)),
    pair('Timeout', typeof timeout_seconds === 'number' ? `${timeout_seconds} s` : shown(timeout_seconds)),
    ...(heal_hours === undefined ? [] : [pair('Exhausted ones tried again for', hoursOf(heal_hours))]),
    ...(signature_header === undefined ? [] : [pair('Signature header', shown(signature_header))]),
    ...(headers === undefined ? [] : [pair('Further headers', headerNames(headers))]),
    pair('Changed', <Time iso={subscription.updated_at} />),
  ];
}

function hoursOf(hours: unknown): string {
  if (typeof hours !== 'number') return shown(hours);
  return hours === 0 ? 'no time' : counted(hours, 'hour');
}

function successOf(subscription: Subscription): string {
  const { success } = subscription as { success: unknown };
  const rule = success === '200' ? 'status 200 alone' : success === '2xx' ? 'any status 2xx' : undefined;
  if (rule === undefined) return shown(success, "not set: the format's own rule");
  return isDefault(subscription, 'success') ? `${rule}, as the format asks for` : rule;
}

/** Names alone: values may be credentials, and so may be what somebody typed instead of a map. */
function headerNames(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return 'no list of names and values';
  return Object.keys(headers).join(', ') || 'none';
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
        await client.DELETE('/v1/subscriptions/{id}', { params: { path: { id: subscription.id } } });
        notify({ type: 'success', text: `Deleted ${shown(subscription.url)}.` });
        queries.removeQueries({ queryKey: ['/v1/subscriptions', subscription.id] });
        void navigate('/console/subscriptions');
      }}
    >
      <p>
        <span className="url">{shown(subscription.url)}</span> gets nothing more, and its signing secrets are deleted.
        That cannot be undone; deactivating can. The log of its calls stays until it expires.
      </p>
    </Confirm>
  );
}
