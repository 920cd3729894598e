import { useSyncExternalStore } from 'react';
import { useQueryClient, type Query, type QueryCache } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';

/** One lost answer is nothing; two in a row say that what is on the screen grows old. */
const FAILURES = 2;

/** Above a page whose data can no longer be read again: since when it is as old as it looks. */
export function StaleMark() {
  const cache = useQueryClient().getQueryCache();
  const since = useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => staleSince(cache),
  );
  return (
    <div role="status">
      {since !== undefined && (
        <Alert type="warning">
          Not updated since {new Date(since).toLocaleTimeString(undefined, { hourCycle: 'h23' })}. Trying again.
        </Alert>
      )}
    </div>
  );
}

/** When the oldest of what is on the screen and cannot be read again was read, milliseconds. */
function staleSince(cache: QueryCache): number | undefined {
  const stale = cache.findAll({ type: 'active' }).filter(isStale);
  return stale.length === 0 ? undefined : Math.min(...stale.map(({ state }) => state.dataUpdatedAt));
}

function isStale({ state }: Query): boolean {
  if (state.data === undefined) return false;
  return state.status === 'error' || state.fetchStatus === 'paused' || state.fetchFailureCount >= FAILURES;
}
