import { useQueries } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import type { Delivery } from '../../api/types.ts';
import { useSession } from '../../session.tsx';

/** So few endpoints or organizations are meant that what failed there may be what is looked for. */
const FEW = 3;
const LIMIT = '10';
/** What an organization's failures are found by in one read; of an endpoint, its log says more. */
const FAILED = 'failed,exhausted,gone';

interface Found {
  organizations: readonly { organization: string }[];
  subscriptions: readonly { id: string; organization: string }[];
}

/** What failed lately at the few that were found by name or URL; of many it would say little. */
export function useFailedAt({ organizations, subscriptions }: Found): {
  rows: Delivery[];
  isLoading: boolean;
  error: unknown;
} {
  const { client } = useSession();
  const named = organizations.length <= FEW ? organizations.map(({ organization }) => organization) : [];
  const others = subscriptions.filter(({ organization }) => !named.includes(organization));
  const endpoints = others.length <= FEW ? others : [];
  const asked = [
    ...named.map((organization) => ({ organization, outcome: FAILED, limit: LIMIT })),
    ...endpoints.map(({ id, organization }) => ({
      organization,
      subscription: id,
      outcome: `${FAILED},held`,
      limit: LIMIT,
    })),
  ];
  const answers = useQueries({
    queries: asked.map((query) => ({
      queryKey: ['/v1/deliveries', 'failed at', query],
      queryFn: () => bodyOf(client.GET('/v1/deliveries', { params: { query } })),
    })),
  });
  const rows = answers.flatMap(({ data }) => data?.data ?? []);
  rows.sort((a, b) => b.accepted_at.localeCompare(a.accepted_at));
  return {
    rows,
    isLoading: answers.some(({ isLoading }) => isLoading),
    error: answers.find(({ error }) => error)?.error,
  };
}
