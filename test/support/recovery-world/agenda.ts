type Run = () => void | Promise<void>;

/** What happens at one time: what was put there first happens first. */
interface Due {
  ms: number;
  runs: Run[];
  /** How many have happened. */
  done: number;
}

/** What is to happen, in the order of its times. */
export class Agenda {
  readonly #byTime = new Map<number, Due>();
  /** The latest first. */
  readonly #all: Due[] = [];
  #isSorted = true;

  at(ms: number, run: Run): void {
    const due = this.#byTime.get(ms);
    if (due) return void due.runs.push(run);
    const made = { ms, runs: [run], done: 0 };
    this.#byTime.set(ms, made);
    this.#isSorted &&= this.#all.length === 0 || ms < this.#all.at(-1)!.ms;
    this.#all.push(made);
  }

  /** Takes the earliest thing to happen until a time. 50,000 of one time are sorted as one. */
  next(end: number): { ms: number; run: Run } | undefined {
    if (!this.#isSorted) this.#all.sort((a, b) => b.ms - a.ms);
    this.#isSorted = true;
    const due = this.#all.at(-1);
    if (!due || due.ms > end) return undefined;
    const run = due.runs[due.done++]!;
    if (due.done === due.runs.length) {
      this.#all.pop();
      this.#byTime.delete(due.ms);
    }
    return { ms: due.ms, run };
  }
}
