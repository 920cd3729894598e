import { countsAs, isReplayId } from '../domain/delivery/replay.ts';
import type { SenderDeps } from './ports.ts';
import type { Settled } from './settle.ts';

/** Tells replays how their deliveries ended, once for each job of a batch. Never rejects: a count is no delivery. */
export async function countReplayed(
  settled: readonly Settled[],
  { replays, logger, errorFields }: Pick<SenderDeps, 'replays' | 'logger' | 'errorFields'>,
): Promise<void> {
  const counts = new Map<string, { done: number; failed: number }>();
  for (const { result, decision } of settled) {
    const { replay } = result.delivery.message;
    if (!isReplayId(replay)) continue;
    const as = result.finding.kind === 'delivered-before' ? 'done' : decision.outcome && countsAs(decision.outcome);
    if (as === undefined) continue;
    const count = counts.get(replay) ?? { done: 0, failed: 0 };
    counts.set(replay, { ...count, [as]: count[as] + 1 });
  }
  await Promise.all(
    [...counts].map(async ([replay, count]) => {
      try {
        await replays.count(replay, count);
      } catch (error) {
        logger.warn('replay not told of outcomes', { replay_id: replay, ...count, ...errorFields(error) });
      }
    }),
  );
}
