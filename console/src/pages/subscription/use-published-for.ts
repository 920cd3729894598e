import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { bodyOf } from '../../api/client.ts';
import { useSession } from '../../session.tsx';

/** Rest between the last key and the question, milliseconds. */
const REST_MS = 400;

/**
 * Whether any event of an organization is kept: a name that was typed wrongly never gets one, and nothing else tells.
 * @returns undefined while nobody knows, and for what is no name.
 */
export function usePublishedFor(organization: string): boolean | undefined {
  const { client } = useSession();
  const [asked, setAsked] = useState(organization);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(organization.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [organization]);
  const { data } = useQuery({
    queryKey: ['/v1/events', 'any of', asked],
    queryFn: () => bodyOf(client.GET('/v1/events', { params: { query: { organization: asked, limit: '1' } } })),
    enabled: /^[\w-]{1,64}$/.test(asked),
    staleTime: 60_000,
  });
  if (asked !== organization.trim() || data === undefined) return undefined;
  return data.data.length > 0 || data.next_cursor !== null;
}
