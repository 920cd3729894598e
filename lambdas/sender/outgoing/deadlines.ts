/** Something that must end by a time. */
export interface Expiring {
  /** On the same clock as the one given to {@link createDeadlines}. */
  readonly deadline: number;
  expire(): void;
}

// One timer for all: a timer or AbortSignal per request costs as much as the request. 20 a second are enough, because
// success is judged by the clock and not by this timer.
const SWEEP_MS = 50;

/** Ends what is overdue, at most {@link SWEEP_MS} late. The timer runs only while something is watched. */
export function createDeadlines(now: () => number): { watch(item: Expiring): void; release(item: Expiring): void } {
  const watched = new Set<Expiring>();
  let timer: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    const time = now();
    for (const item of watched) if (item.deadline <= time) item.expire();
  };
  return {
    watch(item) {
      watched.add(item);
      timer ??= setInterval(sweep, SWEEP_MS);
    },
    release(item) {
      watched.delete(item);
      if (watched.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
