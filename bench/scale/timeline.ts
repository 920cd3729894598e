interface Due {
  atMs: number;
  /** Order of scheduling: what is due at the same time happens in that order, so that a run repeats itself exactly. */
  order: number;
  happen: () => void;
}

/** Time that jumps from one event to the next. */
export class Timeline {
  nowMs = 0;
  readonly #heap: Due[] = [];
  #scheduled = 0;

  /** Schedules something; what lies in the past happens now. */
  at(atMs: number, happen: () => void): void {
    const heap = this.#heap;
    const due = { atMs: Math.max(atMs, this.nowMs), order: this.#scheduled++, happen };
    let index = heap.length;
    for (; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!before(due, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  after(ms: number, happen: () => void): void {
    this.at(this.nowMs + ms, happen);
  }

  /** Lets everything happen that is due until a time, milliseconds. @returns whether anything is left for later. */
  run(untilMs: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (!next) return false;
      if (next.atMs > untilMs) return true;
      this.#removeFirst();
      this.nowMs = next.atMs;
      next.happen();
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
