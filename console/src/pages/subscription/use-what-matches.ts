import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiError, bodyOf } from '../../api/client.ts';
import type { Answer, Input } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { messageOf } from '../../ui/notices.tsx';
import { useRested } from '../../ui/use-rested.ts';
import { readFilterText } from './filter-text.ts';
import { patternsOf, type Fields } from './form-fields.ts';

/** Rest between the last key and the question, milliseconds. */
const REST_MS = 600;
/** How many of the newest events are looked at. */
const LOOK_AT = 20;

export type TriedEvents = Answer<'tryFilter'>;

export interface WhatMatches {
  tried: TriedEvents | undefined;
  /** The answer is about what stood there before. */
  isOld: boolean;
  /** The filter is no JSON yet, so nothing is asked: the answer stays about what stood there before. */
  isUnreadable: boolean;
  /** What the API says against the events, account or filter, by place. */
  errors: readonly { pointer: string; detail: string }[];
  /** Why nothing can be tried. */
  error: string | undefined;
}

/**
 * Which of the newest events would be sent with what stands in the form: asked once nothing was typed for a while, and of the
 * newest events alone.
 */
export function useWhatMatches({ organization, account, events, filter }: Fields): WhatMatches {
  const { client, isStaff } = useSession();
  const now = JSON.stringify({ organization, account, events, filter: filter.trim() });
  const asked = useRested(now, REST_MS);
  const body = bodyFor(JSON.parse(asked) as Asked);
  const isNamed = !isStaff || body?.organization !== undefined;
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['/v1/filter-test', body],
    queryFn: () => bodyOf(client.POST('/v1/filter-test', { body: body! })),
    enabled: body !== undefined && isNamed,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const errors = error instanceof ApiError && now === asked ? error.errors : [];
  const isAtField = errors.length > 0;
  return {
    tried: error || !isNamed ? undefined : data,
    isOld: isPlaceholderData || now !== asked,
    isUnreadable: body === undefined && now === asked,
    errors,
    error: error && !isAtField ? messageOf(error) : undefined,
  };
}

type Asked = Pick<Fields, 'organization' | 'account' | 'events' | 'filter'>;

/** @returns undefined while the filter is no JSON. */
function bodyFor({ organization, account, events, filter }: Asked): Input<'tryFilter'> | undefined {
  const read = readFilterText(filter);
  const patterns = patternsOf(events);
  if (!read.ok) return undefined;
  return {
    ...(organization.trim() !== '' && { organization: organization.trim() }),
    ...(account.trim() !== '' && { account: account.trim() }),
    ...(patterns.length > 0 && { events: patterns }),
    ...(read.filter && { filter: read.filter }),
    limit: LOOK_AT,
  };
}
