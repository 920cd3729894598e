import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { firstStep, purgeJob } from '../../lambdas/domain/messages/jobs.ts';
import { newPurge, type Purge, type Tombstone } from '../../lambdas/domain/purge.ts';
import { createGraves, graveyardOf, type Graves } from '../../lambdas/stores/purges.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { Container } from './container.ts';
import type { SimulatedQueue } from './queue.ts';

/** The organization that leaves. No invariant of the others is about it. */
export const LEAVING = 'org_leaving';
/** As deployed. */
const FRESH_MS = 30_000;

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

  /** What a stage asks. Where nobody leaves it asks nobody, so that a seed gives the schedule that it always gave. */
  graves({ leaves, clock: { now } }: Asking, container: Container): Graves {
    if (!leaves) return { load: () => Promise.resolve(graveyardOf([])), isCurrent: () => true };
    const logger = { warn: () => undefined };
    return createGraves(this.store(container), { freshMs: FRESH_MS, now, logger, errorFields: () => ({}) });
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
