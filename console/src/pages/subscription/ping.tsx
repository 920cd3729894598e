import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { ApiError, bodyOf } from '../../api/client.ts';
import type { Answer, Attempt, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Code } from '../../ui/code.tsx';
import { Failure } from '../../ui/failure.tsx';
import { OutcomeStatus } from '../../ui/status.tsx';
import { duration } from '../../ui/time.tsx';

type PingAnswer = Pick<Answer<'pingSubscription'>, 'event_id'> & { attempt?: Attempt };

/** How long the API waits for the endpoint's answer, seconds. */
const WAIT = 10;
/** Afterwards the log is looked at, as often and as far apart: an endpoint may take 30 s to answer. */
const LOOKS = 13;
const BETWEEN_LOOKS_MS = 2000;

/** Sends a ping through the real pipeline and shows the endpoint's answer as soon as it is there. */
export function Ping({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<PingAnswer>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isCurrent = true;
    const ping = (wait: number): Promise<PingAnswer> => {
      const params = { path: { id: subscription.id }, query: { wait: String(wait) } };
      return bodyOf(client.POST('/v1/subscriptions/{id}/ping', { params }));
    };
    const firstAttempt = async (event: string): Promise<Attempt | undefined> => {
      const query = { subscription: subscription.id, event, limit: '1' };
      return (await bodyOf(client.GET('/v1/attempts', { params: { query } }))).data[0];
    };
    const send = async (): Promise<PingAnswer> => {
      // One ping of a key is waited for at a time; who shares the key with somebody looks into the log from the beginning.
      const answer = await ping(WAIT).catch((failure: unknown) => {
        if (isBusy(failure)) return ping(0);
        throw failure;
      });
      for (let looks = 0; !answer.attempt && isCurrent && looks < LOOKS; looks++) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
        answer.attempt = await firstAttempt(answer.event_id);
      }
      return answer;
    };
    send()
      .then(
        (answer) => isCurrent && setResult(answer),
        (failure: unknown) => isCurrent && setError(failure),
      )
      .finally(() => void queries.invalidateQueries({ queryKey: ['/v1/attempts'] }));
    return () => {
      isCurrent = false;
    };
  }, [client, subscription.id, queries, round]);
  const again = (): void => {
    setResult(undefined);
    setError(undefined);
    setRound(round + 1);
  };
  const isWaiting = !result && !error;
  return (
    <Modal
      visible
      header="Ping"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={again} disabled={isWaiting}>
            Ping again
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
            Nothing has come back within {WAIT + (LOOKS * BETWEEN_LOOKS_MS) / 1000} s. The ping {result.event_id} stands
            in the log as soon as it is sent.
          </Alert>
        )}
        {result?.attempt && <PingResult attempt={result.attempt} />}
      </div>
    </Modal>
  );
}

function isBusy(failure: unknown): boolean {
  return failure instanceof ApiError && failure.status === 429;
}

function PingResult({ attempt }: { attempt: Attempt }) {
  return (
    <SpaceBetween size="s">
      <div>
        <OutcomeStatus outcome={attempt.outcome} /> · {attempt.status ?? attempt.reason ?? 'no answer'} ·{' '}
        {duration(attempt.timings_ms?.total)}
      </div>
      {attempt.outcome !== 'delivered' && attempt.reason !== undefined && <div>{attempt.reason}</div>}
      {attempt.response?.body && <Code label="response body" text={attempt.response.body} pretty />}
    </SpaceBetween>
  );
}
