import { becauseGone } from '../domain/subscription/deactivation.ts';
import { idsOf } from '../domain/telemetry.ts';
import { targetName } from '../stores/delivery-targets.ts';
import type { SenderDeps } from './ports.ts';
import type { Settled } from './settle.ts';

// What follows from a batch apart from its queue and its log. Nothing here rejects: none of it changes a delivery.

/** A probe's delivery is kept until the probe has ended it; if this fails it is released and, by the log, not sent again. */
export async function forgetProbed(
  settled: readonly Settled[],
  { held, logger, errorFields }: SenderDeps,
): Promise<void> {
  const ended = settled.filter(
    ({ result, decision }) =>
      result.delivery.message.probe && decision.outcome !== 'held' && result.finding.kind !== 'probe-late',
  );
  if (ended.length === 0) return;
  try {
    await held.remove(
      ended.map(({ result: { delivery } }) => ({
        subscription: delivery.key.subscription,
        event_id: delivery.message.event.id,
      })),
    );
  } catch (error) {
    logger.error('probed delivery stays held', errorFields(error));
  }
}

/** An endpoint that answered 410 gets nothing more. */
export async function deactivateGone(settled: readonly Settled[], deps: SenderDeps): Promise<void> {
  const gone = new Map(
    settled
      .filter(({ decision }) => decision.outcome === 'gone')
      .map(({ result }) => [targetName(result.delivery.key), result]),
  );
  await Promise.all(
    [...gone.values()].map(async ({ delivery, target }) => {
      const at = new Date(deps.now()).toISOString();
      try {
        const done = await deps.targets.deactivate(delivery.key, target?.row?.url, becauseGone(at), at);
        deps.logger.warn(done ? 'subscription deactivated: 410' : 'subscription changed meanwhile: not deactivated', {
          ...idsOf(delivery.key),
        });
      } catch (error) {
        deps.logger.error('subscription not deactivated', { ...idsOf(delivery.key), ...deps.errorFields(error) });
      }
    }),
  );
}
