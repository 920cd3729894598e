import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { bodyOf } from '../../api/client.ts';
import type { Subscription } from '../../api/types.ts';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/counted.ts';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { StoredAuth } from './auth-inputs.tsx';
import { authFieldsOf } from './auth-text.ts';
import { CheckSignature } from './check-signature.tsx';
import { filterText } from './filter-text.ts';
import { isDefault } from './form-fields.ts';
import { Deactivate } from './deactivate.tsx';
import { Fetched } from './fetched.tsx';
import { LastFailure } from './last-failure.tsx';
import { targetOf } from './name.ts';
import { Ping } from './ping.tsx';
import { SampleMenu } from './sample-menu.tsx';
import { Signing } from './signing.tsx';
import { SendMissed, type Missed } from './send-missed.tsx';
import { Secret } from './secret.tsx';
import type { SampleType } from './use-test-event.ts';
import { useChange } from './use-change.ts';

/** What a subscription is set to, how it does, and what can be done with it. */
export function Settings({
  subscription,
  sendSample,
}: {
  subscription: Subscription;
  sendSample: (type: SampleType) => void;
}) {
  const { id, active, description } = subscription;
  const navigate = useNavigate();
  const { search } = useLocation();
  const notify = useNotify();
  const change = useChange();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'ping' | 'secret' | 'check' | 'delete' | 'deactivate'>();
  const [missed, setMissed] = useState<Missed>();
  const { client, maySeeSecrets, mayChange } = useSession();
  const isPaused = subscription.health?.state === 'paused';
  const close = (): void => setDialog(undefined);
  const setActive = async (wanted: boolean): Promise<void> => {
    // What is on the screen may be seconds old, and Undo must bring back what was there just before.
    const now = await queries.fetchQuery({ ...subscriptionQuery(client, id), staleTime: 0 });
    const done = wanted ? 'Activated.' : 'Deactivated: nothing is sent to it.';
    if (now.active === wanted) return notify({ type: 'info', text: `Somebody else has just done this. ${done}` });
    const after = await change(now, { active: wanted }, done);
    if (after.missed && after.missed.count > 0) setMissed(after.missed);
  };
  const setPaused = async (wanted: boolean): Promise<void> => {
    const params = { path: { id } };
    await (wanted
      ? client.POST('/v1/subscriptions/{id}/pause', { params })
      : client.POST('/v1/subscriptions/{id}/resume', { params }));
    await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
    notify({
      type: 'success',
      text: wanted
        ? 'Paused: deliveries are held, and sent in order when it is resumed.'
        : 'Resumed: held deliveries go out in order.',
      undo: () => setPaused(!wanted),
    });
  };
  const atOnce = (done: Promise<void>): void => {
    done.catch((error: unknown) => notify({ type: 'error', text: messageOf(error) }));
  };
  return (
    <Container
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xxl">
              <SpaceBetween direction="horizontal" size="xs">
                {/* Each by itself: what is in a fragment gets no space between. */}
                {mayChange && <Button onClick={() => setDialog('ping')}>Ping</Button>}
                {mayChange && <SampleMenu choose={sendSample} />}
                {mayChange && (
                  <Button onClick={() => void navigate(`/console/subscriptions/${id}/edit${search}`)}>Edit</Button>
                )}
                {mayChange && active && (
                  <Button onClick={() => atOnce(setPaused(!isPaused))}>{isPaused ? 'Resume' : 'Pause'}</Button>
                )}
                {mayChange && !active && <Button onClick={() => atOnce(setActive(true))}>Activate</Button>}
                {maySeeSecrets && <Button onClick={() => setDialog('secret')}>Secret</Button>}
                {maySeeSecrets && <Button onClick={() => setDialog('check')}>Check a signature</Button>}
                {mayChange && (
                  <Button onClick={() => void navigate(`/console/replays?subscription=${id}`)}>Replay</Button>
                )}
              </SpaceBetween>
              {/* Apart, and of another look: one slip of the hand must not end a subscription. */}
              {mayChange && (
                <SpaceBetween direction="horizontal" size="xs">
                  {active && (
                    <Button variant="link" onClick={() => setDialog('deactivate')}>
                      Deactivate
                    </Button>
                  )}
                  <Button variant="link" onClick={() => setDialog('delete')}>
                    Delete
                  </Button>
                </SpaceBetween>
              )}
            </SpaceBetween>
          }
        >
          <span className="url">{description ? shown(description) : targetOf(subscription)}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Trouble subscription={subscription} />
        <KeyValuePairs columns={4} items={[...facts(subscription), ...useSourceIps()]} />
      </SpaceBetween>
      {dialog === 'ping' && <Ping subscription={subscription} close={close} />}
      {dialog === 'secret' && <Secret subscription={subscription} close={close} />}
      {dialog === 'check' && <CheckSignature subscription={subscription} close={close} />}
      {dialog === 'deactivate' && (
        <Deactivate
          subscription={subscription}
          deactivate={() => setActive(false)}
          pause={isPaused ? undefined : () => atOnce(setPaused(true))}
          close={close}
        />
      )}
      {missed && <SendMissed subscription={subscription} missed={missed} close={() => setMissed(undefined)} />}
      {dialog === 'delete' && <Delete subscription={subscription} close={close} />}
    </Container>
  );
}

/** Where requests come from, for the endpoint's firewall; nothing where they come from any address of AWS. */
function useSourceIps(): { label: string; value: string }[] {
  const { client } = useSession();
  const { data } = useQuery({
    queryKey: ['/v1/source-ips'],
    queryFn: () => bodyOf(client.GET('/v1/source-ips')),
    staleTime: Infinity,
  });
  return data?.fixed ? [{ label: 'Requests come from', value: data.addresses.join(', ') }] : [];
}

/** States in which deliveries wait although nothing failed, in words. */
const WAITING: Record<string, string | undefined> = {
  paused: 'Paused',
  throttled: 'The endpoint asked us to wait',
  releasing: 'Held deliveries go out',
};

/** Why events do not arrive, when they do not. */
function Trouble({ subscription }: { subscription: Subscription }) {
  const { id, problem, health } = subscription;
  if (problem !== undefined) {
    return (
      <Alert type="error" header="Nothing is sent">
        {problem}
      </Alert>
    );
  }
  if (health?.state === 'pull') return <Fetched subscription={subscription} />;
  if (health && WAITING[health.state] !== undefined) {
    return (
      <Alert type="info" header={WAITING[health.state]}>
        <Held health={health} /> Nothing is lost: everything goes out in order.
        {health.until !== undefined && (
          <>
            {' '}
            It asked to wait until <Time iso={health.until} />.
          </>
        )}
      </Alert>
    );
  }
  if (health === undefined) return null;
  const inARow = `${counted(health.failures, 'failed attempt')} in a row`;
  if (health.healing !== undefined && health.state !== 'down') {
    return (
      <Healing healing={health.healing}>
        {health.failures > 0 && `${inARow}. `}
        <LastFailure subscription={id} />
      </Healing>
    );
  }
  if (health.failures === 0) return null;
  if (health.state !== 'down') {
    return (
      <Alert type="warning">
        {inARow}. <LastFailure subscription={id} />
      </Alert>
    );
  }
  return (
    <Alert type="warning" header="The endpoint is down">
      {inARow}, down since <Time iso={health.since} />. <Held health={health} /> Deliveries are kept and go out in order
      when it answers again; it is tried once a minute. <LastFailure subscription={id} />
    </Alert>
  );
}

/** Deliveries are exhausted, and tried again by themselves. */
function Healing({
  healing,
  children,
}: {
  healing: NonNullable<NonNullable<Subscription['health']>['healing']>;
  children: React.ReactNode;
}) {
  return (
    <Alert type="warning" header="Deliveries are exhausted">
      The oldest is tried again at <Time iso={healing.next_at} />, or as soon as the endpoint takes another one; then
      all go out once more. That ends at <Time iso={healing.until} />. {children}
    </Alert>
  );
}

/** Since when deliveries wait, and how many. */
function Held({ health: { held, since, state } }: { health: NonNullable<Subscription['health']> }) {
  return (
    <>
      {state !== 'down' && since !== undefined && (
        <>
          Since <Time iso={since} />.{' '}
        </>
      )}
      {held && (
        <>
          {held.at_least ? 'At least ' : ''}
          {counted(held.count, 'delivery', 'deliveries')} held.
        </>
      )}
    </>
  );
}

function facts(subscription: Subscription) {
  const { heal_hours, rate_per_second } = subscription as { heal_hours?: unknown; rate_per_second?: unknown };
  const { organization, account, id, events, filter, format, timeout_seconds, signature_header, headers } =
    subscription;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Status', <SubscriptionStatus of={subscription} />),
    // Without a description the heading says it.
    ...(subscription.description ? [pair('URL', <span className="url">{targetOf(subscription)}</span>)] : []),
    pair('Organization', account === undefined ? shown(organization) : `${shown(organization)} / ${shown(account)}`),
    pair('Id', <span className="key">{id}</span>),
    pair('Events', shown(events, 'not set: every event')),
    ...(filter === undefined ? [] : [pair('Filter', <span className="key">{filterText(filter)}</span>)]),
    pair('Format', shown(format, 'not set: standard')),
    pair('Counts as delivered', successOf(subscription)),
    pair('Timeout', typeof timeout_seconds === 'number' ? `${timeout_seconds} s` : shown(timeout_seconds)),
    ...(rate_per_second === undefined ? [] : [pair('Ceiling', ceilingOf(rate_per_second))]),
    ...(heal_hours === undefined ? [] : [pair('Exhausted ones tried again for', hoursOf(heal_hours))]),
    ...(subscription.auth === undefined ? [] : [pair('Credentials', <StoredAuth auth={authFieldsOf(subscription)} />)]),
    pair('Signatures', <Signing subscription={subscription} />),
    ...(signature_header === undefined ? [] : [pair('Signature header', shown(signature_header))]),
    ...(headers === undefined ? [] : [pair('Further headers', headerNames(headers))]),
    pair('Changed', <Time iso={subscription.updated_at} />),
  ];
}

function ceilingOf(rate: unknown): string {
  return typeof rate === 'number' ? `${rate} a second, at all times` : shown(rate);
}

function hoursOf(hours: unknown): string {
  if (typeof hours !== 'number') return shown(hours);
  return hours === 0 ? 'no time' : counted(hours, 'hour');
}

function successOf(subscription: Subscription): string {
  const { success } = subscription as { success: unknown };
  const rule = success === '200' ? 'status 200 alone' : success === '2xx' ? 'any status 2xx' : undefined;
  if (rule === undefined) return shown(success, "not set: the format's own rule");
  return isDefault(subscription, 'success') ? `${rule}, the default of the format` : rule;
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
        notify({ type: 'success', text: `Deleted ${targetOf(subscription)}.` });
        queries.removeQueries({ queryKey: ['/v1/subscriptions', subscription.id] });
        void navigate('/console/subscriptions');
      }}
    >
      <p>
        <span className="url">{targetOf(subscription)}</span> gets nothing more, and its signing secrets are deleted.
        That cannot be undone. If you only want to stop deliveries for some time, pause it instead. Its log stays until
        it expires.
      </p>
    </Confirm>
  );
}
