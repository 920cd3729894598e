/** What the schedules of the stack have done. */
export const SCHEDULED_TASKS = ['look-after', 'reconcile'] as const;
export type ScheduledTask = (typeof SCHEDULED_TASKS)[number];

/** The last run of a schedule. */
export interface ScheduledRun {
  /** When it ended, milliseconds since the epoch. */
  at_ms: number;
  /** Deliveries that it found stuck and queued again; only of `reconcile`. */
  stuck?: number | undefined;
}

/** One row for each schedule in the table `Replays`, which never expires. */
export interface RunStore {
  note(task: ScheduledTask, run: ScheduledRun): Promise<void>;
  /** Last runs; a schedule that never ran is missing. */
  load(): Promise<Map<ScheduledTask, ScheduledRun>>;
}
