import type { PosthornEvent } from '../../domain/event.ts';
import type { FormatName } from '../../domain/formats/names.ts';
import { timeBucket } from '../../domain/ulid-time.ts';
import type { Match } from '../events.ts';

/** DynamoDB's limit of an item is 409,600 bytes of names and values; the rest is room for what is not counted here. */
const ITEM_BYTES = 390_000;

/** Ids of the subscriptions that matched, by their format, joined by blanks: a list of them costs ten times the CPU. */
type Matched = Partial<Record<FormatName, string>>;

/** An event in the table `Events`. */
export interface EventItem extends PosthornEvent {
  /** Partition of the index `by-time`. */
  bucket: string;
  /** Partition of the sparse index `by-resource`: the `resource_id`, of an event that has one. */
  resource?: string;
  /** Its place in there, see {@link resourcePlace}. */
  resource_place?: string;
  matched: Matched;
  /** Which of them a replay added, as `<subscription>:<replay>`, joined by blanks. */
  missed?: string;
  /** Where further matches lie, when not all fit into this item. */
  overflow?: Overflow;
  expires_at: number;
}

interface Overflow {
  parts: number;
  /** Says which run of fan-out wrote the parts: two runs at once must not mix theirs. */
  run: string;
}

/** Further matches of an event, under a key that no list of events reaches. */
export interface OverflowItem {
  organization: string;
  id: string;
  matched: Matched;
  missed?: string;
  expires_at: number;
}

/**
 * Where an event stands among those of its resource's id: each organization's lie together, by time. `#` is in no
 * organization's name, and sorts before every character of one.
 */
export function resourcePlace({ organization, id }: { organization: string; id: string }): string {
  return `${organization}#${id}`;
}

/** Key of one overflow item, from 1. The partition's `#` is in no organization's name. */
export function overflowKey({ organization, id }: { organization: string; id: string }, run: string, part: number) {
  return { organization: `${organization}#matched`, id: `${id}#${String(part).padStart(4, '0')}#${run}` };
}

/** Keys of all overflow items of an event. */
export function overflowKeys(item: Pick<EventItem, 'organization' | 'id' | 'overflow'>) {
  const { parts, run } = item.overflow ?? { parts: 0, run: '' };
  return Array.from({ length: parts }, (_, index) => overflowKey(item, run, index + 1));
}

/**
 * An event and its matches as items: as many matches beside the event as fit, the others in overflow items.
 * @param run any text that no other call uses.
 * @throws when the event's id is no `evt_` + ULID.
 */
export function toItems(
  event: PosthornEvent,
  matches: readonly Match[],
  { expiresAt, run }: { expiresAt: number; run: string },
): { main: EventItem; overflow: OverflowItem[] } {
  const bucket = timeBucket(event.id);
  if (bucket === undefined) throw new Error(`Expected an event id as evt_<ULID>, got ${event.id.slice(0, 40)}.`);
  const room =
    ITEM_BYTES - Buffer.byteLength(JSON.stringify({ ...event, data: undefined })) - Buffer.byteLength(event.data ?? '');
  const [first = {}, ...others] = split(matches, room);
  const overflow = others.map((matched, index) => ({
    ...overflowKey(event, run, index + 1),
    matched,
    expires_at: expiresAt,
  }));
  const main: EventItem = {
    ...event,
    bucket,
    // An empty one is accepted, and cannot be asked for.
    ...(event.resource_id ? { resource: event.resource_id, resource_place: resourcePlace(event) } : {}),
    matched: first,
    expires_at: expiresAt,
    ...(overflow.length > 0 && { overflow: { parts: overflow.length, run } }),
  };
  return { main, overflow };
}

/** Matches in portions: the first of at most `room` bytes, the others of {@link ITEM_BYTES}. Ids are ASCII. */
function split(matches: readonly Match[], room: number): Matched[] {
  const portions: Partial<Record<FormatName, string[]>>[] = [{}];
  let left = room;
  for (const { subscription, format } of matches) {
    const bytes = subscription.length + 1;
    if (bytes > left) {
      portions.push({});
      left = ITEM_BYTES;
    }
    left -= bytes;
    (portions.at(-1)![format] ??= []).push(subscription);
  }
  return portions.map(
    (portion) => Object.fromEntries(Object.entries(portion).map(([format, ids]) => [format, ids.join(' ')])) as Matched,
  );
}

/** The event of an item, without what the table adds. */
export function toEvent(item: EventItem): PosthornEvent {
  const {
    bucket: _bucket,
    resource: _resource,
    resource_place: _place,
    matched: _matched,
    missed: _missed,
    overflow: _overflow,
    expires_at: _expires,
    ...event
  } = item;
  return event;
}

/** The matches of an item or of an overflow item. */
export function toMatches({ matched, missed }: Pick<OverflowItem, 'matched' | 'missed'>): Match[] {
  const replays = new Map(missed?.split(' ').map((mark) => mark.split(':') as [string, string]));
  return (Object.entries(matched) as [FormatName, string][]).flatMap(([format, ids]) =>
    ids.split(' ').map((subscription) => {
      const replay = replays.get(subscription);
      return replay === undefined ? { subscription, format } : { subscription, format, replay };
    }),
  );
}

/** The mark of a match that a replay added. */
export function markOf({ subscription, replay }: Required<Match>): string {
  return `${subscription}:${replay}`;
}

/** Whether one more match fits beside an event. */
export function hasRoom(item: EventItem, match: Required<Match>): boolean {
  const { data = '', ...others } = item;
  const bytes = Buffer.byteLength(JSON.stringify(others)) + Buffer.byteLength(data);
  return bytes + 2 * markOf(match).length <= ITEM_BYTES;
}
