import { useMemo, useSyncExternalStore } from 'react';

/** Below it a table is a list of cards, pixels. */
export const PHONE = 700;
/** From here on a call has room beside the log, pixels: the same stands in styles.css. */
export const WIDE = 1200;

/** Whether the window is narrower than so many pixels. */
export function useNarrow(pixels: number): boolean {
  const { subscribe, read } = useMemo(() => watch(pixels), [pixels]);
  return useSyncExternalStore(subscribe, read);
}

function watch(pixels: number) {
  const query = matchMedia(`(max-width: ${pixels - 1}px)`);
  return {
    read: () => query.matches,
    subscribe: (listener: () => void) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
  };
}
