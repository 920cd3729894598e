import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Attempt, Subscription } from '../../api/types.ts';
import { useAddress } from '../../ui/address.ts';
import { BodyText } from '../../ui/body-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { OutcomeStatus } from '../../ui/status.tsx';
import { duration } from '../../ui/time.tsx';
import { CommonCauses } from '../call/common-causes.tsx';
import { endpointTime } from '../call/parts.ts';
import { LONGEST_SECONDS, useTestEvent, type SampleType } from './use-test-event.ts';

/**
 * Sends a ping, or the example of an event type, through the real pipeline, and shows the endpoint's answer as soon as it is
 * there.
 */
export function Ping({
  subscription,
  sample,
  close,
}: {
  subscription: Subscription;
  /** Absent: a ping. */
  sample?: SampleType | undefined;
  close: () => void;
}) {
  const { result, error, again } = useTestEvent(subscription.id, sample);
  const [, write] = useAddress();
  const isWaiting = !result && !error;
  return (
    <Modal
      visible
      header={sample === undefined ? 'Ping' : `Sample of ${sample}`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={again} disabled={isWaiting}>
            {sample === undefined ? 'Ping again' : 'Send again'}
          </Button>
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        </SpaceBetween>
      }
    >
      <div aria-live="polite" style={{ minHeight: 120 }}>
        {isWaiting && <StatusIndicator type="loading">Waiting for the answer of {subscription.url}</StatusIndicator>}
        {error !== undefined && <Failure error={error} />}
        {result && !result.attempt && (
          <Alert type="info">
            Nothing has come back within {LONGEST_SECONDS} s. The event {result.event_id} stands in the log as soon as
            it is sent.
          </Alert>
        )}
        {result?.attempt && (
          <PingResult
            attempt={result.attempt}
            openCall={() => {
              write({ call: result.attempt!.id });
              close();
            }}
          />
        )}
      </div>
    </Modal>
  );
}

function PingResult({ attempt, openCall }: { attempt: Attempt; openCall: () => void }) {
  return (
    <SpaceBetween size="s">
      <div>
        <OutcomeStatus outcome={attempt.outcome} /> · {attempt.status ?? attempt.reason ?? 'no answer'} ·{' '}
        {duration(endpointTime(attempt.timings_ms))}
      </div>
      {attempt.outcome !== 'delivered' && attempt.reason !== undefined && <div>{attempt.reason}</div>}
      <CommonCauses of={attempt} />
      {attempt.outcome !== 'delivered' && (
        <Button variant="inline-link" onClick={openCall}>
          Open the attempt: what was sent, and what we signed
        </Button>
      )}
      {attempt.response?.body && <BodyText label="response body" text={attempt.response.body} />}
    </SpaceBetween>
  );
}
