import { lazy, Suspense, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import { bodyOf } from '../../api/client.ts';
import type { Attempt } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { Failure } from '../../ui/failure.tsx';
import { outcomeColumn } from '../../ui/status.tsx';
import { loadPage } from '../../load-page.ts';
import { Time } from '../../ui/time.tsx';

// With a library that few need, loaded when it is first needed.
const Compare = lazy(() => loadPage(() => import('./compare.tsx')));

/** All tries of one delivery, of thousands of probes the newest; for whoever shows them, and what stands below them. */
export function useSiblings({ event_id: event, subscription_id: subscription }: Attempt) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['/v1/attempts', 'of', event, subscription],
    queryFn: () => bodyOf(client.GET('/v1/attempts', { params: { query: { subscription, event, limit: '100' } } })),
    refetchInterval: 3000,
  });
}

/** All tries of one delivery, oldest first: the story of the call that is looked at. */
export function Siblings({ attempt }: { attempt: Attempt }) {
  const [, write] = useAddress();
  const [other, setOther] = useState<string>();
  const { data, error, isLoading } = useSiblings(attempt);
  if (error) return <Failure error={error} />;
  return (
    <>
      <Table
        variant="embedded"
        contentDensity="compact"
        loading={isLoading}
        loadingText="Loading all tries"
        items={(data?.data ?? []).toReversed()}
        trackBy="id"
        footer={
          data?.next_cursor ? `Only the newest ${data.data.length} tries; earlier ones are in the log.` : undefined
        }
        ariaLabels={{ tableLabel: 'All tries of this delivery' }}
        columnDefinitions={[
          {
            id: 'time',
            header: 'All tries of this delivery',
            isRowHeader: true,
            cell: (item) =>
              item.id === attempt.id ? (
                <strong>
                  <Time iso={item.attempted_at} />
                </strong>
              ) : (
                <>
                  <Button variant="inline-link" onClick={() => write({ call: item.id })}>
                    <Time iso={item.attempted_at} />
                  </Button>
                  <div>
                    <Button
                      variant="inline-link"
                      ariaLabel={`Compare with the try of ${item.attempted_at}`}
                      onClick={() => setOther(item.id)}
                    >
                      Compare
                    </Button>
                  </div>
                </>
              ),
          },
          { id: 'try', header: 'Try', cell: (item) => item.attempt },
          outcomeColumn<Attempt>(),
          { id: 'status', header: 'Status', cell: (item) => item.status ?? '–' },
        ]}
      />
      {other !== undefined && (
        <Suspense fallback={<Spinner />}>
          <Compare attempt={attempt} other={other} close={() => setOther(undefined)} />
        </Suspense>
      )}
    </>
  );
}
