import { isKept, isPaused } from '../../domain/subscription/begins-anew.ts';
import type { Principal } from '../../domain/api-key.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { notFound } from '../http/access.ts';
import { about } from './about.ts';
import type { EndpointFollows } from './endpoint-follows.ts';
import type { Find, SubscriptionDeps } from './ports.ts';

/** Pauses and resumes subscriptions. */
export function createPause(
  { subscriptions, record, now }: Pick<SubscriptionDeps, 'subscriptions' | 'record' | 'now'>,
  { find, follow }: { find: Find } & Pick<EndpointFollows, 'follow'>,
) {
  /**
   * Pauses a subscription or resumes it; nothing is done when it is so already. The row comes first: senders read it anew each
   * time. Should this end before the endpoint's circuit follows, the guard has it follow, as for edits by hand.
   */
  return async function setPaused(principal: Principal, id: string, paused: boolean): Promise<SubscriptionRow> {
    const row = await find(principal, id);
    const organization = String(row.organization);
    const key = { organization, subscription: id };
    if (isPaused(row) !== paused) {
      const after: SubscriptionRow = { ...row, paused: true };
      if (!paused) delete after.paused;
      const changed_by = await record(principal, { ...about(row, paused ? 'paused' : 'resumed'), before: row, after });
      const set = { updated_at: new Date(now()).toISOString(), changed_by, ...(paused && { paused }) };
      const changed = await subscriptions.update(organization, id, { set, remove: paused ? [] : ['paused'] });
      if (!changed) throw notFound();
      await follow(key, isKept(changed));
      return changed;
    }
    // Whoever asks again may do so because what was begun before did not show.
    if (paused) await follow(key, paused);
    return row;
  };
}
