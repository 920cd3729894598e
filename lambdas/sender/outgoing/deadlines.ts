/** Something that must end by a time. */
export interface Expiring {
  /** On the same clock as the one given to {@link createDeadlines}. May move. */
  readonly deadline: number;
  /** Where {@link createDeadlines} keeps it: its own. */
  place: number;
  expire(): void;
}

/** Ends what is overdue. */
export interface Deadlines {
  watch(item: Expiring): void;
  release(item: Expiring): void;
  /**
   * For how long this process has not done what was due, milliseconds, in all, while something was watched: another had
   * its processor, or it was busy itself. Answers that came meanwhile lay unread.
   */
  ownLagMs(): number;
}

// One timer for all: a timer or AbortSignal per request costs as much as the request. Success is judged by the clock and not by
// this timer; it is as quick as Lambda takes the processor away, in periods of 20 ms, to see how often that happens.
const SWEEP_MS = 20;
/** A timer that is late by less is no sign of anything. */
const PUNCTUAL_MS = 5;

/**
 * Ends what is overdue, at most {@link SWEEP_MS} late. The timer runs only while something is watched.
 * @param now milliseconds, of the deadlines.
 * @param timerNow milliseconds, by which timers run. @default the machine's
 *
 * A list and not a Set: V8's Set keeps a table's entries when it grows or shrinks out of it, and old tables lead to the
 * newer ones, so that garbage collections of the young kept nearly every request of a batch alive.
 */
export function createDeadlines(now: () => number, timerNow = (): number => performance.now()): Deadlines {
  const watched: Expiring[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** When the timer fires next, if nothing comes between. */
  let dueMs = 0;
  let lagMs = 0;
  const lateMs = (): number => {
    const late = timer === undefined ? 0 : timerNow() - dueMs;
    return late > PUNCTUAL_MS ? late : 0;
  };
  const sweep = (): void => {
    lagMs += lateMs();
    dueMs = timerNow() + SWEEP_MS;
    const time = now();
    for (const item of [...watched]) if (item.deadline <= time) item.expire();
  };
  return {
    watch(item) {
      item.place = watched.push(item) - 1;
      if (timer !== undefined) return;
      dueMs = timerNow() + SWEEP_MS;
      timer = setInterval(sweep, SWEEP_MS);
    },
    release(item) {
      if (watched[item.place] !== item) return;
      const last = watched.pop()!;
      if (last !== item) {
        watched[item.place] = last;
        last.place = item.place;
      }
      if (watched.length > 0) return;
      lagMs += lateMs();
      clearInterval(timer);
      timer = undefined;
    },
    // What the timer has not counted yet counts, too: it may be late because of what is being done now.
    ownLagMs: () => lagMs + lateMs(),
  };
}
