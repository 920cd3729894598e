import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf } from '../../api/client.ts';
import type { Replay } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { NoRows } from '../../ui/no-rows.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Time } from '../../ui/time.tsx';
import { useTitle } from '../../ui/title.ts';
import { usePages } from '../../ui/use-pages.ts';
import { Named } from '../subscription/named.tsx';
import { NewReplay } from './new-replay.tsx';

/** Progress is read so often, milliseconds. */
const LIVE_MS = 1500;

/** Sending again what was not delivered: the job for a subscription, and how far all of them are. */
export default function Replays() {
  const [read] = useAddress();
  const { client, mayChange } = useSession();
  const navigate = useNavigate();
  const subscription = read('subscription');
  // Its address can be typed by who may only look, too.
  const isNew = subscription !== undefined && mayChange;
  useTitle(isNew ? undefined : 'Replays');
  const filters = { subscription, organization: read('organization') };
  const pages = usePages<Replay>({
    key: ['/v1/replays', filters],
    read: (page) => bodyOf(client.GET('/v1/replays', { params: { query: { ...filters, ...page } } })),
    refreshMs: LIVE_MS,
  });
  const [stopping, setStopping] = useState<Replay>();
  return (
    <SpaceBetween size="l">
      {isNew && <NewReplay key={subscription} subscription={subscription} />}
      <ListTable
        items={pages.items}
        trackBy="id"
        loading={pages.isLoading}
        loadingText="Loading replays"
        ariaLabels={{ tableLabel: 'Replays' }}
        header={
          <Header
            variant={isNew ? 'h2' : 'h1'}
            description={!isNew && mayChange ? 'Start one on the page of its subscription.' : undefined}
            actions={
              !isNew &&
              mayChange && (
                <Button onClick={() => void navigate('/console/subscriptions')}>Choose a subscription</Button>
              )
            }
          >
            Replays
          </Header>
        }
        columnDefinitions={[
          { id: 'created', header: 'Begun', isRowHeader: true, cell: (item) => <Time iso={item.created_at} /> },
          {
            id: 'subscription',
            header: 'Subscription',
            cell: (item) => (item.subscription_id === undefined ? 'Several' : <Named id={item.subscription_id} />),
          },
          { id: 'asked', header: 'Asked for by', cell: (item) => (item.automatic ? 'nobody: automatic' : 'a person') },
          { id: 'progress', header: 'Progress', minWidth: 260, cell: (item) => <Progress of={item} /> },
          { id: 'delivered', header: 'Delivered', cell: (item) => item.done },
          { id: 'failed', header: 'Not delivered', cell: (item) => item.failed },
          {
            id: 'stop',
            header: 'Action',
            cell: (item) =>
              mayChange &&
              item.state === 'running' && (
                <Button variant="inline-link" ariaLabel={`Stop ${item.id}`} onClick={() => setStopping(item)}>
                  Stop
                </Button>
              ),
          },
        ]}
        pagination={<Pager of={pages} />}
        empty={
          <NoRows of={pages}>
            <Empty title="No replays">None in the last 30 days.</Empty>
          </NoRows>
        }
      />
      {stopping && <Stop replay={stopping} close={() => setStopping(undefined)} />}
    </SpaceBetween>
  );
}

function Progress({ of: { state, total, done, failed, remaining } }: { of: Replay }) {
  if (state === 'cancelled') return <StatusIndicator type="stopped">stopped</StatusIndicator>;
  if (state === 'done' && remaining === 0) {
    return <StatusIndicator type={failed > 0 ? 'warning' : 'success'}>done</StatusIndicator>;
  }
  const percent = total === 0 ? 100 : Math.round(((done + failed) / total) * 100);
  return <ProgressBar value={percent} ariaLabel="Progress" additionalInfo={`${done + failed} of ${total}`} />;
}

function Stop({ replay, close }: { replay: Replay; close: () => void }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  return (
    <Confirm
      title="Stop this replay?"
      verb="Stop"
      close={close}
      act={async () => {
        await client.POST('/v1/replays/{id}/cancel', { params: { path: { id: replay.id } } });
        notify({ type: 'success', text: 'The replay is stopped.' });
        await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
      }}
    >
      <p>
        What is queued already still goes out: {replay.done + replay.failed} of {replay.total} are through.
      </p>
    </Confirm>
  );
}
