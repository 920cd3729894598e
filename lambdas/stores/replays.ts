import type { Replay } from '../domain/delivery/replay.ts';
import type { Page, PageRequest } from './page.ts';

/** A step of a replay, as it is written down once it was made. */
export interface ReplayStep {
  step: number;
  nowMs: number;
  /** Deliveries it queued. */
  queued: number;
  /** Where the next page starts; absent: everything is queued. */
  cursor?: string;
}

/** Which replays to list. */
export interface ReplayFilter {
  organization?: string;
  account?: string;
  subscription?: string;
}

/** The table `Replays`: jobs with their progress, kept for 30 days. */
export interface ReplayStore {
  /**
   * @param chosen its deliveries, when they were named one by one.
   * @returns false when it is there: by another run that begins the same one, or by a call whose answer was lost.
   */
  create(replay: Replay, chosen?: readonly string[]): Promise<boolean>;
  /** Which deliveries were named one by one, as `<organization>/<event>/<subscription>`. */
  chosen(id: string): Promise<string[]>;
  /** Strongly consistent. */
  get(id: string): Promise<Replay | undefined>;
  /** Of one organization newest first, of all in no particular order; a page may be short although more follow. */
  list(filter: ReplayFilter, page: PageRequest): Promise<Page<Replay>>;
  /** Writes a step down. @returns false when it was made before or the replay is not running any more. */
  advance(id: string, step: ReplayStep): Promise<boolean>;
  /** Ends a running replay. @returns it after the change; undefined when it is not running. */
  end(id: string, state: 'done' | 'cancelled'): Promise<Replay | undefined>;
  /** Adds outcomes of its deliveries, by any number of senders at the same time. */
  count(id: string, counts: { done: number; failed: number }): Promise<void>;
}
