import { describe, expect, it } from 'vitest';
import { timeWords } from '../../src/ui/time-words.ts';
import { fromZoned, isZone, toZoned } from '../../src/ui/zoned.ts';

const at = (iso: string): number => Date.parse(iso);

describe('a time in a zone', () => {
  it.each([
    ['2026-11-29T08:15:00Z', 'Europe/Berlin', '2026-11-29T09:15:00'],
    ['2026-07-01T22:30:05Z', 'Europe/Berlin', '2026-07-02T00:30:05'],
    ['2026-11-29T19:00:00Z', 'Asia/Kathmandu', '2026-11-30T00:45:00'],
    ['2026-11-29T00:00:00Z', 'UTC', '2026-11-29T00:00:00'],
  ])('%s in %s is %s, and back again', (iso, zone, shown) => {
    expect(toZoned(at(iso), zone)).toBe(shown);
    expect(fromZoned(shown, zone)).toBe(at(iso));
  });

  it('is read right on both sides of a clock being moved', () => {
    // Berlin: 2026-03-29 02:00 became 03:00, 2026-10-25 03:00 became 02:00.
    const typed = ['2026-03-29T01:59', '2026-03-29T03:00', '2026-10-25T01:59', '2026-10-25T03:00'];

    expect(typed.map((text) => new Date(fromZoned(text, 'Europe/Berlin')!).toISOString())).toEqual([
      '2026-03-29T00:59:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-10-24T23:59:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ]);
  });

  it.each(['', 'soon', '2026-13-01T00:00'])('is none in %j', (text) => {
    expect(fromZoned(text, 'UTC')).toBeUndefined();
  });

  it('is refused in a zone that this browser does not know', () => {
    expect([isZone('Europe/Berlin'), isZone('Mars/Olympus')]).toEqual([true, false]);
  });
});

describe('a time in words', () => {
  const now = at('2026-11-29T19:00:00Z');

  it('leaves today’s day out, and this year', () => {
    expect(timeWords(at('2026-11-29T08:15:00Z'), 'UTC', now).short).toBe('08:15:00');
    expect(timeWords(at('2026-11-28T08:15:00Z'), 'UTC', now).short).toBe('Nov 28, 08:15:00');
    expect(timeWords(at('2025-11-28T08:15:00Z'), 'UTC', now).short).toBe('Nov 28, 2025, 08:15:00');
  });

  it('goes by the day of the zone, not of UTC', () => {
    // In Kathmandu it is the 30th already.
    expect(timeWords(at('2026-11-29T08:15:00Z'), 'Asia/Kathmandu', now).short).toBe('Nov 29, 14:00:00');
  });

  it('has milliseconds and the zone in full', () => {
    expect(timeWords(at('2026-11-29T08:15:00.123Z'), 'Europe/Berlin', now).full).toBe('11/29/2026, 09:15:00.123 GMT+1');
  });
});
