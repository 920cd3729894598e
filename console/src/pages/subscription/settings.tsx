import { useState } from 'react';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Subscription } from '../../api/types.ts';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { shown } from '../../ui/shown.ts';
import { Actions, type Dialog } from './actions.tsx';
import { CheckSignature } from './check-signature.tsx';
import { Deactivate } from './deactivate.tsx';
import { Delete } from './delete.tsx';
import { Facts } from './facts.tsx';
import { targetOf } from './name.ts';
import { Ping } from './ping.tsx';
import { SendMissed } from './send-missed.tsx';
import { Secret } from './secret.tsx';
import { Trouble } from './trouble.tsx';
import type { SampleType } from './use-test-event.ts';
import { useSwitches } from './use-switches.ts';

/** What a subscription is set to, how it does, and what can be done with it. */
export function Settings({
  subscription,
  sendSample,
}: {
  subscription: Subscription;
  sendSample: (type: SampleType) => void;
}) {
  const { description } = subscription;
  const notify = useNotify();
  const [dialog, setDialog] = useState<Dialog>();
  const { setActive, setPaused, missed, forgetMissed } = useSwitches(subscription);
  const isPaused = subscription.health?.state === 'paused';
  const close = (): void => setDialog(undefined);
  const atOnce = (done: Promise<void>): void => {
    done.catch((error: unknown) => notify({ type: 'error', text: messageOf(error) }));
  };
  const actions = (
    <Actions
      subscription={subscription}
      isPaused={isPaused}
      open={setDialog}
      sendSample={sendSample}
      activate={() => atOnce(setActive(true))}
      setPaused={(wanted) => atOnce(setPaused(wanted))}
    />
  );
  return (
    <Container
      header={
        <Header variant="h1" actions={actions}>
          <span className="url">{description ? shown(description) : targetOf(subscription)}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Trouble subscription={subscription} />
        <Facts subscription={subscription} />
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
      {missed && <SendMissed subscription={subscription} missed={missed} close={forgetMissed} />}
      {dialog === 'delete' && <Delete subscription={subscription} close={close} />}
    </Container>
  );
}
