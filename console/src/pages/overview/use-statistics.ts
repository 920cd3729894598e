import { useQuery } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { queryOf, type Span } from './spans.ts';

/** The counts are up to two minutes old; to ask more often tells nothing new, milliseconds. */
const REFRESH_MS = 60_000;

/** Counts of a subscription, an organization, or everything that the key sees. */
export function useStatistics(
  span: Span,
  of: { organization?: string | undefined; subscription?: string | undefined },
  { enabled = true } = {},
) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['/v1/statistics', span.id, of],
    queryFn: () => bodyOf(client.GET('/v1/statistics', { params: { query: { ...of, ...queryOf(span, Date.now()) } } })),
    refetchInterval: REFRESH_MS,
    enabled,
  });
}
