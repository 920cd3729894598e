import type { EventStore } from '../events.ts';

/** A place in the log of all subscriptions, event by event. */
export interface DeliveryPlace {
  /** Page of the event store that holds the event; empty: the first. */
  page: string;
  event: string;
  subscription: string;
  /** Key of the attempt shown last; `<event>#`: all of them were. */
  before?: string;
}

const EVENTS_PER_READ = 20;
/** Pages of events without any delivery to look at that one call skips. */
const EMPTY_READS = 10;

/** Events as if they had matched one subscription only; undefined: all that they matched. */
export function deliveriesTo(
  subscription: string | undefined,
  events: Pick<EventStore, 'list'>,
): Pick<EventStore, 'list'> {
  if (subscription === undefined) return events;
  return {
    async list(filter, page) {
      const found = await events.list(filter, page);
      const items = found.items.map(({ event, matched }) => ({
        event,
        matched: matched.filter((one) => one === subscription),
      }));
      return { ...found, items };
    },
  };
}

type Step = DeliveryPlace | { paused: DeliveryPlace };

/**
 * Every delivery, newest event first, then in the order in which its subscriptions matched; each row of the log
 * belongs to one. Pauses when many pages of events held nothing.
 * @param start where the page before ended.
 */
export async function* walkDeliveries(
  events: Pick<EventStore, 'list'>,
  filter: Parameters<EventStore['list']>[0],
  start: DeliveryPlace | undefined,
): AsyncGenerator<Step, void> {
  let page = start?.page ?? '';
  let resume = start;
  for (let empty = 0; ;) {
    const { items, next } = await events.list(filter, {
      limit: EVENTS_PER_READ,
      ...(page === '' ? {} : { cursor: page }),
    });
    let found = false;
    for (const { event, matched } of items) {
      if (resume && event.id > resume.event) continue;
      if (resume?.event !== event.id) resume = undefined;
      const from = resume ? Math.max(matched.indexOf(resume.subscription), 0) : 0;
      for (const subscription of matched.slice(from)) {
        const before = resume?.subscription === subscription ? resume.before : undefined;
        found = true;
        yield { page, event: event.id, subscription, before };
      }
      resume = undefined;
    }
    if (next === undefined) return;
    page = next;
    empty = found ? 0 : empty + 1;
    // `~` sorts after every id: the whole of that page is still to come.
    if (empty >= EMPTY_READS) yield { paused: { page, event: '~', subscription: '' } };
  }
}

/** The next deliveries; `end` when there are no more for now (a place to go on from) or at all. */
export async function take(
  walk: AsyncGenerator<Step, void>,
  count: number,
): Promise<{ places: DeliveryPlace[]; end?: DeliveryPlace | 'finished' }> {
  const places: DeliveryPlace[] = [];
  while (places.length < count) {
    const { value, done } = await walk.next();
    if (done) return { places, end: 'finished' };
    if ('paused' in value) return { places, end: value.paused };
    places.push(value);
  }
  return { places };
}
