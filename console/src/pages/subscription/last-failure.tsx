import { useQuery } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';

/** What the endpoint answered when it failed last: the newest calls of one that is down are all held. */
export function LastFailure({ subscription }: { subscription: string }) {
  const { client } = useSession();
  const { data } = useQuery({
    queryKey: ['/v1/attempts', 'last failure', subscription],
    queryFn: () => {
      const query = { subscription, outcome: 'failed,exhausted', limit: '1' };
      return bodyOf(client.GET('/v1/attempts', { params: { query } }));
    },
    refetchInterval: 15_000,
  });
  const call = data?.data[0];
  if (!call) return null;
  return (
    <>
      The last:{' '}
      <Link to={`/console/subscriptions/${subscription}?call=${encodeURIComponent(call.id)}`}>
        {call.reason ?? `status ${call.status}`}
      </Link>
      , <Time iso={call.attempted_at} />.
    </>
  );
}
