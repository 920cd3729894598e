import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import {
  dayBuckets,
  eventIdMs,
  eventIdsAt,
  isAcceptedBy,
  startOfDay,
  timeBucket,
} from '../../lambdas/domain/ulid-time.ts';

const time = fc.integer({ min: 1, max: 2 ** 48 - 1 });

describe('times inside event ids', () => {
  it('reads the time that the id was made with', () => {
    fc.assert(fc.property(time, (ms) => void expect(eventIdMs(`evt_${ulid(ms)}`)).toBe(ms)));
  });

  it('tells whether it was accepted by then', () => {
    const id = `evt_${ulid(1000)}`;
    expect([999, 1000, 1001].map((ms) => isAcceptedBy(id, ms))).toEqual([false, true, true]);
  });

  it('puts every id of a millisecond between the first and the last of it', () => {
    fc.assert(
      fc.property(time, (ms) => {
        const id = `evt_${ulid(ms)}`;
        const { first, last } = eventIdsAt(ms);
        expect(first <= id && id <= last).toBe(true);
        expect([eventIdMs(first), eventIdMs(last)]).toEqual([ms, ms]);
      }),
    );
  });

  it.each([
    'evt_',
    'evt_01HZ',
    'sub_01HZZZZZZZZZZZZZZZZZZZZZZZ',
    'evt_81HZZZZZZZZZZZZZZZZZZZZZZZ',
    'evt_01hzzzzzzzzzzzzzzzzzzzzzzz',
  ])('finds no time in %s', (id) => {
    expect(eventIdMs(id)).toBeUndefined();
    expect(timeBucket(id)).toBeUndefined();
    expect(isAcceptedBy(id, Number.MAX_VALUE)).toBe(false);
  });

  it('puts an event into one of its own day’s ten buckets, and uses them all', () => {
    const ms = Date.UTC(2026, 0, 31, 23, 59, 59, 999);
    const used = new Set(Array.from({ length: 1_000 }, () => timeBucket(`evt_${ulid(ms)}`)));
    expect([...used].sort()).toEqual(dayBuckets(ms));
    expect(dayBuckets(ms)[3]).toBe('2026-01-31#3');
  });

  it('starts a day at midnight UTC', () => {
    expect(startOfDay(Date.UTC(2026, 0, 31, 23, 59))).toBe(Date.UTC(2026, 0, 31));
  });
});
