import { useLocation, useSearchParams } from 'react-router';

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
    if (location.pathname !== pathname) return;
    setParams((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(change)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    }, how);
  };
  return [read, write];
}
