import type { Attempt } from '../../domain/delivery/attempt.ts';
import { isStatus } from '../../domain/delivery/status.ts';
import type { AttemptStore } from '../attempts.ts';
import type { TriedEventFilter } from '../events-by-attempt.ts';
import type { EventStore } from '../events.ts';
import type { Page, PageRequest } from '../page.ts';
import { readWalkCursor, writeWalkCursor } from './attempt-cursor.ts';
import { deliveriesTo, take, walkDeliveries, type DeliveryPlace } from './delivery-walk.ts';

/** Deliveries of which the newest attempt is looked up at the same time, and for one page. */
const PARALLEL = 10;
const LOOKED_UP_PER_PAGE = 200;
/** In a cursor: no further delivery of its event is looked up. No subscription's id holds it. */
const WHOLE_EVENT = '~';

/** Whether a delivery that stands like this is asked for. */
export function stands(
  { account, outcome, status }: Pick<Attempt, 'account' | 'outcome' | 'status'>,
  filter: Pick<TriedEventFilter, 'account' | 'outcome' | 'status'>,
): boolean {
  return (
    (filter.account === undefined || filter.account === account) &&
    (filter.outcome === undefined || filter.outcome.includes(outcome)) &&
    (filter.status === undefined || (status !== undefined && filter.status.some((one) => isStatus(status, one))))
  );
}

/**
 * Events, newest first, of which a delivery stands as asked for: walks the events and looks each delivery's newest attempt
 * up. What was never tried stands in no way. One page looks up a bounded number of deliveries, so it may be short, even
 * empty, although more follow.
 */
export async function listByDelivery(
  events: Pick<EventStore, 'list'>,
  attempts: Pick<AttemptStore, 'latest'>,
  filter: TriedEventFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<{ organization: string; id: string }>> {
  const { subscription, outcome: _outcome, status: _status, ...which } = filter;
  const owners = new Map<string, string>();
  const start = cursor === undefined ? undefined : readWalkCursor(cursor);
  const walk = walkDeliveries(deliveriesTo(subscription, noting(owners, events)), which, start);
  const isWanted = async ({ subscription: to, event }: DeliveryPlace): Promise<boolean> => {
    const latest = await attempts.latest(to, event);
    // Another organization's row may have the same id typed into it: its log is not this event's.
    return latest !== undefined && latest.organization === owners.get(event) && stands(latest, filter);
  };

  const items: { organization: string; id: string }[] = [];
  let settled = start?.subscription === WHOLE_EVENT ? start.event : undefined;
  for (let looked = 0; ;) {
    const { places, end } = await take(walk, PARALLEL);
    // The last place of the page before was looked up there.
    const open = places.filter(({ event, before }) => event !== settled && before === undefined);
    const wanted = await Promise.all(open.map(isWanted));
    for (const [index, { page, event }] of open.entries()) {
      if (!wanted[index] || event === settled) continue;
      items.push({ organization: owners.get(event)!, id: event });
      settled = event;
      if (items.length === limit) {
        return { items, next: writeWalkCursor({ page, event, subscription: WHOLE_EVENT }) };
      }
    }
    looked += open.length;
    if (end === 'finished') return { items };
    if (end) return { items, next: writeWalkCursor(end) };
    if (looked >= LOOKED_UP_PER_PAGE) return { items, next: writeWalkCursor(behind(places.at(-1)!, settled)) };
  }
}

/** The place to go on behind this one. */
function behind(place: DeliveryPlace, settled: string | undefined): DeliveryPlace {
  if (place.event === settled) return { ...place, subscription: WHOLE_EVENT };
  return { ...place, before: `${place.event}#` };
}

/** Notes whose each listed event is. */
function noting(owners: Map<string, string>, events: Pick<EventStore, 'list'>): Pick<EventStore, 'list'> {
  return {
    async list(filter, page) {
      const found = await events.list(filter, page);
      for (const { event } of found.items) owners.set(event.id, event.organization);
      return found;
    },
  };
}
