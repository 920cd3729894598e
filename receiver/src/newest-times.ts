/** The newest time of each resource, for at most `max` of them: the one that changed longest ago is forgotten first. */
export function createNewestTimes(max: number) {
  const newest = new Map<string, number>();
  return {
    /** Whether nothing newer is known. */
    isCurrent: (resource: string, milliseconds: number): boolean => milliseconds >= (newest.get(resource) ?? -Infinity),
    set(resource: string, milliseconds: number): void {
      // Deleted first, so that the Map's order is that of the last change.
      newest.delete(resource);
      newest.set(resource, milliseconds);
      if (newest.size > max) newest.delete(newest.keys().next().value!);
    },
  };
}

/** @throws TypeError when it is no time. */
export function millisecondsOf(time: string): number {
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) {
    throw new TypeError(`Expected a time as 2026-01-31T09:15:00.123Z, got ${JSON.stringify(time).slice(0, 60)}`);
  }
  return milliseconds;
}
