import { createHash } from 'node:crypto';
import {
  Graveyard,
  type Purge,
  type PurgedCounts,
  type PurgePlace,
  type PurgeTarget,
  type Tombstone,
} from '../domain/purge.ts';
import type { Logger, LogFields } from '../domain/telemetry.ts';

/** A step of a purge, as it is written down once it was made. */
export interface PurgeStep {
  step: number;
  nowMs: number;
  /** Where the pass goes on; absent: the next pass begins. */
  place?: PurgePlace | undefined;
}

/** Purges with their progress, kept for 30 days, and the tombstones that they put up. They live in the table `Replays`. */
export interface PurgeStore {
  /**
   * Begins a purge, or joins the one of the same target that runs. The tombstone stands before there is a job.
   * @returns the purge to go on with.
   */
  begin(purge: Purge): Promise<Purge>;
  /** Strongly consistent. */
  get(id: string): Promise<Purge | undefined>;
  /** Adds to what was deleted, by any number of copies of a step at the same time. */
  add(purge: Purge, deleted: PurgedCounts): Promise<void>;
  /** Writes a step down. @returns false when it was made before, or the purge does not run any more. */
  advance(purge: Purge, step: PurgeStep): Promise<boolean>;
  /** Says that it is done: what is accepted from now on lives. Done twice, the first word stays. */
  end(purge: Purge, nowMs: number): Promise<void>;
  /** All tombstones. Strongly consistent. */
  tombstones(): Promise<Tombstone[]>;
}

/** What is kept of a target, in tables and among the dead letters. */
export interface PurgeableStore {
  /**
   * Deletes a part of it.
   * @param isOver true when the step must end.
   * @returns how much, and where to go on, and in how many seconds; without a place the pass has seen everything.
   */
  remove(
    target: PurgeTarget & { id: string; resource_id?: string | undefined; through_ms: number },
    place: PurgePlace | undefined,
    isOver: () => boolean,
  ): Promise<{ deleted: PurgedCounts; place?: PurgePlace | undefined; pauseSeconds?: number }>;
}

/** What a purge would take, so that whoever asks for one sees whom it is about. */
export interface PurgeCountStore {
  /** @param isOver true when counting must end. @returns `complete` false: there is more. */
  count(
    of: { organization: string; resource_id?: string | undefined },
    isOver: () => boolean,
  ): Promise<{ subscriptions?: number; keys?: number; events: number; complete: boolean }>;
}

/** Too many tombstones stand at once. */
export class TooManyPurges extends Error {}

/** A resource as tombstones, jobs and the audit trail name it: by what cannot be read back. */
export function resourceHash(organization: string, resourceId: string): string {
  return createHash('sha256').update(`${organization}#${resourceId}`).digest('hex');
}

/** What is dead, never older than a purge waits for. */
export interface Graves {
  load(): Promise<Graveyard>;
  /**
   * Whether what was accepted then may be of a purge that is not known here and has looked for the last time, milliseconds: what
   * is written for it now would stay. Only of what is old, and only while the table has not answered for as long.
   */
  isUnsure(acceptedMs: number): boolean;
}

/**
 * A purge looks for the last time no sooner than `seconds` after its tombstone. What is known, or was accepted, within this part
 * of it is safe to write: the rest is for the longest function (120 of 300 s) and for what ingest may not have heard (a tenth).
 */
export const SURE = 0.5;

/** After a read that failed the next one is made so much later, milliseconds: every one waits for all tries of the SDK. */
const AGAIN_MS = 5000;

/**
 * Reads the tombstones once in a while: one small read for each environment of a function. Should the table not answer,
 * what is known stays in force: a purge looks for what slips through, and nothing waits for it that comes in time.
 * @param freshMs how old the answer may be. @param sureMs {@link SURE} of the time for which a purge goes on looking.
 */
export function createGraves(
  purges: Pick<PurgeStore, 'tombstones'>,
  {
    freshMs,
    sureMs,
    now,
    logger,
    errorFields,
  }: {
    freshMs: number;
    sureMs: number;
    now: () => number;
    logger: Pick<Logger, 'warn'>;
    errorFields: (error: unknown) => LogFields;
  },
): Graves {
  let known = graveyardOf([]);
  let readMs = -Infinity;
  let answeredMs = -Infinity;
  return {
    async load() {
      const asked = now();
      if (asked - readMs < freshMs) return known;
      try {
        known = graveyardOf(await purges.tombstones());
        readMs = answeredMs = asked;
      } catch (error) {
        readMs = asked - freshMs + Math.min(freshMs, AGAIN_MS);
        logger.warn('running purges could not be read: the ones known before still apply', errorFields(error));
      }
      return known;
    },
    isUnsure: (acceptedMs) => now() - Math.max(answeredMs, acceptedMs) >= sureMs,
  };
}

/** Tombstones as they are asked. Those of another organization's resource with the same id have another hash. */
export function graveyardOf(tombstones: readonly Tombstone[]): Graveyard {
  return new Graveyard(tombstones, resourceHash);
}
