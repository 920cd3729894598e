import { useLocation, useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { SampleMenu } from './sample-menu.tsx';
import type { SampleType } from './use-test-event.ts';

/** The dialogs that a button of a subscription opens. */
export type Dialog = 'ping' | 'secret' | 'check' | 'delete' | 'deactivate';

interface What {
  subscription: Subscription;
  isPaused: boolean;
  open: (dialog: Dialog) => void;
  sendSample: (type: SampleType) => void;
  activate: () => void;
  setPaused: (wanted: boolean) => void;
}

/** What can be done with a subscription, as far as the key may. */
export function Actions({ subscription: { id, active }, isPaused, open, sendSample, activate, setPaused }: What) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { maySeeSecrets, mayChange } = useSession();
  return (
    <SpaceBetween direction="horizontal" size="xxl">
      <SpaceBetween direction="horizontal" size="xs">
        {/* Each by itself: what is in a fragment gets no space between. */}
        {mayChange && <Button onClick={() => open('ping')}>Ping</Button>}
        {mayChange && <SampleMenu choose={sendSample} />}
        {mayChange && <Button onClick={() => void navigate(`/console/subscriptions/${id}/edit${search}`)}>Edit</Button>}
        {mayChange && active && <Button onClick={() => setPaused(!isPaused)}>{isPaused ? 'Resume' : 'Pause'}</Button>}
        {mayChange && !active && <Button onClick={activate}>Activate</Button>}
        {maySeeSecrets && <Button onClick={() => open('secret')}>Secret</Button>}
        {maySeeSecrets && <Button onClick={() => open('check')}>Check a signature</Button>}
        {mayChange && <Button onClick={() => void navigate(`/console/replays?subscription=${id}`)}>Replay</Button>}
      </SpaceBetween>
      {mayChange && <Endings active={active} open={open} />}
    </SpaceBetween>
  );
}

/** Apart, and of another look: one slip of the hand must not end a subscription. */
function Endings({ active, open }: { active: boolean; open: (dialog: Dialog) => void }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {active && (
        <Button variant="link" onClick={() => open('deactivate')}>
          Deactivate
        </Button>
      )}
      <Button variant="link" onClick={() => open('delete')}>
        Delete
      </Button>
    </SpaceBetween>
  );
}
