import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { bodyOf } from '../../api/client.ts';
import type { Delivery, Replay } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { counted } from '../../ui/counted.ts';
import { Link } from '../../ui/link.tsx';
import { messageOf } from '../../ui/notices.tsx';
import { isOver } from './is-over.ts';

/** Progress is read so often, milliseconds. */
const LIVE_MS = 1500;

/** Deliveries a second: what the API does by itself, and slower for endpoints that are just back. */
const PACES = [
  { value: '', label: '50 a second' },
  { value: '10', label: '10 a second' },
  { value: '1', label: '1 a second' },
];

/** Asks, then has deliveries sent again by one job, and says how far it is. The job goes on when this is closed. */
export function SendAgain({
  deliveries,
  close,
}: {
  deliveries: readonly Delivery[];
  close: (isBegun: boolean) => void;
}) {
  const [pace, setPace] = useState(PACES[0]!);
  const { job, error, isBusy, begin, stop } = useJob(deliveries, pace.value);
  const endpoints = new Set(deliveries.map(({ subscription_id }) => subscription_id)).size;
  const organizations = new Set(deliveries.map(({ organization }) => organization)).size;
  return (
    <Modal
      visible
      header={`Send ${counted(deliveries.length, 'delivery', 'deliveries')} again?`}
      closeAriaLabel="Close"
      onDismiss={() => close(job !== undefined)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {job?.state === 'running' && <Button onClick={() => void stop()}>Stop</Button>}
            <Button variant={job ? 'primary' : 'link'} onClick={() => close(job !== undefined)}>
              {job ? 'Close' : 'Cancel'}
            </Button>
            {!job && (
              <Button variant="primary" loading={isBusy} onClick={() => void begin()}>
                Send {deliveries.length} again
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
        {!job && (
          <FormField label="Pace, at most">
            <Select
              options={PACES}
              selectedOption={pace}
              onChange={({ detail }) => setPace(PACES.find(({ value }) => value === detail.selectedOption.value)!)}
            />
          </FormField>
        )}
        {job && <Progress job={job} asked={deliveries.length} />}
        {error !== undefined && <Alert type="error">{messageOf(error)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}

function Progress({ job, asked }: { job: Replay; asked: number }) {
  const { state, total, done, failed, remaining, rate } = job;
  const left = asked - total;
  return (
    <>
      <ProgressBar
        value={total === 0 ? 100 : ((done + failed) / total) * 100}
        label={`${counted(total, 'delivery', 'deliveries')} ${total === 1 ? 'is' : 'are'} on their way, ${rate} a second at most`}
        additionalInfo={`${done} delivered, ${failed} not delivered, ${remaining} to come`}
        {...(isOver(job) && {
          status: failed > 0 ? ('error' as const) : ('success' as const),
          resultText: `${done} of ${total} delivered.${state === 'cancelled' ? ' Stopped.' : ''}`,
        })}
      />
      {left > 0 && (
        <Alert type="warning">
          {counted(left, 'delivery', 'deliveries')} cannot be sent: not kept any more, or nothing is sent to the
          subscription.
        </Alert>
      )}
      <p className="quiet">
        It goes on when this is closed; <Link to="/console/replays">Replays</Link> says how far it is.
      </p>
    </>
  );
}

/** The job that sends them, once it has begun. @param pace deliveries a second; empty: as many as the API thinks right. */
function useJob(deliveries: readonly Delivery[], pace: string) {
  const { client } = useSession();
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Replay>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const id = begun?.id ?? '';
  const { data } = useQuery({
    queryKey: ['/v1/replays', id],
    queryFn: () => bodyOf(client.GET('/v1/replays/{id}', { params: { path: { id } } })),
    enabled: begun !== undefined,
    refetchInterval: ({ state: { data: job } }) => (job && isOver(job) ? false : LIVE_MS),
  });
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    await work().catch(setError);
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ['/v1/deliveries'] });
    await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
  };
  return {
    job: data ?? begun,
    error,
    isBusy,
    begin: () =>
      attempt(async () => {
        const body = {
          deliveries: deliveries.map(({ event_id: event, subscription_id: subscription }) => ({ event, subscription })),
          ...(pace !== '' && { rate_per_second: Number(pace) }),
        };
        const answer = await bodyOf(client.POST('/v1/deliveries/redeliver', { body }));
        if ('id' in answer) setBegun(answer);
      }),
    stop: () => attempt(async () => void (await client.POST('/v1/replays/{id}/cancel', { params: { path: { id } } }))),
  };
}
