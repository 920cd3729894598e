import { FAILURES, type Outcome } from '../../domain/delivery/attempt.ts';
import type { PosthornEvent } from '../../domain/event.ts';
import type { AttemptStore } from '../attempts.ts';
import type { DeliveryFilter, DeliveryStore, ListedDelivery } from '../deliveries.ts';
import { listTried, type TriedEventFilter, type TriedEventStore } from '../events-by-attempt.ts';
import type { EventStore } from '../events.ts';
import type { OrganizationStore } from '../organizations.ts';
import { readWalkCursor, writeWalkCursor } from './attempt-cursor.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { deliveriesTo, take, walkDeliveries, type DeliveryPlace } from './delivery-walk.ts';
import { stands } from './events-by-delivery.ts';

/** Deliveries of which the newest attempt is looked up at the same time, and for one page. */
const PARALLEL = 10;
const LOOKED_UP_PER_PAGE = 200;
/** Organizations without any failure that one page goes past. */
const ORGANIZATIONS_PER_PAGE = 50;

type EventList = Pick<EventStore, 'list'>;

export interface DeliveryStoreDeps {
  events: Pick<EventStore, 'list' | 'get'>;
  attempts: Pick<AttemptStore, 'latest'>;
  triedEvents: TriedEventStore;
  organizations: Pick<OrganizationStore, 'names'>;
}

/** Walks the events that can be meant, and looks the newest attempt of each delivery up. */
export function createDeliveryStore({
  events,
  attempts,
  triedEvents,
  organizations,
}: DeliveryStoreDeps): DeliveryStore {
  /** Events of which a delivery stands as asked for, as if they were a list of events. */
  const standing = (filter: TriedEventFilter): EventList => ({
    list: (_which, page) => listTried(filter, page, { events, triedEvents }),
  });

  /** The failures of every organization, one after another: each has an index of its own. */
  const failuresOfAll = (filter: TriedEventFilter): EventList => ({
    async list(_which, { limit, cursor }) {
      const start = cursor === undefined ? undefined : readPlace(cursor);
      let inner = start?.inner;
      // An unfinished one first, then those behind it.
      let names = start && inner !== undefined ? [start.organization] : [];
      let last = start?.organization;
      for (let looked = 0; looked < ORGANIZATIONS_PER_PAGE;) {
        if (names.length === 0) names = await organizations.names(last, PARALLEL);
        if (names.length === 0) return { items: [] };
        const pages = await Promise.all(
          names.map((organization, at) =>
            standing({ ...filter, organization }).list({}, { limit, ...(at === 0 && inner && { cursor: inner }) }),
          ),
        );
        // As far as each was read to its end, and the first that was not; newest first, as a walk goes on in a page.
        const unfinished = pages.findIndex(({ next }) => next !== undefined);
        const at = unfinished < 0 ? names.length - 1 : unfinished;
        const items = pages.slice(0, at + 1).flatMap((page) => page.items);
        if (items.length > 0 || unfinished >= 0) {
          items.sort((a, b) => (a.event.id < b.event.id ? 1 : -1));
          return { items, next: place(names[at]!, pages[at]!.next) };
        }
        looked += names.length;
        last = names.at(-1);
        names = [];
        inner = undefined;
      }
      return { items: [], next: place(last!) };
    },
  });

  const sourceOf = ({ outcome, ...filter }: DeliveryFilter): EventList => {
    const { organization, subscription, resource_id, status } = filter;
    // Whatever was not tried stands in no log.
    if (outcome?.includes('pending') || (outcome === undefined && status === undefined)) return events;
    const tried = { ...filter, outcome: outcome as readonly Outcome[] | undefined };
    const isFailures = outcome !== undefined && outcome.every((one) => FAILURES.some((failure) => failure === one));
    const isOfAll = organization === undefined && subscription === undefined && resource_id === undefined;
    return isOfAll && isFailures ? failuresOfAll(tried) : standing(tried);
  };

  return {
    async list(filter, { limit, cursor }) {
      const { outcome: _outcome, status: _status, subscription, ...which } = filter;
      const known = new Map<string, PosthornEvent>();
      const source = deliveriesTo(subscription, noting(known, sourceOf(filter)));
      const walk = walkDeliveries(source, which, cursor === undefined ? undefined : readWalkCursor(cursor));
      const look = async ({ event: id, subscription: to }: DeliveryPlace): Promise<ListedDelivery | undefined> => {
        const event = known.get(id)!;
        const found = await attempts.latest(to, id);
        // Another organization's row may have the same id typed into it: its log is not this event's.
        const latest = found?.organization === event.organization ? found : undefined;
        return isWanted(latest, filter) ? { event, subscription: to, ...(latest && { latest }) } : undefined;
      };

      const items: ListedDelivery[] = [];
      for (let looked = 0; ;) {
        const { places, end } = await take(walk, PARALLEL);
        // The last place of the page before was shown there.
        const open = places.filter(({ before }) => before === undefined);
        const found = await Promise.all(open.map(look));
        for (const [index, delivery] of found.entries()) {
          if (delivery) items.push(delivery);
          if (items.length === limit) return { items, next: behind(open[index]!) };
        }
        looked += open.length;
        if (end === 'finished') return { items };
        if (end) return { items, next: writeWalkCursor(end) };
        if (looked >= LOOKED_UP_PER_PAGE) return { items, next: behind(places.at(-1)!) };
      }
    },
  };
}

function isWanted(latest: ListedDelivery['latest'], { outcome, status }: DeliveryFilter): boolean {
  if (!latest) return status === undefined && (outcome === undefined || outcome.includes('pending'));
  return stands(latest, { outcome: outcome?.filter((one) => one !== 'pending'), status });
}

/** Notes each listed event. */
function noting(known: Map<string, PosthornEvent>, events: EventList): EventList {
  return {
    async list(filter, page) {
      const found = await events.list(filter, page);
      for (const { event } of found.items) known.set(event.id, event);
      return found;
    },
  };
}

/** The cursor of the place behind this delivery. */
function behind(place: DeliveryPlace): string {
  return writeWalkCursor({ ...place, before: `${place.event}#` });
}

/** The place in the failures of an organization; without `inner`, behind all of them. */
function place(organization: string, inner = ''): string {
  // Cursors allow no empty member.
  return writeCursor({ organization, inner: `:${inner}` });
}

function readPlace(cursor: string): { organization: string; inner?: string } {
  const { organization, inner } = readCursor(cursor, ['organization', 'inner']);
  return { organization, ...(inner.length > 1 && { inner: inner.slice(1) }) };
}
