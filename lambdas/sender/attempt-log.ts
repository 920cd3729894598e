import type { Attempt } from '../domain/delivery/attempt.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { SenderDeps } from './ports.ts';

/** Attempts kept for a later try, at most; each may hold 16 KiB of a response. */
const KEPT = 500;

/** The delivery log as the sender writes it: a write that fails neither repeats nor loses a delivery. */
export interface AttemptLog {
  /**
   * Writes these attempts, and those that could not be written before.
   * @param deadlineMs no further try is begun after this time, milliseconds since the epoch.
   * @returns ids of those of these attempts that could not be written yet.
   */
  write(attempts: Attempt[], deadlineMs: number): Promise<Set<string>>;
}

/**
 * What cannot be written is told to CloudWatch at once, with its ids and outcome, so that it can be put right by hand;
 * it also stays in memory for the next invocation, which a retired process never sees.
 */
export function createAttemptLog({
  attempts: store,
  graves,
  logger,
  metrics,
  errorFields,
}: Pick<SenderDeps, 'attempts' | 'graves' | 'logger' | 'metrics' | 'errorFields'>): AttemptLog {
  let kept: Attempt[] = [];
  /** Lines of whoever was purged meanwhile are not written any more. */
  const takeKept = async (): Promise<Attempt[]> => {
    if (kept.length === 0) return [];
    const graveyard = await graves.load();
    // They may be as old as this process, and a purge that it has not heard of may have ended: nobody waits for them.
    const isUnsure = (line: Attempt): boolean => graves.isUnsure(acceptedMs(line));
    const alive = kept.filter(
      (line) => !isUnsure(line) && !graveyard.isDead({ ...line, enqueued_ms: acceptedMs(line) }),
    );
    kept = kept.filter(isUnsure);
    return alive;
  };
  return {
    async write(attempts, deadlineMs) {
      const late = await takeKept();
      const all = late.length === 0 ? attempts : [...late, ...attempts];
      if (all.length === 0) return new Set();
      let missing: Attempt[];
      try {
        missing = await store.append(all, deadlineMs);
      } catch (error) {
        logger.error('delivery log refused a batch', errorFields(error));
        missing = all;
      }
      if (missing.length === 0) return new Set();
      // Another write may have been under way, and kept its own.
      kept = [...kept, ...missing].slice(-KEPT);
      const told = new Set(late.map(({ id }) => id));
      const fresh = missing.filter(({ id }) => !told.has(id));
      for (const { id, attempt, outcome, status, organization } of fresh) {
        logger.error('delivery log line not written', { id, organization, attempt, outcome, status });
      }
      metrics.count('LogWritesFailed', fresh.length);
      return new Set(fresh.map(({ id }) => id));
    },
  };
}

/** An event's id tells when it was accepted. */
function acceptedMs({ event_id, attempted_ms }: Attempt): number {
  return eventIdMs(event_id) ?? attempted_ms;
}
