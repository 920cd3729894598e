/** How far one pass of the reconciler over the events has come. */
export interface ReconcilerPass {
  /** All events up to this time, milliseconds, have been looked at. */
  through_ms: number;
  /** The part that is being looked at ends here, milliseconds; with it the list's cursor. */
  to_ms?: number;
  cursor?: string;
}

/** Where the reconciler stands: one row in the table `Replays`, which never expires. */
export interface ReconcilerStore {
  load(): Promise<ReconcilerPass[]>;
  save(passes: ReconcilerPass[]): Promise<void>;
}
