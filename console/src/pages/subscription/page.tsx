import { useParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Log } from './log.tsx';
import { Settings } from './settings.tsx';

/** One subscription: what it is set to, and on the same page the log of all its calls. */
export default function SubscriptionPage() {
  const id = useParams().id!;
  const { client } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/subscriptions', id],
    queryFn: () => client.get<Subscription>(`/v1/subscriptions/${encodeURIComponent(id)}`),
    refetchInterval: 5000,
  });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Settings subscription={data} />
      <Log subscription={data} />
    </SpaceBetween>
  );
}
