import Button from '@cloudscape-design/components/button';
import type { Subscription } from '../../api/types.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { targetOf } from './name.ts';

/** Says what a deactivation loses, and offers what loses nothing. @param pause absent: it is paused already. */
export function Deactivate({
  subscription,
  deactivate,
  pause,
  close,
}: {
  subscription: Subscription;
  deactivate: () => Promise<void>;
  pause: (() => void) | undefined;
  close: () => void;
}) {
  return (
    <Confirm title="Deactivate this subscription?" verb="Deactivate" close={close} act={deactivate}>
      <p>
        Events that are accepted while <span className="url">{targetOf(subscription)}</span> is inactive are not sent to
        it: somebody would have to ask for what it missed, while they are still kept. What is on its way or held is
        cancelled.
      </p>
      {pause && (
        <p>
          To keep them,{' '}
          <Button
            variant="inline-link"
            onClick={() => {
              close();
              pause();
            }}
          >
            pause it instead
          </Button>
          : everything goes out in order when it is resumed.
        </p>
      )}
    </Confirm>
  );
}
