/** Something that must end by a time. */
export interface Expiring {
  /** On the same clock as the one given to {@link createDeadlines}. */
  readonly deadline: number;
  /** Where {@link createDeadlines} keeps it: its own. */
  place: number;
  expire(): void;
}

// One timer for all: a timer or AbortSignal per request costs as much as the request. 20 a second are enough, because
// success is judged by the clock and not by this timer.
const SWEEP_MS = 50;

/**
 * Ends what is overdue, at most {@link SWEEP_MS} late. The timer runs only while something is watched.
 *
 * A list and not a Set: V8's Set keeps a table's entries when it grows or shrinks out of it, and old tables lead to the
 * newer ones, so that garbage collections of the young kept nearly every request of a batch alive.
 */
export function createDeadlines(now: () => number): { watch(item: Expiring): void; release(item: Expiring): void } {
  const watched: Expiring[] = [];
  let timer: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    const time = now();
    for (const item of [...watched]) if (item.deadline <= time) item.expire();
  };
  return {
    watch(item) {
      item.place = watched.push(item) - 1;
      timer ??= setInterval(sweep, SWEEP_MS);
    },
    release(item) {
      if (watched[item.place] !== item) return;
      const last = watched.pop()!;
      if (last !== item) {
        watched[item.place] = last;
        last.place = item.place;
      }
      if (watched.length > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
