import { useQuery } from '@tanstack/react-query';
import { bodyOf, type Client } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { inTurn } from '../../ui/in-turn.ts';
import { useSeen } from '../../ui/use-seen.ts';
import { queryOf, spanOf } from '../overview/spans.ts';
import { bucketsOf } from '../overview/statistics.ts';
import { Sparkline } from './sparkline.tsx';

/** Reads of one page at the same time. */
const turn = inTurn(4);
const DAY = spanOf('24');
/** Counts are up to two minutes old; a list need not know better, milliseconds. */
export const FRESH_MS = 120_000;

/** An endpoint, and whose it is, which spares the API a look. */
export interface Endpoint {
  subscription: string;
  organization: string;
}

/** Counts of one endpoint's last day: one read, kept for two minutes. */
export function dayQuery(client: Client, of: Endpoint) {
  return {
    queryKey: ['/v1/statistics', 'day', of],
    queryFn: () =>
      turn(() => bodyOf(client.GET('/v1/statistics', { params: { query: { ...of, ...queryOf(DAY, Date.now()) } } }))),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
  };
}

/** Tries of the last day of one endpoint of many, read once its row is on the screen. */
export function LazySparkline({ of }: { of: Endpoint }) {
  const { client } = useSession();
  const [ref, isSeen] = useSeen<HTMLDivElement>();
  const { data } = useQuery({ ...dayQuery(client, of), enabled: isSeen });
  return (
    <div ref={ref} className="of-list">
      {data &&
        (data.data.length === 0 ? <span className="quiet">no try</span> : <Sparkline buckets={bucketsOf(data)} />)}
    </div>
  );
}
