interface Entry {
  at: number;
  order: number;
  run: Happening;
}

/** What happens at a time. @returns false when nobody waited for it. */
export type Happening = () => unknown;

/** No schedule comes near so many: whoever does has no end. */
const MOST_HAPPENINGS = 300_000;

/** Simulated time: things happen in the order of their times, and nothing takes real time. */
export class Timeline {
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 31, 9, 15);
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Calls `run` after so many simulated milliseconds; ties keep the order in which they were asked for. */
  after(ms: number, run: Happening): void {
    const entry = { at: this.now + Math.max(0, ms), order: this.#order++, run };
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, () => resolve()));
  }

  /**
   * Runs until nothing is left to happen.
   * @param untilMs simulated time at which it stops all the same. @returns whether it came to rest before.
   */
  async run(untilMs: number): Promise<boolean> {
    // The one turn of the event loop, in which whoever runs many schedules gets its own work done.
    await new Promise((resolve) => setImmediate(resolve));
    let happened = 0;
    for (let entry = this.#pop(); entry; entry = this.#pop()) {
      if (entry.at > untilMs || ++happened > MOST_HAPPENINGS) return false;
      this.now = entry.at;
      // Lets everything that waited for it go on as far as it can, before the next thing happens: Node runs a next tick
      // when no microtask is left, without a turn of the event loop, which would cost more than all the rest.
      if (entry.run() !== false) await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    return true;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
