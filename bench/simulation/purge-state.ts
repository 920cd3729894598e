import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { firstStep, purgeJob } from '../../lambdas/domain/messages/jobs.ts';
import { newPurge, type Purge, type Tombstone } from '../../lambdas/domain/purge.ts';
import { createGraves, graveyardOf, SURE, type Graves } from '../../lambdas/stores/purges.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { Container } from './container.ts';
import type { SimulatedQueue } from './queue.ts';

/** The organization that leaves. No invariant of the others is about it. */
export const LEAVING = 'org_leaving';
/** As deployed. */
export const PURGE_MS = 300_000;
const FRESH_MS = PURGE_MS / 10;

/** Of the world: whether somebody leaves, and the clock of the functions. */
interface Asking {
  leaves: boolean;
  clock: { now(): number };
}

/** Of the world: the time, and recovery's queue. */
interface Beginning {
  timeline: { now: number };
  recovery: Pick<SimulatedQueue, 'send'>;
}

/** The purge of a schedule, and its tombstone. */
export class Purges {
  purge: Purge | undefined;
  stone: Tombstone | undefined;
  /** When functions cannot read who is purged, milliseconds since the epoch; the purge itself goes on. */
  unreadable: { fromMs: number; toMs: number } | undefined;

  /** What a stage asks. Where nobody leaves it asks nobody, so that a seed gives the schedule that it always gave. */
  graves({ leaves, clock: { now } }: Asking, container: Container): Graves {
    if (!leaves) return { load: () => Promise.resolve(graveyardOf([])), isUnsure: () => false };
    const logger = { warn: () => undefined };
    const errorFields = (): Record<string, string> => ({});
    const tombstones = (): Promise<Tombstone[]> =>
      container.call(() => {
        const { fromMs, toMs } = this.unreadable ?? { fromMs: Infinity, toMs: Infinity };
        if (now() >= fromMs && now() <= toMs) throw new Error('kept from us');
        return this.stone ? [{ ...this.stone }] : [];
      });
    return createGraves({ tombstones }, { freshMs: FRESH_MS, sureMs: PURGE_MS * SURE, now, logger, errorFields });
  }

  store(container: Container): RecoveryDeps['purges'] {
    return {
      tombstones: () => container.call(() => (this.stone ? [{ ...this.stone }] : [])),
      get: () => container.call(() => this.purge && structuredClone(this.purge)),
      add: (_, deleted) =>
        container.call(() => {
          this.purge!.found += Object.values(deleted).reduce((sum, count) => sum + count, 0);
        }),
      advance: (_, { step, nowMs, place }) =>
        container.call(() => {
          const purge = this.purge!;
          if (purge.state !== 'running' || purge.step >= step) return false;
          Object.assign(purge, { step, stepped_ms: nowMs });
          if (place) purge.place = place;
          else {
            Object.assign(purge, { pass: purge.pass + 1, pass_began_ms: nowMs, found: 0 });
            delete purge.place;
          }
          return true;
        }),
      end: (_, nowMs) =>
        container.call(() => {
          this.stone = { ...this.stone!, ended_ms: nowMs, through_ms: nowMs };
          this.purge!.state = 'done';
        }),
    };
  }

  begin({ timeline: { now }, recovery }: Beginning): void {
    const id = 'pur_1';
    this.stone = { purge: id, organization: LEAVING, created_ms: now };
    this.purge = newPurge({ id, organization: LEAVING }, now);
    recovery.send(encodeRecoveryMessage(firstStep(purgeJob(id, LEAVING))));
  }
}
