import { countsAs } from '../domain/delivery/replay.ts';
import { tellReplays } from '../stores/tell-replays.ts';
import type { SenderDeps } from './ports.ts';
import type { Settled } from './settle.ts';

/** Tells replays how their deliveries ended. Never rejects. */
export function countReplayed(
  settled: readonly Settled[],
  deps: Pick<SenderDeps, 'replays' | 'logger' | 'errorFields'>,
): Promise<void> {
  const ended = settled.flatMap(({ result, decision }) => {
    const isDelivered = result.finding.kind === 'delivered-before';
    const as = isDelivered ? 'done' : decision.outcome && countsAs(decision.outcome);
    return as === undefined ? [] : [{ replay: result.delivery.message.replay, as } as const];
  });
  return tellReplays(ended, deps);
}
