import { PING } from '../../domain/event.ts';
import { isReplayed } from '../../domain/delivery/replay.ts';
import { eventIdsAt } from '../../domain/ulid-time.ts';
import type { AttemptStore } from '../attempts.ts';
import type { EventStore } from '../events.ts';
import type { ReplayableStore } from '../replayable.ts';

/** Events looked at for one page. */
const EVENTS_PER_PAGE = 100;

/**
 * Walks the organization's events, not the log, because a delivery that never had an attempt is in no log; and asks the
 * log for the newest attempts of a whole page at once.
 * @param now milliseconds since the epoch.
 * @param logMs how long the log keeps an attempt, milliseconds: that it knows of none says nothing about older events.
 */
export function createReplayableStore(
  events: Pick<EventStore, 'oldestFirst'>,
  attempts: Pick<AttemptStore, 'latestBetween'>,
  now: () => number = Date.now,
  logMs: number = Infinity,
): ReplayableStore {
  return {
    async page({ organization, account, subscription, since_ms, until_ms, outcomes }, after) {
      const range = { from: after ?? eventIdsAt(since_ms).first, to: eventIdsAt(until_ms).last };
      const { items, next } = await events.oldestFirst(organization, range, EVENTS_PER_PAGE);
      const matched = items.flatMap(({ event, matches }) => {
        const match = event.id !== after && matches.find((one) => one.subscription === subscription);
        // An old ping asks nothing any more.
        // Matched before the subscription became this account's.
        if (account !== undefined && event.account !== account) return [];
        return match && event.type !== PING ? [{ event, format: match.format }] : [];
      });
      const [first, last] = [matched[0], matched.at(-1)];
      if (!first || !last) return { deliveries: [], next };
      const latest = await attempts.latestBetween(subscription, first.event.id, last.event.id);
      const deliveries = matched
        .filter(({ event }) => latest.has(event.id) || now() - event.enqueued_ms < logMs)
        .filter(({ event }) => isReplayed(latest.get(event.id), event.enqueued_ms, outcomes, now()))
        .map(({ event, format }) => ({ event, format: latest.get(event.id)?.format ?? format }));
      return { deliveries, next };
    },

    async one(organization, subscription, eventId) {
      const { items } = await events.oldestFirst(organization, { from: eventId, to: eventId }, 1);
      const match = items[0]?.matches.find((one) => one.subscription === subscription);
      if (!items[0] || !match) return undefined;
      const latest = await attempts.latestBetween(subscription, eventId, eventId);
      return { event: items[0].event, format: latest.get(eventId)?.format ?? match.format };
    },
  };
}
