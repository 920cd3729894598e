import { createNewestTimes, millisecondsOf } from './newest-times.ts';

export interface LatestOnlyOptions {
  /**
   * Resources remembered, about 100 bytes each. Beyond that the one that changed longest ago is forgotten, and a stale
   * delivery for it would pass.
   * @default 100_000
   */
  maxResources?: number;
}

/** Axle's first recipe: drop what is older than the newest seen for its resource. */
export interface LatestOnly {
  /**
   * Whether to use this state. Equal times pass: two edits may fall into one millisecond, and a repetition is told by
   * its `webhook-id`.
   * @param resource names the resource, such as `visit/28540`.
   * @param updatedAt the body's `updated_at`: ISO 8601 with milliseconds, UTC.
   * @throws TypeError when the time cannot be read.
   */
  accept(resource: string, updatedAt: string): boolean;
}

/** Remembers in this process. Several processes need the newest time beside the resource in their database instead. */
export function createLatestOnly({ maxResources = 100_000 }: LatestOnlyOptions = {}): LatestOnly {
  const seen = createNewestTimes(maxResources);
  return {
    accept(resource, updatedAt) {
      const milliseconds = millisecondsOf(updatedAt);
      if (!seen.isCurrent(resource, milliseconds)) return false;
      seen.set(resource, milliseconds);
      return true;
    },
  };
}
