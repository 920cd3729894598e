import type { Clock } from '../clock.ts';

/** Tries to receive; an empty list means that nothing is there now. */
export type Attempt<T> = () => T[];

interface Waiting {
  attempt: Attempt<unknown>;
  settle: (messages: unknown[]) => void;
  fail: (error: Error) => void;
  cancelDeadline: () => void;
}

interface Line {
  waiting: Set<Waiting>;
  cancelAlarm: () => void;
}

/**
 * The receives that wait for messages, per queue in the order of their coming. They sleep: a change of their queue
 * wakes them, or an alarm set to the moment when the next hidden message shows, or their own deadline.
 */
export class LongPolls {
  readonly #clock: Clock;
  readonly #nextVisibleAt: (queueId: number) => number | undefined;
  readonly #lines = new Map<number, Line>();
  readonly #due = new Set<number>();
  #waking = false;

  constructor(clock: Clock, nextVisibleAt: (queueId: number) => number | undefined) {
    this.#clock = clock;
    this.#nextVisibleAt = nextVisibleAt;
  }

  /**
   * Waits until an attempt finds messages, at most until `untilMs`; then the result may be empty.
   * @param signal its abort takes the receive out of the line: who hung up must not be given a message.
   */
  wait<T>(queueId: number, untilMs: number, signal: AbortSignal, attempt: Attempt<T>): Promise<T[]> {
    // Between the call and its wait: nobody would hear of it any more, and the wait would last until its end.
    if (signal.aborted) return Promise.resolve([]);
    const line = this.#lines.get(queueId) ?? { waiting: new Set(), cancelAlarm: () => {} };
    this.#lines.set(queueId, line);
    return new Promise((resolve, reject) => {
      const hangUp = (): void => waiting.settle([]);
      const leave = (): void => {
        waiting.cancelDeadline();
        line.waiting.delete(waiting);
        // A poller's signal outlives its receives.
        signal.removeEventListener('abort', hangUp);
      };
      const waiting: Waiting = {
        attempt,
        settle: (messages) => {
          leave();
          resolve(messages as T[]);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
        cancelDeadline: this.#clock.at(untilMs, () => {
          // Out of the line first: the attempt itself wakes the line, and a second attempt for the same receive would
          // take messages that nobody is given.
          line.waiting.delete(waiting);
          this.#tryOnce(waiting, true);
        }),
      };
      line.waiting.add(waiting);
      signal.addEventListener('abort', hangUp);
      this.#arm(queueId, line);
    });
  }

  /** Lets the receives that wait on these queues look again. */
  wake(queueIds: Iterable<number>): void {
    for (const id of queueIds) this.#due.add(id);
    // An attempt is a transaction of its own, which ends here again: its queues join the round that is under way.
    if (this.#waking) return;
    this.#waking = true;
    try {
      for (const id of this.#due) {
        this.#due.delete(id);
        this.#wakeQueue(id);
      }
    } finally {
      this.#waking = false;
    }
  }

  /** Ends every wait with an empty result. */
  close(): void {
    for (const line of this.#lines.values()) {
      line.cancelAlarm();
      for (const waiting of [...line.waiting]) waiting.settle([]);
    }
    this.#lines.clear();
  }

  #wakeQueue(queueId: number): void {
    const line = this.#lines.get(queueId);
    if (line === undefined) return;
    for (const waiting of [...line.waiting]) {
      // Who finds nothing shows that there is nothing for those behind either.
      if (!this.#tryOnce(waiting, false)) break;
    }
    this.#arm(queueId, line);
  }

  /** @returns whether the receive is done. */
  #tryOnce(waiting: Waiting, last: boolean): boolean {
    try {
      const messages = waiting.attempt();
      if (messages.length === 0 && !last) return false;
      waiting.settle(messages);
    } catch (error) {
      waiting.fail(error as Error);
    }
    return true;
  }

  #arm(queueId: number, line: Line): void {
    line.cancelAlarm();
    line.cancelAlarm = () => {};
    if (line.waiting.size === 0) {
      this.#lines.delete(queueId);
      return;
    }
    const next = this.#nextVisibleAt(queueId);
    if (next !== undefined) line.cancelAlarm = this.#clock.at(next, () => this.wake([queueId]));
  }
}
