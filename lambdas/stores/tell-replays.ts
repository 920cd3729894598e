import { isReplayId } from '../domain/delivery/replay.ts';
import type { LogFields, Logger } from '../domain/telemetry.ts';
import type { ReplayStore } from './replays.ts';

export interface TellReplaysDeps {
  replays: Pick<ReplayStore, 'count'>;
  logger: Pick<Logger, 'warn'>;
  errorFields: (error: unknown) => LogFields;
}

/** A delivery that has ended, and what its message names as its replay. */
export interface EndedDelivery {
  replay: string | undefined;
  as: 'done' | 'failed';
}

/**
 * Tells replays how their deliveries ended, once for each job of a batch. Never rejects: a count is no delivery, which ends
 * whether its replay hears of it or not.
 */
export async function tellReplays(
  ended: readonly EndedDelivery[],
  { replays, logger, errorFields }: TellReplaysDeps,
): Promise<void> {
  const counts = new Map<string, { done: number; failed: number }>();
  for (const { replay, as } of ended) {
    if (!isReplayId(replay)) continue;
    const count = counts.get(replay) ?? { done: 0, failed: 0 };
    counts.set(replay, { ...count, [as]: count[as] + 1 });
  }
  await Promise.all(
    [...counts].map(async ([replay, count]) => {
      try {
        await replays.count(replay, count);
      } catch (error) {
        logger.warn('outcomes not added to their replay', { replay_id: replay, ...count, ...errorFields(error) });
      }
    }),
  );
}
