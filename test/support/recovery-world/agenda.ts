/** Something that happens at a time. */
interface Due {
  ms: number;
  /** What was put there first happens first. */
  order: number;
  run: () => void | Promise<void>;
}

/** What is to happen, in the order of its times. */
export class Agenda {
  readonly #all: Due[] = [];
  #orders = 0;
  #sorted = 0;

  at(ms: number, run: Due['run']): void {
    this.#all.push({ ms, order: (this.#orders += 1), run });
  }

  /** Takes the earliest thing to happen until a time. New things are sorted in when the sorted part is used up or later. */
  next(end: number): Due | undefined {
    if (this.#sorted !== this.#all.length) this.#all.sort((a, b) => b.ms - a.ms || b.order - a.order);
    const due = this.#all.at(-1);
    if (!due || due.ms > end) {
      this.#sorted = this.#all.length;
      return undefined;
    }
    this.#all.pop();
    this.#sorted = this.#all.length;
    return due;
  }
}
