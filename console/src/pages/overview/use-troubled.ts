import { useQuery } from '@tanstack/react-query';
import { bodyOf, type Client } from '../../api/client.ts';
import type { Listed, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { TROUBLED } from './harm.ts';

/** Pages of 100 subscriptions that are looked through, of those in some trouble. */
export const TROUBLED_PAGES = 5;

/** Subscriptions to which something is not sent, or slowly. */
export function useTroubled(organization: string | undefined) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['/v1/subscriptions', 'attention', organization],
    queryFn: () => look(client, organization),
    refetchInterval: 30_000,
  });
}

async function look(
  client: Client,
  organization: string | undefined,
): Promise<{ found: Subscription[]; complete: boolean }> {
  const found: Subscription[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < TROUBLED_PAGES; read++) {
    const query = { organization, state: TROUBLED.join(','), limit: '100', cursor };
    const page: Listed<Subscription> = await bodyOf(client.GET('/v1/subscriptions', { params: { query } }));
    found.push(...page.data);
    if (page.next_cursor === null) return { found, complete: true };
    cursor = page.next_cursor;
  }
  return { found, complete: false };
}
