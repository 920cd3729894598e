// Times inside ULIDs (https://github.com/ulid/spec): the first 10 of 26 characters are milliseconds since the epoch in
// Crockford's base 32, so ids sort by time as text.

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
/** An event's id. */
export const EVENT_ID = /^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const PREFIX = 'evt_';
const DAY_MS = 86_400_000;
/** The last millisecond that a ULID can hold: 48 bits. */
const LATEST_MS = 2 ** 48 - 1;

/** In how many shards the index of events by time splits a day: 10 × 1,000 writes a second. */
export const TIME_SHARDS = 10;

/** Milliseconds since the epoch at which an event's id was made, or undefined if it is no `evt_` + ULID. */
export function eventIdMs(id: string): number | undefined {
  return EVENT_ID.test(id) ? ulidMs(id.slice(PREFIX.length)) : undefined;
}

/** Whether an event was accepted by then. What is no event's id was not: whoever deletes old events must not take it. */
export function isAcceptedBy(id: string, ms: number): boolean {
  return (eventIdMs(id) ?? Infinity) <= ms;
}

/** The smallest and the largest id that an event of this millisecond can have. Times outside a ULID's reach are clamped. */
export function eventIdsAt(ms: number): { first: string; last: string } {
  const time = ulidTime(ms);
  return { first: `${PREFIX}${time}${'0'.repeat(16)}`, last: `${PREFIX}${time}${'Z'.repeat(16)}` };
}

/** Milliseconds since the epoch inside a well-formed ULID. */
export function ulidMs(ulid: string): number {
  let ms = 0;
  for (const digit of ulid.slice(0, TIME_LENGTH)) ms = ms * 32 + DIGITS.indexOf(digit);
  return ms;
}

/** The ten characters with which every ULID of this millisecond begins. Times outside a ULID's reach are clamped. */
export function ulidTime(ms: number): string {
  return base32(BigInt(Math.min(Math.max(Math.trunc(ms), 0), LATEST_MS)), TIME_LENGTH);
}

/**
 * The ULID of something that has a number of its own already: the same time and number always give the same ULID, and
 * greater numbers of the same millisecond greater ULIDs.
 * @param number only its last 80 bits fit in.
 */
export function ulidOf(ms: number, number: bigint): string {
  return ulidTime(ms) + base32(number, RANDOM_LENGTH);
}

function base32(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < length; i++) {
    text = DIGITS[Number(rest % 32n)]! + text;
    rest /= 32n;
  }
  return text;
}

/** The day of a time, UTC, as `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The first millisecond of the day of a time, UTC. */
export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** The partitions of the index `by-time` that hold a day's events. */
export function dayBuckets(ms: number): string[] {
  return Array.from({ length: TIME_SHARDS }, (_, shard) => `${dayOf(ms)}#${shard}`);
}

/**
 * The partition of the index `by-time` that holds an event: `<day of its id>#<shard>`, so that the id alone finds it.
 * @returns undefined when the id is no `evt_` + ULID.
 */
export function timeBucket(id: string): string | undefined {
  const ms = eventIdMs(id);
  if (ms === undefined) return undefined;
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) >>> 0;
  return `${dayOf(ms)}#${hash % TIME_SHARDS}`;
}
