import Alert from '@cloudscape-design/components/alert';
import type { Subscription } from '../../api/types.ts';
import { useNow } from '../../ui/clock.ts';
import { counted } from '../../ui/counted.ts';
import { Time } from '../../ui/time.tsx';
import { Fetched } from './fetched.tsx';
import { LastFailure } from './last-failure.tsx';

/** States in which deliveries wait although nothing failed, in words. */
const WAITING: Record<string, string | undefined> = {
  paused: 'Paused',
  throttled: 'The endpoint asked us to wait',
  releasing: 'Held deliveries go out',
};

/** Why events do not arrive, when they do not. */
export function Trouble({ subscription }: { subscription: Subscription }) {
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
  if (health.state === 'down' && !subscription.active) {
    return (
      <Alert type="warning" header="Deliveries are held">
        <Held health={health} /> They go out in order when the subscription is active again and its endpoint answers.
        {health.failures > 0 && ` ${inARow}.`} <LastFailure subscription={id} />
      </Alert>
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
      when it answers again. <NextProbe at={health.next_probe_at} /> <LastFailure subscription={id} />
    </Alert>
  );
}

/** When an endpoint that is down is tried again. */
function NextProbe({ at }: { at: string | undefined }) {
  const now = useNow(1000);
  if (at === undefined || Date.parse(at) <= now) return <>It is being tried again.</>;
  return (
    <>
      It is tried again at <Time iso={at} />.
    </>
  );
}

/** Deliveries are exhausted, and tried again automatically. */
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
