import { useQuery } from '@tanstack/react-query';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { DocsLink } from '../../ui/docs-link.tsx';
import { Link } from '../../ui/link.tsx';

/** As the log of a subscription is read: who has just sent a first event looks here for it. Milliseconds. */
const LIVE_MS = 3000;

/** Until an organization has had its first delivery: what to do, and what of it is done. */
export function FirstSteps() {
  const { client, isStaff, mayChange } = useSession();
  // Who may only look can take none of the steps.
  const isAsked = !isStaff && mayChange;
  const { data } = useQuery({
    queryKey: ['/v1/subscriptions', 'first steps'],
    queryFn: () => bodyOf(client.GET('/v1/subscriptions', { params: { query: { limit: '2' } } })),
    refetchInterval: LIVE_MS,
    enabled: isAsked,
  });
  const { data: delivered } = useQuery({
    queryKey: ['/v1/attempts', 'first steps'],
    queryFn: () => bodyOf(client.GET('/v1/attempts', { params: { query: { outcome: 'delivered', limit: '1' } } })),
    refetchInterval: LIVE_MS,
    enabled: isAsked && data?.next_cursor === null,
  });
  const first = data?.data[0];
  // Who has several, or has got one, needs no help with the first.
  if (!data || data.data.length > 1 || !delivered || delivered.data.length > 0) return null;
  const page = first && `/console/subscriptions/${first.id}`;
  const isCalled = first?.health?.called === true;
  return (
    <Container header={<Header variant="h2">From nothing to the first delivery</Header>}>
      <ol className="steps">
        <Step isDone={first !== undefined}>
          {first ? <>Your address is known.</> : <Link to="/console/subscriptions/new">Set where events are sent</Link>}
        </Step>
        <Step isDone={false}>
          {page ? (
            <>
              <Link to={page}>Copy the signing secret</Link>, and check signatures with it:{' '}
            </>
          ) : (
            'Check signatures with its secret: '
          )}
          <DocsLink to="verify">code for your language</DocsLink>
        </Step>
        <Step isDone={isCalled}>
          {page ? <Link to={page}>Send a ping</Link> : 'Send a ping'}, and see what your endpoint answered
        </Step>
        <Step isDone={false}>
          When it answers 200, this list disappears and the numbers of your deliveries appear here.
        </Step>
      </ol>
    </Container>
  );
}

function Step({ isDone, children }: { isDone: boolean; children: React.ReactNode }) {
  return (
    <li>
      <StatusIndicator type={isDone ? 'success' : 'pending'}>{isDone ? 'done' : 'to do'}</StatusIndicator> {children}
    </li>
  );
}
