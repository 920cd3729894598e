import { useRef, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Listed } from '../api/types.ts';
import { isAboutFilters } from './filter-errors.tsx';

/** A page may come short or empty although more follow; so many are read to fill one. */
const READS = 10;
/** Items on a page. */
export const PAGE_SIZE = 50;

/** A long list, of which one page at a time is in memory and on the screen. */
export interface Pages<Item> {
  items: Item[];
  page: number;
  hasNext: boolean;
  goTo(page: number): void;
  isLoading: boolean;
  error: unknown;
  reload(): void;
}

/** A list of the API. */
export interface ListSource<Item> {
  /** Its path and its filters: what another list differs by. */
  key: readonly [path: string, filters: object];
  read(page: { limit: string; cursor: string | undefined }): Promise<Listed<Item>>;
  /** How often the first page is read again, milliseconds; later ones stand still while somebody reads them. */
  refreshMs?: number | undefined;
  /** Items on a page. @default 50 */
  size?: number;
}

/** Pages through a list of the API by its cursors. */
export function usePages<Item>({ key, read, refreshMs, size = PAGE_SIZE }: ListSource<Item>): Pages<Item> {
  const list = JSON.stringify(key);
  const [place, setPlace] = useState<{ list: string; page: number; cursors: (string | undefined)[] }>({
    list,
    page: 1,
    cursors: [undefined],
  });
  // Other filters, another list: from its beginning.
  const { page, cursors } = place.list === list ? place : { page: 1, cursors: [undefined] };
  const cursor = cursors[page - 1];
  // Not `isFetching`: with it the whole list would be drawn twice for each look, though nothing is new.
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [...key, cursor],
    queryFn: async () => {
      const items: Item[] = [];
      let next: string | null | undefined = cursor;
      for (let reads = 0; reads < READS; reads++) {
        const found = await read({ limit: String(size), cursor: next ?? undefined });
        items.push(...found.data);
        next = found.next_cursor;
        // Never beyond what the cursor names: a part of a page cannot be taken up again.
        if (next === null || items.length > 0) break;
      }
      return { items, next };
    },
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 && refreshMs !== undefined ? refreshMs : false,
  });
  // What stands on the screen stays there while a filter is being mended.
  const kept = useRef(data);
  if (data) kept.current = data;
  const { items = [], next = undefined } = data ?? (isAboutFilters(error) ? kept.current : undefined) ?? {};
  return {
    items,
    page,
    hasNext: typeof next === 'string',
    goTo: (wanted) => {
      const known = wanted <= cursors.length ? cursors : [...cursors, next ?? undefined];
      if (wanted <= known.length) setPlace({ list, page: wanted, cursors: known });
    },
    isLoading,
    error,
    reload: () => void refetch(),
  };
}
