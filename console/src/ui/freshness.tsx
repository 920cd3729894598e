import { useSyncExternalStore } from 'react';
import { useQueryClient, type Query, type QueryCache } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import { agoOf } from './ago.ts';
import { useNow } from './clock.ts';
import { timeWords } from './time-words.ts';
import { useZone } from './zone.ts';

/** One lost answer is nothing; two in a row say that what is on the screen grows old. */
const FAILURES = 2;

/** Above each page: how old what it shows is, and in amber when it can no longer be read again. */
export function Freshness() {
  const cache = useQueryClient().getQueryCache();
  const zone = useZone();
  const now = useNow(1000);
  const listen = (changed: () => void): (() => void) => cache.subscribe(changed);
  const staleSince = useSyncExternalStore(listen, () => oldest(cache, isStale));
  const readAt = useSyncExternalStore(listen, () => oldest(cache, isLive));
  return (
    <>
      <div role="status">
        {staleSince !== undefined && (
          <Alert type="warning">Not updated since {timeWords(staleSince, zone, now).short}. Trying again.</Alert>
        )}
      </div>
      {/* No live region: it would speak every second. */}
      <div className="freshness">
        {staleSince === undefined && readAt !== undefined && `Updated ${agoOf(Math.max(0, now - readAt))}`}
      </div>
    </>
  );
}

/** When the oldest of what is on the screen was read, milliseconds. */
function oldest(cache: QueryCache, isMeant: (query: Query) => boolean): number | undefined {
  const meant = cache.findAll({ type: 'active' }).filter(isMeant);
  return meant.length === 0 ? undefined : Math.min(...meant.map(({ state }) => state.dataUpdatedAt));
}

/** Read again by itself; what never changes has no age. */
function isLive({ state, observers }: Query): boolean {
  return state.data !== undefined && observers.some(({ options }) => Boolean(options.refetchInterval));
}

function isStale({ state }: Query): boolean {
  if (state.data === undefined) return false;
  return state.status === 'error' || state.fetchStatus === 'paused' || state.fetchFailureCount >= FAILURES;
}
