/** A map that is read in the order of its keys again and again, as a table's partition is: sorted once after a new key came. */
export class SortedMap<Value> extends Map<string, Value> {
  /** The keys, and some that are gone since. */
  #sorted: string[] | undefined;

  override set(key: string, value: Value): this {
    if (!this.has(key)) this.#sorted = undefined;
    return super.set(key, value);
  }

  /** The first values after a key. */
  after(key: string, limit: number): Value[] {
    // What is read is mostly taken out: those that are gone stand in front.
    const isGone = (name: string): boolean => !this.has(name);
    const sorted = (this.#sorted ??= [...this.keys()].sort());
    const first = sorted.findIndex((name) => !isGone(name));
    sorted.splice(0, first < 0 ? sorted.length : first);
    const found: Value[] = [];
    for (let index = 0; index < sorted.length && found.length < limit; index++) {
      const name = sorted[index]!;
      if (name > key && !isGone(name)) found.push(this.get(name)!);
    }
    return found;
  }
}
