import { isTest, type PosthornEvent } from '../../domain/event.ts';
import { isReplayed } from '../../domain/delivery/replay.ts';
import { eventIdsAt } from '../../domain/ulid-time.ts';
import type { AttemptStore, LatestAttempt } from '../attempts.ts';
import type { EventStore, Match } from '../events.ts';
import type { ReplayableDelivery, ReplayableStore } from '../replayable.ts';

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
    async page(query, after, wants) {
      const { id, organization, account, subscription, since_ms, until_ms, outcomes } = query;
      const range = { from: after ?? eventIdsAt(since_ms).first, to: eventIdsAt(until_ms).last };
      const { items, next } = await events.oldestFirst(organization, range, EVENTS_PER_PAGE);
      const asked = items.filter(({ event }) => {
        // An old test asks nothing any more.
        if (event.id === after || isTest(event)) return false;
        // Matched before the subscription became this account's.
        return account === undefined || event.account === account;
      });
      const matchOf = (matches: readonly Match[]) => matches.find((one) => one.subscription === subscription);
      const matched = asked.filter(({ matches }) => matchOf(matches));
      const [first, last] = [matched[0], matched.at(-1)];
      // What was missed is in no log.
      const inLog =
        first && last && outcomes?.join() !== 'missed' ? ([first.event.id, last.event.id] as const) : undefined;
      const latest = inLog ? await attempts.latestBetween(subscription, ...inLog) : new Map<string, LatestAttempt>();
      const takesMissed = outcomes?.includes('missed') ?? false;

      const toDelivery = ({ event, matches }: (typeof asked)[number]): ReplayableDelivery | undefined => {
        const match = matchOf(matches);
        if (!match || (takesMissed && match.replay !== undefined && match.replay === id)) {
          // One of its own is there already when a step died before it had queued all: it goes on with it.
          const format = match?.format ?? (takesMissed ? wants?.(event) : undefined);
          return format && { event, format, missed: true };
        }
        const newest = latest.get(event.id);
        const isKnown = newest !== undefined || now() - event.enqueued_ms < logMs;
        const isTaken = isKnown && isReplayed(newest, event.enqueued_ms, query, now());
        return isTaken ? ofLatest(event, match.format, newest) : undefined;
      };
      return { deliveries: asked.map(toDelivery).filter((one) => one !== undefined), next };
    },

    async one(organization, subscription, eventId) {
      const { items } = await events.oldestFirst(organization, { from: eventId, to: eventId }, 1);
      const match = items[0]?.matches.find((one) => one.subscription === subscription);
      if (!items[0] || !match) return undefined;
      const latest = await attempts.latestBetween(subscription, eventId, eventId);
      return ofLatest(items[0].event, match.format, latest.get(eventId));
    },
  };
}

function ofLatest(
  event: PosthornEvent,
  format: ReplayableDelivery['format'],
  latest: LatestAttempt | undefined,
): ReplayableDelivery {
  return { event, format: latest?.format ?? format, automatic: latest?.automatic };
}
