import { createNewestTimes, millisecondsOf } from './newest-times.ts';

export interface ReorderOptions<T> {
  /** The resource that an item is about, such as `visit/28540`: order is kept within each. */
  resourceOf(item: T): string;
  /** The item's `updated_at`. */
  timeOf(item: T): string;
  /** Gets the items, those of one resource in order. It must not throw. */
  release(item: T): void;
  /**
   * How long an item waits for older ones, milliseconds. Posthorn begins all four tries within 5 minutes, also when the
   * receiver leaves some of them unanswered.
   * @default 300_000
   */
  holdMs?: number;
  /** Items held at most; beyond that the one held longest goes early, after what must go before it. @default 10_000 */
  maxHeld?: number;
  /** Resources whose newest released time is remembered. @default 100_000 */
  maxResources?: number;
  /** Milliseconds since the epoch. @default Date.now */
  now?: () => number;
}

/** Axle's second recipe: hold what comes for 5 minutes, then hand it on in the order of `updated_at`. */
export interface ReorderBuffer<T> {
  /**
   * @returns `late` when something newer of the same resource was released before: this item never will be.
   * @throws TypeError when its time cannot be read.
   */
  push(item: T): 'held' | 'late';
  /** Releases what has waited long enough; call it about once a second. */
  releaseDue(): void;
  /** Releases everything: for an orderly end of the process. */
  flush(): void;
  /** Items held now. */
  readonly size: number;
}

interface Held<T> {
  item: T;
  resource: string;
  milliseconds: number;
  dueMs: number;
}

/** Lives in memory: answer Posthorn with 200 only once the delivery also stands somewhere that survives a crash. */
export function createReorderBuffer<T>(options: ReorderOptions<T>): ReorderBuffer<T> {
  const { holdMs = 300_000, maxHeld = 10_000, maxResources = 100_000, now = Date.now } = options;
  /** In order of arrival, which is the order of becoming due. */
  const held = new Set<Held<T>>();
  /** Sorted by time; equal times in order of arrival. */
  const byResource = new Map<string, Held<T>[]>();
  const released = createNewestTimes(maxResources);

  /** Releases an item, after everything of its resource that is not newer. */
  function releaseWith(due: Held<T>): void {
    const queue = byResource.get(due.resource) ?? [];
    const count = queue.lastIndexOf(due) + 1;
    for (const one of queue.splice(0, count)) {
      held.delete(one);
      released.set(one.resource, one.milliseconds);
      options.release(one.item);
    }
    if (queue.length === 0) byResource.delete(due.resource);
  }

  return {
    push(item) {
      const resource = options.resourceOf(item);
      const milliseconds = millisecondsOf(options.timeOf(item));
      if (!released.isCurrent(resource, milliseconds)) return 'late';
      const entry = { item, resource, milliseconds, dueMs: now() + holdMs };
      const queue = byResource.get(resource) ?? [];
      byResource.set(resource, queue);
      queue.splice(queue.findLastIndex((other) => other.milliseconds <= milliseconds) + 1, 0, entry);
      held.add(entry);
      if (held.size > maxHeld) releaseWith(first(held)!);
      return 'held';
    },
    releaseDue() {
      for (let next = first(held); next && next.dueMs <= now(); next = first(held)) releaseWith(next);
    },
    flush() {
      for (let next = first(held); next; next = first(held)) releaseWith(next);
    },
    get size() {
      return held.size;
    },
  };
}

function first<T>(items: Set<T>): T | undefined {
  const { done, value } = items.values().next();
  return done ? undefined : value;
}
