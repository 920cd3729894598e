import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { BASE_PATH } from '../base-path.ts';

/** What was written last, until it has arrived in the address. */
let pending: { before: string; next: URLSearchParams } | undefined;

/**
 * What a page shows, kept in its address, so that it can be shared, reloaded and gone back to.
 * @returns the values, and a setter: undefined or empty removes.
 */
export function useAddress(): [
  (name: string) => string | undefined,
  (change: Record<string, string | undefined>, how?: { replace?: boolean }) => void,
] {
  const [params, setParams] = useSearchParams();
  const { pathname } = useLocation();
  const read = (name: string): string | undefined => params.get(name) || undefined;
  const write = (change: Record<string, string | undefined>, how: { replace?: boolean } = {}): void => {
    // The person has gone on while the next page is being loaded: what this one still writes would bring it back.
    if (location.pathname !== BASE_PATH + pathname) return;
    // Two filters written at once: the second one builds on the first, which is not in the address yet.
    const next = new URLSearchParams(pending?.before === location.search ? pending.next : location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    pending = { before: location.search, next };
    setParams(next, how);
  };
  useEffect(() => {
    pending = undefined;
  }, [params]);
  return [read, write];
}
