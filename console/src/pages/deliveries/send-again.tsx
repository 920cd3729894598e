import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Delivery } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { counted } from '../../ui/counted.ts';
import { messageOf } from '../../ui/notices.tsx';
import { keyOf } from './key-of.ts';
import { sendEach, type Sent } from './send-each.ts';

/** Asks, then sends deliveries again, and says how far it is; it goes on until all are through or somebody stops it. */
export function SendAgain({ deliveries, close }: { deliveries: readonly Delivery[]; close: (sent: Sent) => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const [sent, setSent] = useState<Sent>({ done: 0, refused: [] });
  const [state, setState] = useState<'asking' | 'running' | 'over'>('asking');
  const stopped = useRef(false);
  const endpoints = new Set(deliveries.map(({ subscription_id }) => subscription_id)).size;
  const organizations = new Set(deliveries.map(({ organization }) => organization)).size;
  const begin = async (): Promise<void> => {
    setState('running');
    await sendEach(deliveries, {
      send: ({ event_id: event, subscription_id: subscription }) =>
        client.POST('/v1/deliveries/{event}/{subscription}/redeliver', { params: { path: { event, subscription } } }),
      told: setSent,
      isStopped: () => stopped.current,
    });
    setState('over');
    await queries.invalidateQueries({ queryKey: ['/v1/deliveries'] });
  };
  const stop = (): void => {
    stopped.current = true;
  };
  const through = sent.done + sent.refused.length;
  return (
    <Modal
      visible
      header={`Send ${counted(deliveries.length, 'delivery', 'deliveries')} again?`}
      closeAriaLabel="Close"
      onDismiss={() => (state === 'running' ? stop() : close(sent))}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {state === 'asking' && (
              <>
                <Button variant="link" onClick={() => close(sent)}>
                  Cancel
                </Button>
                <Button variant="primary" onClick={() => void begin()}>
                  Send {deliveries.length} again
                </Button>
              </>
            )}
            {state === 'running' && <Button onClick={stop}>Stop</Button>}
            {state === 'over' && (
              <Button variant="primary" onClick={() => close(sent)}>
                Close
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div>
          They go to {counted(endpoints, 'endpoint')} of {counted(organizations, 'organization')}, with the same{' '}
          <code>webhook-id</code> and the same bytes as before, so that a customer who has one already can tell.
        </div>
        {state !== 'asking' && (
          <ProgressBar
            value={(through / deliveries.length) * 100}
            label="Queued"
            additionalInfo={`${sent.done} of ${deliveries.length}`}
            {...(state === 'over' && {
              status: sent.refused.length > 0 ? ('error' as const) : ('success' as const),
              resultText: `${sent.done} of ${deliveries.length} are on their way.${through < deliveries.length ? ' Stopped.' : ''}`,
            })}
          />
        )}
        {sent.refused.length > 0 && (
          <Alert type="error" header={`${counted(sent.refused.length, 'delivery', 'deliveries')} could not be sent`}>
            <ul>
              {sent.refused.slice(0, 10).map(({ delivery, error }) => (
                <li key={keyOf(delivery)}>
                  {delivery.organization}, {delivery.type} {delivery.resource_id ?? delivery.event_id}:{' '}
                  {messageOf(error)}
                </li>
              ))}
            </ul>
          </Alert>
        )}
      </SpaceBetween>
    </Modal>
  );
}
