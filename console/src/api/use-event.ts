import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session.tsx';
import { bodyOf } from './client.ts';
import type { EventDetail } from './types.ts';

/** One event, with its `data` digit by digit. @param refreshMs how often it is read again. */
export function useEvent(id: string, refreshMs?: number) {
  const { client } = useSession();
  return useQuery({
    queryKey: ['/v1/events', id],
    queryFn: async () =>
      readEvent(await bodyOf(client.GET('/v1/events/{id}', { params: { path: { id } }, parseAs: 'text' }))),
    refetchInterval: refreshMs ?? false,
  });
}

/**
 * The event, and its `data` as it was posted: the API puts it last and leaves its digits alone, JSON.parse would not. In
 * JSON, `,"data":` can only be the member itself: inside a string its quotes would be escaped.
 */
function readEvent(text: string): EventDetail & { dataText?: string } {
  const start = text.indexOf(',"data":');
  const event = JSON.parse(text) as EventDetail;
  return start < 0 ? event : { ...event, dataText: text.slice(start + ',"data":'.length, -1) };
}
