import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session.tsx';
import { bodyOf } from './client.ts';

/** How often it is looked whether anything is wrong, milliseconds: the API itself looks no oftener. */
const REFRESH_MS = 15_000;

/** Whether anything is wrong now; only staff are told. */
export function useStatus() {
  const { client, isStaff } = useSession();
  return useQuery({
    queryKey: ['/v1/status'],
    queryFn: () => bodyOf(client.GET('/v1/status')),
    refetchInterval: REFRESH_MS,
    enabled: isStaff,
  });
}
