import { useState } from 'react';
import { useParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf, type Client } from '../api/client.ts';
import { useSession } from '../session.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { counted } from '../ui/counted.ts';
import { Failure } from '../ui/failure.tsx';
import { Link } from '../ui/link.tsx';
import { useTitle } from '../ui/title.ts';

/** Milliseconds between two looks at a purge. */
const LOOK_MS = 2000;

/** One organization, for administrators: what there is of it, and its end. */
export default function Organization() {
  const { organization = '' } = useParams();
  const { client } = useSession();
  useTitle(organization);
  const [asking, setAsking] = useState(false);
  const [job, setJob] = useState<string>();
  const found = useQuery({
    queryKey: ['/v1/organizations', 'dry run', organization],
    queryFn: () => countOf(client, organization),
  });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Button disabled={job !== undefined || !found.data} onClick={() => setAsking(true)}>
            Delete everything
          </Button>
        }
      >
        {organization}
      </Header>
      {job !== undefined && <Progress id={job} over={() => void found.refetch()} />}
      <Container>
        <Box variant="p">
          {found.data ? wordsOf(found.data) : <StatusIndicator type="loading">Counting</StatusIndicator>}
        </Box>
        <Link to={`/console/subscriptions?organization=${organization}`}>Subscriptions</Link>
        {' · '}
        <Link to={`/console/deliveries?organization=${organization}`}>Deliveries</Link>
        {' · '}
        <Link to={`/console/audit?organization=${organization}`}>Audit trail</Link>
      </Container>
      {asking && found.data && (
        <AskPurge
          organization={organization}
          what={wordsOf(found.data)}
          close={() => setAsking(false)}
          act={async () => setJob((await purge(client, organization)).id)}
        />
      )}
    </SpaceBetween>
  );
}

/** Asks for the name to be typed: nothing brings back what is deleted here. */
function AskPurge(props: { organization: string; what: string; close: () => void; act: () => Promise<void> }) {
  const [typed, setTyped] = useState('');
  return (
    <Confirm
      title={`Delete everything of ${props.organization}?`}
      verb="Delete for good"
      ready={typed === props.organization}
      close={props.close}
      act={props.act}
    >
      <Alert type="warning">
        {props.what}, with all their deliveries, secrets, keys and sessions. Nothing brings them back. What is queued is
        not sent any more; the audit trail stays.
      </Alert>
      <FormField label="Type the organization's name">
        <Input value={typed} autoFocus onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </Confirm>
  );
}

function Progress({ id, over }: { id: string; over: () => void }) {
  const { client } = useSession();
  const { data, error } = useQuery({
    queryKey: ['/v1/purges', id],
    queryFn: async () => {
      const job = await bodyOf(client.GET('/v1/purges/{id}', { params: { path: { id } } }));
      if (job.state === 'done') over();
      return job;
    },
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : LOOK_MS),
  });
  if (error) return <Failure error={error} />;
  const deleted = counted(data?.deleted ?? 0, 'row');
  return (
    <div role="status">
      {data?.state === 'done' ? (
        <Alert type="success">{deleted} deleted. Nothing is left.</Alert>
      ) : (
        <Alert type="info">
          {deleted} deleted so far. It takes five minutes at least, and goes on when this page is closed.
        </Alert>
      )}
    </div>
  );
}

interface Counts {
  subscriptions?: number;
  keys?: number;
  events: number;
  complete: boolean;
}

function wordsOf({ subscriptions = 0, keys = 0, events, complete }: Counts): string {
  const all = [counted(subscriptions, 'subscription'), counted(keys, 'API key'), counted(events, 'event')].join(', ');
  return complete ? all : `At least ${all}`;
}

/** @throws when the API has begun to delete instead of counting. */
async function countOf(client: Client, organization: string): Promise<Counts> {
  const params = { path: { organization }, query: { dry_run: 'true' as const } };
  const counts = await bodyOf(client.DELETE('/v1/organizations/{organization}', { params }));
  if ('complete' in counts) return counts;
  throw new Error('Expected a count.');
}

async function purge(client: Client, organization: string): Promise<{ id: string }> {
  const job = await bodyOf(client.DELETE('/v1/organizations/{organization}', { params: { path: { organization } } }));
  if ('id' in job) return job;
  throw new Error('Expected a job.');
}
