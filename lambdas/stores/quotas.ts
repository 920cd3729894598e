/** Counters and places with an end, shared by all environments of the functions. They live in the table `Idempotency`. */
export interface QuotaStore {
  /**
   * Adds to a counter of one window of time.
   * @param window number of the window; its counter disappears some time after it.
   * @returns the sum of all environments so far.
   */
  count(name: string, window: number, n: number): Promise<number>;
  /**
   * Takes one of `places` places for a holder, for so many seconds at most.
   * @param isOver asked about the present holders when all are taken: whose work has ended makes room.
   * @returns false when all places are taken.
   */
  take(
    name: string,
    holder: string,
    options: { places: number; seconds: number; isOver?: (holder: string) => Promise<boolean> },
  ): Promise<boolean>;
  /** Gives a holder's place back; taking it again is for whoever comes next. */
  free(name: string, holder: string, places: number): Promise<void>;
}
